// Tests of the names made safe for the file system.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { safePathName } from '../../src/util/safe-path-name.js';

describe('safePathName', () => {
  test.each(['uart_smoke', '0.uart_smoke.123', 'uart.default-sim,x=1+2@3', '_', 'A'.repeat(180)])(
    'keeps %j as it is',
    (name) => {
      expect(safePathName(name)).toBe(name);
    },
  );

  test.each([
    ['', '_'],
    ['.', '_'],
    ['..', '_'],
    ['../../etc/passwd', '__.._etc_passwd'],
    ['/abs/path', '_abs_path'],
    ['.regatta', '_regatta'],
    ['-rf', '_rf'],
    ['a b\tc', 'a_b_c'],
    ['two\nlines', 'two_lines'],
    ['nul\0', 'nul_'],
    ['größe', 'gr_e'],
    ['测试', '_'],
    ['a~b', 'a_b'],
    ['passed', 'passed'],
    ['A'.repeat(181), 'A'.repeat(180)],
  ])('makes %j safe', (name, readable) => {
    expect(safePathName(name)).toMatch(/~[0-9a-f]{12}$/);
    expect(safePathName(name).slice(0, -13)).toBe(readable);
  });

  test('is the same every time', () => {
    expect(safePathName('a/b')).toBe('a_b~6df7cee24c76');
  });

  test('tells names apart that read alike', () => {
    const names = ['a/b', 'a b', 'a_b', 'a//b', safePathName('a/b'), 'a\ud800b', 'a\ud801b', 'a\ufffdb'];
    expect(new Set(names.map(safePathName)).size).toBe(names.length);
  });

  test('gives any name one harmless component', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (name) => {
        expect(safePathName(name)).toMatch(/^[A-Za-z0-9_][A-Za-z0-9_.,+=@~-]{0,192}$/);
      }),
      { seed: 1 },
    );
  });
});
