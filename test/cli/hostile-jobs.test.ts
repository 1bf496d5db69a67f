// Jobs that go wrong in the run itself, through the real command: each ends alone, with its reason, inside its place.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, it } from 'vitest';
import { readResults, regatta, regattaAfter, writeJobs } from '../support/command.js';
import { eventually } from '../support/eventually.js';
import { findProcesses } from '../support/find-processes.js';
import { makeTempDir } from '../support/temp-dir.js';

const QUIET = ['--status', 'none'];

/** What became of each job of the last run, by name; the folder's path as DIR. */
function fatesIn(dir: string): Record<string, string> {
  return Object.fromEntries(
    readResults(dir).jobs.map(({ full_name, status, reason }) => [
      full_name,
      reason === null ? status : `${status}: ${reason.kind}: ${reason.message.replaceAll(dir, 'DIR')}`,
    ]),
  );
}

it('a place that cannot be made, or vanishes while the run goes on', async () => {
  const dir = makeTempDir();
  writeFileSync(join(dir, 'file'), 'mine');
  mkdirSync(join(dir, 'log-dir'));
  execFileSync('/bin/sh', ['-c', 'mkfifo "$0"', join(dir, 'pipe')]);
  const box = join(dir, 'box');
  const jobs = writeJobs(dir, [
    { full_name: 'below-a-file', cmd: 'true', odir: 'file/below' },
    { full_name: 'is-a-file', cmd: 'true', odir: 'file' },
    { full_name: 'log-is-a-dir', cmd: 'true', log_path: 'log-dir' },
    { full_name: 'log-is-a-pipe', cmd: 'true', log_path: 'pipe' },
    { full_name: 'log-below-a-file', cmd: 'true', log_path: 'file/x.log' },
    { full_name: 'burns-its-own', cmd: 'rm -rf "$PWD"; echo still here', odir: 'burnt' },
    { full_name: 'replaces', cmd: 'rm -rf ../box; : > ../box', odir: 'other', deps: ['in-the-box'] },
    { full_name: 'in-the-box', cmd: 'true', odir: join(box, 'first') },
    { full_name: 'finds-no-box', cmd: 'true', odir: join(box, 'second'), deps: ['replaces'] },
    { full_name: 'bystander', cmd: 'true', deps: ['replaces'] },
  ]);
  const { code, stderr } = await regatta(dir, 'run', jobs, ...QUIET);
  expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
  const isNone = 'a part of the path is not a directory (ENOTDIR)';
  expect(fatesIn(dir)).toEqual({
    'below-a-file': `failed: launch-error: cannot make the output directory DIR/file/below: ${isNone}`,
    'is-a-file':
      'failed: launch-error: cannot make the output directory DIR/file: a file of that name is in the way (EEXIST)',
    'log-is-a-dir': 'failed: launch-error: cannot write the log DIR/log-dir: it is a directory (EISDIR)',
    'log-is-a-pipe': 'failed: launch-error: cannot write the log DIR/pipe: it is a named pipe',
    'log-below-a-file':
      "failed: launch-error: cannot make the log's directory DIR/file: a file of that name is in the way (EEXIST)",
    'burns-its-own': 'passed',
    replaces: 'passed',
    'in-the-box': 'passed',
    'finds-no-box': `failed: launch-error: cannot make the output directory DIR/box/second: ${isNone}`,
    bystander: 'passed',
  });
  expect(readFileSync(join(dir, 'file'), 'utf8')).toBe('mine');
  expect(readdirSync(dir).sort()).toEqual([
    'box',
    'file',
    'jobs.jsonl',
    'log-dir',
    'other',
    'pipe',
    'scratch',
  ]);
});

it('an environment of 3 MB', async () => {
  const dir = makeTempDir();
  const exports = Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`V${i}`, 'x'.repeat(100_000)]));
  const jobs = writeJobs(dir, [
    { full_name: 'huge', cmd: 'true', exports },
    { full_name: 'waits', cmd: 'true', deps: ['huge'] },
    { full_name: 'ok', cmd: 'true' },
  ]);
  expect((await regatta(dir, 'run', jobs, ...QUIET)).code).toBe(1);
  const message = expect.stringMatching(
    /^failed: launch-error: its command and exports \(3000\d{3} bytes, beside the run's own environment\) are more than the system can pass to a process \(E2BIG\)$/,
  ) as string;
  expect(fatesIn(dir)).toEqual({
    huge: message,
    waits: expect.stringContaining('killed: dependency: dependency huge failed: ') as string,
    ok: 'passed',
  });
});

