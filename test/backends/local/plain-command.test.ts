// Which command lines are run without a shell: only those that a shell would treat just so.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PlainCommandReader } from '../../../src/backends/local/plain-command.js';
import { makeTempDir } from '../../support/temp-dir.js';

/** A search path of two directories; in the first, what bears the names of programs is none. */
function makeSearchPath(): { readonly path: string; readonly programs: string } {
  const dir = makeTempDir();
  const first = join(dir, 'first');
  const programs = join(dir, 'second');
  for (const folder of [first, programs, join(first, 'tool')]) mkdirSync(folder);
  writeFileSync(join(first, 'simv'), 'not executable', { mode: 0o644 });
  for (const name of ['simv', 'tool', 'test', 'echo', 'if'])
    writeFileSync(join(programs, name), '', { mode: 0o755 });
  return { path: `${first}:${programs}`, programs };
}

/** Commands, by what in them is the shell's business. */
const SHELL_COMMANDS: readonly string[] = [
  ...['simv > log', 'simv <a', 'simv; simv', 'simv & simv', 'simv | simv', 'simv\nsimv', 'simv (a)'],
  ...['simv $X', 'simv `x`', 'simv "a"', "simv 'a'", 'simv a\\b', 'simv #x', 'simv !x', 'simv ^a'],
  ...['simv *', 'simv a?', 'simv [a]', 'simv ~', 'simv {a,b}', 'simv\ta', 'simv ü', ' simv', 'simv '],
  ...['A=1 simv', 'test a', 'echo a', 'if a', '. simv', ': a', 'exit 3', 'cd /', 'absent', ''],
];

describe('PlainCommandReader', () => {
  it('splits plain words, and finds the first program of that name', () => {
    const { path, programs } = makeSearchPath();
    const reader = new PlainCommandReader();
    expect(reader.read('simv  +seed=7 -l a.log --x=1,2:3 %m @file', path)).toEqual({
      program: join(programs, 'simv'),
      argv: ['simv', '+seed=7', '-l', 'a.log', '--x=1,2:3', '%m', '@file'],
    });
    expect(reader.read('tool', path)?.program).toBe(join(programs, 'tool'));
  });

  it('takes a path as it is', () => {
    expect(new PlainCommandReader().read('./simv a', '')).toEqual({
      program: './simv',
      argv: ['./simv', 'a'],
    });
  });

  it.each(SHELL_COMMANDS)('leaves %j to the shell', (cmd) => {
    expect(new PlainCommandReader().read(cmd, makeSearchPath().path)).toBeUndefined();
  });

  it('leaves search paths with relative directories to the shell', () => {
    const { path } = makeSearchPath();
    for (const searchPath of [`${path}:.`, `:${path}`, `${path}:bin`, undefined])
      expect(new PlainCommandReader().read('simv', searchPath)).toBeUndefined();
  });

  it('finds a program that was not there at first', () => {
    const dir = makeTempDir();
    const reader = new PlainCommandReader();
    expect(reader.read('late', dir)).toBeUndefined();
    writeFileSync(join(dir, 'late'), '', { mode: 0o755 });
    expect(reader.read('late', dir)?.program).toBe(join(dir, 'late'));
  });
});
