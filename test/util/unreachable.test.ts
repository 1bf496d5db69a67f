// Tests of the end of a switch, reached only when the types lied.
import { expect, test } from 'vitest';
import { unreachable } from '../../src/util/unreachable.js';

test('shows the value that no case handled', () => {
  const lie = { kind: 'new-kind' } as never;
  expect(() => unreachable(lie)).toThrow('Unreachable case: {"kind":"new-kind"}');
});
