// Tests of the examples' makefile: which commands it runs, where, and what a failing one does.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { needs } from '../support/needs.js';
import { makeTempDir } from '../support/temp-dir.js';
import { EXAMPLES, runProgram, type Ended } from './example-tools.js';

const { it } = needs('make');

function make(cwd: string, target: string, variables: Readonly<Record<string, string>>): Ended {
  const assignments = Object.entries(variables).map(([name, value]) => `${name}=${value}`);
  return runProgram(cwd, ['make', '-f', join(EXAMPLES, 'dv/sim.mk'), target, ...assignments]);
}

it('build runs its steps in order in the build directory, which it creates', () => {
  const cwd = makeTempDir();
  const build_dir = join(cwd, "it's the build");
  const { code } = make(cwd, 'build', {
    build_dir,
    pre_build_cmds: 'echo first >log && echo second >>log',
    sv_flist_gen_cmd: 'printf',
    sv_flist_gen_opts: "'%s\\n' a.sv b.sv >>log",
    build_cmd: 'echo',
    build_opts: `-D'TWO  WORDS' "it's" >>log`,
    post_build_cmds: 'pwd >>log',
  });
  expect(code).toBe(0);
  expect(readFileSync(join(build_dir, 'log'), 'utf8').split('\n')).toEqual([
    'first',
    'second',
    'a.sv',
    'b.sv',
    "-DTWO  WORDS it's",
    build_dir,
    '',
  ]);
});

it('run stops at the first command that fails', () => {
  const run_dir = makeTempDir();
  const { code } = make(run_dir, 'run', {
    run_dir,
    run_cmd: 'echo ran >log; exit 7;',
    post_run_cmds: 'echo after >>log',
  });
  expect(code).toBe(2);
  expect(readFileSync(join(run_dir, 'log'), 'utf8')).toBe('ran\n');
});

it('a missing variable is named before anything runs', () => {
  const { code, stdout, stderr } = make(makeTempDir(), 'run', { run_cmd: 'echo hello' });
  expect(code).toBe(2);
  expect(stdout).toBe('');
  expect(stderr).toContain('run: the variable run_dir is missing');
});
