// Suggestions for mistyped names: close ones only.
import { expect, test } from 'vitest';
import { nearestName } from '../../src/util/nearest.js';

test.each([
  ['slrum', ['local', 'slurm', 'sge'], 'slurm'],
  ['dependancies', ['dependencies', 'deps'], 'dependencies'],
  ['cmd', ['cmd', 'cmds'], 'cmd'],
  ['cmds', ['odir', 'cmd'], 'cmd'],
  ['abc', ['acb', 'abd', 'xyz'], 'acb'],
  ['abc', ['abd', 'acb', 'xyz'], 'abd'],
  ['ab', ['ac'], undefined],
  ['lcoal', ['local'], 'local'],
  ['locla', ['local'], 'local'],
  ['uart_1', ['uart_2', 'uart_3'], 'uart_2'],
  ['weight', ['timeout_mins', 'x'], undefined],
  ['a', ['xyz'], undefined],
  ['abc', ['abdd'], undefined],
  ['anything', [], undefined],
  ['', ['a', 'ab'], undefined],
] as const)('%j among %j: %j', (name, candidates, expected) => {
  expect(nearestName(name, candidates)).toBe(expected);
});
