// Tests of the examples' coverage scripts: which runs count, and what the report says of them.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { needs } from '../support/needs.js';
import { makeTempDir } from '../support/temp-dir.js';
import { EXAMPLES, runProgram, type Ended } from './example-tools.js';

const { it } = needs('awk', 'find');

/** One run's coverage of two bins, as a bench writes it. */
function coverageOf(hits: number, verdict = 'passed'): string {
  return (
    `fcov 1\ntest t\nseed 1\nbin level_cg.level.empty ${String(hits)}\nbin clear_cg.op.busy 0\n` +
    `verdict ${verdict}\nend 2\n`
  );
}

/** Makes a database with one directory a run; a run whose text is undefined has written nothing. */
function makeDatabase(path: string, runs: Readonly<Record<string, string | undefined>>): void {
  for (const [name, text] of Object.entries(runs)) {
    mkdirSync(join(path, name), { recursive: true });
    if (text !== undefined) writeFileSync(join(path, name, 'fcov.txt'), text);
  }
}

function script(cwd: string, name: string, ...args: readonly string[]): Ended {
  return runProgram(cwd, ['sh', join(EXAMPLES, 'dv/cov', name), ...args]);
}

it('adds up the runs that passed and names the others with the reason', () => {
  const cwd = makeTempDir();
  const whole = coverageOf(3);
  makeDatabase(join(cwd, 'default'), {
    a: whole,
    b: coverageOf(9, 'failed'),
    c: whole.slice(0, whole.indexOf('end')),
    d: '',
    e: undefined,
  });
  makeDatabase(join(cwd, 'deep'), { f: coverageOf(0), g: coverageOf(4) });
  expect(script(cwd, 'merge.sh', 'out', 'default', 'deep')).toEqual({
    code: 0,
    stderr: '',
    stdout: [
      'skipped default/b: the run did not pass',
      'skipped default/c: torn file',
      'skipped default/d: torn file',
      'skipped default/e: the run wrote no coverage',
      'merged functional coverage of 3 runs (4 skipped): 2 bins',
      '',
    ].join('\n'),
  });
  expect(readFileSync(join(cwd, 'out/fcov.txt'), 'utf8')).toBe(
    'fcov-merged 1\nruns 3\nbin level_cg.level.empty 7 2\nbin clear_cg.op.busy 0 0\nend 2\n',
  );
  expect(readFileSync(join(cwd, 'out/runs.txt'), 'utf8')).toBe('deep/f\ndeep/g\ndefault/a\n');
});

it('fails when no run counts, and leaves no older merge behind', () => {
  const cwd = makeTempDir();
  makeDatabase(join(cwd, 'default'), { a: coverageOf(1, 'failed') });
  mkdirSync(join(cwd, 'out'));
  writeFileSync(join(cwd, 'out/fcov.txt'), 'of yesterday');
  const { code, stderr } = script(cwd, 'merge.sh', 'out', 'default', 'not-there');
  expect(code).toBe(1);
  expect(stderr).toBe(
    'no coverage in not-there\nERROR: merge.awk: no run with coverage that counts (1 skipped)\n',
  );
  expect(existsSync(join(cwd, 'out/fcov.txt'))).toBe(false);
});

it('leaves out a torn code coverage file, which the tool itself would merge without a word', () => {
  const cwd = makeTempDir();
  makeDatabase(join(cwd, 'default'), { a: coverageOf(1) });
  writeFileSync(join(cwd, 'default/a/coverage.dat'), "# SystemC::Coverage-3\nC 'x' 1\n");
  writeFileSync(join(cwd, 'default/a/coverage.dat.size'), '4096\n');
  const { code, stdout } = script(cwd, 'merge.sh', 'out', 'default');
  expect(code).toBe(0);
  expect(stdout).toContain('skipped default/a/coverage.dat: torn\n');
  expect(existsSync(join(cwd, 'out/merged.dat'))).toBe(false);
});

it('reports each group, what was never hit, and a total', () => {
  const cwd = makeTempDir();
  makeDatabase(join(cwd, 'default'), { a: coverageOf(2) });
  script(cwd, 'merge.sh', 'merged', 'default');
  const { code, stdout } = script(cwd, 'report.sh', 'merged', 'report');
  expect(code).toBe(0);
  expect(stdout.split('\n')).toEqual([
    'Functional coverage of 1 run',
    '',
    'covergroup                 bins    hit  percent',
    'level_cg                      1      1   100.00',
    'clear_cg                      1      0     0.00',
    '',
    'Never hit:',
    '  clear_cg.op.busy',
    '',
    'Total coverage summary',
    '  SCORE   GROUP',
    '  50.00   50.00',
    '',
  ]);
  expect(readFileSync(join(cwd, 'report/summary.txt'), 'utf8')).toBe(stdout);
});

it('does not report a merge that is torn or absent', () => {
  const cwd = makeTempDir();
  mkdirSync(join(cwd, 'merged'));
  expect(script(cwd, 'report.sh', 'merged', 'report').stderr).toBe(
    'ERROR: report.sh: no merged coverage in merged\n',
  );
  writeFileSync(join(cwd, 'merged/fcov.txt'), 'fcov-merged 1\nruns 1\nbin a.b.c 1 1\nend 2\n');
  const { code, stderr } = script(cwd, 'report.sh', 'merged', 'report');
  expect({ code, stderr }).toEqual({
    code: 1,
    stderr: 'ERROR: report.awk: the merged coverage is torn\n',
  });
  expect(existsSync(join(cwd, 'report/summary.txt'))).toBe(false);
});