it('commands that are none, and logs that are gone when they are wanted', async () => {
  const dir = makeTempDir();
  const jobs = writeJobs(dir, [
    { full_name: 'missing', cmd: '/no/such/binary --help' },
    { full_name: 'not-executable', cmd: './run.log' },
    { full_name: 'no-syntax', cmd: 'if then (' },
    { full_name: 'log-removed', cmd: 'rm run.log', pass_patterns: ['.'] },
    { full_name: 'log-replaced', cmd: 'rm run.log; mkdir run.log', fail_patterns: ['.'] },
    { full_name: 'log-not-wanted', cmd: 'rm run.log' },
    { full_name: 'raw', cmd: `printf 'ok\\n\\377\\033[31mERR\\007\\n'`, fail_patterns: ['ERR'] },
  ]);
  const { code, stdout } = await regatta(dir, 'run', jobs, ...QUIET);
  expect(code).toBe(1);
  expect(fatesIn(dir)).toEqual({
    missing: 'failed: exit-code: exit code 127',
    'not-executable': 'failed: exit-code: exit code 126',
    'no-syntax': 'failed: exit-code: exit code 2',
    'log-removed':
      'failed: log-error: cannot judge the job by its log DIR/scratch/log-removed/run.log: ENOENT: no such file or directory',
    'log-replaced':
      'failed: log-error: cannot judge the job by its log DIR/scratch/log-replaced/run.log: it is not a regular file',
    'log-not-wanted': 'passed',
    raw: 'failed: fail-pattern: \uFFFD\u001B[31mERR\u0007',
  });
  // What a log says may not steer the reader's terminal.
  expect(stdout).toContain('raw: \uFFFD\\u001b[31mERR\\u0007');
  expect(stdout).not.toMatch(/[\u0007\u001B]/);
});

it('names of every kind stay in the scratch area and are kept as they are', async () => {
  const dir = makeTempDir();
  const names = [
    'a/b/c',
    '..',
    '../../evil',
    '/abs/olute',
    ' sp ace ',
    'new\nline',
    'Ünï日本',
    '-rf',
    '$(touch pwned)`touch pwned`',
    '.regatta',
    'passed',
    '__proto__',
    'n'.repeat(400),
  ];
  const jobs = writeJobs(dir, [
    ...names.map((name) => ({ full_name: name, cmd: 'pwd > where' })),
    { full_name: 'target', target: '../../up', cmd: 'true' },
  ]);
  const { code, stderr } = await regatta(dir, 'run', jobs, ...QUIET);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const results = readResults(dir).jobs;
  expect(results.map(({ full_name }) => full_name)).toEqual([...names, 'target']);
  const scratch = join(dir, 'scratch');
  for (const { full_name, odir } of results.slice(0, -1)) {
    // One directory below the scratch root, each its own, and the job was in it.
    expect({ full_name, parent: join(odir, '..') }).toEqual({ full_name, parent: scratch });
    expect(readFileSync(join(odir, 'where'), 'utf8')).toBe(`${odir}\n`);
  }
  expect(new Set(results.map(({ odir }) => odir)).size).toBe(names.length + 1);
  expect(results.at(-1)?.log_path.startsWith(join(scratch, 'target', '__.._up~'))).toBe(true);
  expect(readdirSync(dir).sort()).toEqual(['jobs.jsonl', 'scratch']);
  const odirs = results.map(({ odir }) => basename(odir));
  expect(readdirSync(scratch).sort()).toEqual(
    [...odirs, '.regatta', 'failed', 'killed', 'passed', 'running'].sort(),
  );
});

