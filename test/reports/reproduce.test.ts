// Holds the command to reproduce a job to what it promises, by giving it to a real shell.
import { execFileSync } from 'node:child_process';
import { mkdirSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatReproduceCommand } from '../../src/reports/reproduce.js';
import { quoteForShell } from '../../src/util/quote-for-shell.js';
import { makeSpec } from '../support/job-spec.js';
import { makeTempDir } from '../support/temp-dir.js';

function sh(command: string): string {
  return execFileSync('/bin/sh', ['-c', command], { encoding: 'utf8' });
}

describe('formatReproduceCommand', () => {
  test('is short for a simple job', () => {
    const spec = makeSpec('a', { odir: '/s/a', cmd: 'vvp tb.vvp +seed=3' });
    expect(formatReproduceCommand(spec)).toBe('(cd /s/a || exit; vvp tb.vvp +seed=3)');
  });

  test.each([
    ['printf "%s|" "$PWD" "$A" "$B"'],
    ['printf "%s|" "$PWD" "$A" "$B" # a comment'],
    ['# first a comment\nprintf "%s|" "$PWD" "$A" "$B"'],
    ['true & printf "%s|" "$PWD" "$A" "$B"; wait'],
    ['false || printf "%s|" "$PWD" "$A" "$B"'],
  ])('runs in the directory and environment of the job: %j', (cmd) => {
    const odir = join(makeTempDir(), `it's "odd" $HOME`);
    mkdirSync(odir);
    const spec = makeSpec('a', { odir, cmd, exports: { A: "x y'z", B: '$(false) `false` \\' } });
    expect(sh(`${formatReproduceCommand(spec)}; printf after`)).toBe(
      `${realpathSync(odir)}|x y'z|$(false) \`false\` \\|after`,
    );
  });

  test.each([['echo ran'], ['true; echo ran'], ['true || echo no; echo ran'], ['true & echo ran']])(
    'runs nothing where the directory of the job is gone: %j',
    (cmd) => {
      const spec = makeSpec('a', { odir: join(makeTempDir(), 'gone'), cmd, exports: { A: '1' } });
      expect(sh(`${formatReproduceCommand(spec)} 2>/dev/null || echo refused`)).toBe('refused\n');
    },
  );

  test('means the same to a shell that has a history', () => {
    const spec = makeSpec('a', { odir: makeTempDir(), cmd: 'echo a!echo' });
    const typed = `set -o history -o histexpand\n${formatReproduceCommand(spec)}\n`;
    expect(execFileSync('bash', { input: typed, encoding: 'utf8' })).toBe('a!echo\n');
  });

  test.each([
    ['a very long command', `echo ${'x'.repeat(700)}`],
    ['control characters', 'printf "\u001b[2J"'],
  ])('gives way to the script of the job for %s', (_, cmd) => {
    const spec = makeSpec('a', { odir: '/s/a', cmd });
    expect(formatReproduceCommand(spec, '/s/a b/run')).toBe("sh '/s/a b/run'");
    expect(formatReproduceCommand(spec)).toBe(`(cd /s/a || exit; ${cmd})`);
  });
});

describe('quoteForShell', () => {
  test('makes one word of any text, for a real shell', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: 'grapheme', maxLength: 10 }), { minLength: 1, maxLength: 30 }),
        (texts) => {
          const words = texts.map((text) => text.replaceAll('\0', ''));
          expect(sh(`printf '%s\\0' ${words.map(quoteForShell).join(' ')}`)).toBe(
            words.map((word) => `${word}\0`).join(''),
          );
        },
      ),
      { numRuns: 50, seed: 20261124 },
    );
  });
});