it('few open files: every job ends, none is lost', async () => {
  const dir = makeTempDir();
  const names = Array.from({ length: 200 }, (_, i) => `j${i}`);
  const jobs = writeJobs(
    dir,
    names.map((name) => ({ full_name: name, cmd: 'echo done; sleep 0.1', pass_patterns: ['^done$'] })),
  );
  // To load its parts takes Regatta alone nearly 80.
  const { code, stderr } = await regattaAfter(dir, 'ulimit -n 120', 'run', jobs, '-mp', '200', ...QUIET);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(fatesIn(dir)).toEqual(Object.fromEntries(names.map((name) => [name, 'passed'])));
});

it('too few open files to start: said in the same words, whatever Node stumbles over', async () => {
  const dir = makeTempDir();
  const jobs = writeJobs(dir, [{ full_name: 'a', cmd: 'true' }]);
  const complaint = {
    code: 2,
    stdout: '',
    stderr:
      'regatta: error: this process may not open enough files to start (raise the limit: ulimit -n 1024)\n',
  };
  expect(await regattaAfter(dir, 'ulimit -n 24', 'run', jobs, ...QUIET)).toEqual(complaint);
  for (const limit of [28, 32, 36, 40, 44]) {
    // How many are enough depends on the version of Node.
    const ended = await regattaAfter(dir, `ulimit -n ${limit}`, 'run', jobs, ...QUIET);
    if (ended.code === 0) expect(fatesIn(dir)).toEqual({ a: 'passed' });
    else expect({ limit, ...ended }).toEqual({ limit, ...complaint });
  }
});

it('results that cannot be written are said, and hide no failed job', async () => {
  const dir = makeTempDir();
  const jobs = writeJobs(dir, [{ full_name: 'a', cmd: 'false' }]);
  const { code, stderr } = await regatta(dir, 'run', jobs, '--results', '/dev/full', ...QUIET);
  expect({ code, stderr }).toEqual({
    code: 1,
    stderr: 'regatta: error: cannot write /dev/full: ENOSPC: no space left on device\n',
  });
  expect(fatesIn(dir)).toEqual({ a: 'failed: exit-code: exit code 1' });
  expect(readdirSync(dir).sort()).toEqual(['jobs.jsonl', 'scratch']);
});

const LOST_STDOUT = 'regatta: error: cannot write to stdout: ENOSPC: no space left on device, write\n';

it.each([
  { what: 'stdout, of a run that passed', cmd: 'true', lost: '1', code: 3, stderr: LOST_STDOUT },
  { what: 'stdout, of a run that failed', cmd: 'false', lost: '1', code: 1, stderr: LOST_STDOUT },
  { what: 'stderr', cmd: 'true', lost: '2', code: 0, stderr: '' },
])('a full disk below $what, harms no run', async ({ cmd, lost, code, stderr }) => {
  const dir = makeTempDir();
  const jobs = writeJobs(dir, [
    { full_name: 'a', cmd },
    { full_name: 'b', cmd: 'true' },
  ]);
  const status = lost === '2' ? 'plain' : 'none';
  const ended = await regattaAfter(dir, `exec ${lost}>/dev/full`, 'run', jobs, '--status', status);
  expect({ code: ended.code, stderr: ended.stderr }).toEqual({ code, stderr });
  expect(fatesIn(dir)['b']).toBe('passed');
});

it('a job over its time limit is gone, though it ignores SIGTERM', async () => {
  const dir = makeTempDir();
  const jobs = writeJobs(dir, [
    { full_name: 'deaf', cmd: `trap '' TERM; while :; do sleep 70010; done`, timeout_mins: 0.01 },
    { full_name: 'after', cmd: 'true', deps: ['deaf'] },
    { full_name: 'ok', cmd: 'true' },
  ]);
  const { code } = await regatta(dir, 'run', jobs, '--kill-grace', '0.2', ...QUIET);
  expect(code).toBe(1);
  expect(fatesIn(dir)).toEqual({
    deaf: 'killed: timeout: ran longer than its limit of 0.01 min',
    after: 'killed: dependency: dependency deaf was killed: ran longer than its limit of 0.01 min',
    ok: 'passed',
  });
  await eventually('the job to be gone', () => findProcesses('sleep\0' + '70010').length === 0);
});
