// Signals to the real command while real jobs run: what is said, and that nothing is left running.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readResults, startRegatta, writeJobs, type Started } from '../support/command.js';
import { eventually } from '../support/eventually.js';
import { findChildren, findProcesses } from '../support/find-processes.js';
import { makeTempDir } from '../support/temp-dir.js';

/** Jobs that do what they can to outlive the run; each sleeps for a time of its own, by which it is found. */
function startZoo(dir: string, mark: string, options: readonly string[] = []): Started {
  const sleep = `sleep ${mark}`;
  const jobs = writeJobs(dir, [
    { full_name: 'plain', cmd: sleep },
    { full_name: 'session', cmd: `setsid ${sleep} & ${sleep}` },
    { full_name: 'double-fork', cmd: `(setsid sh -c '${sleep} & ${sleep}' &); ${sleep}` },
    { full_name: 'deaf', cmd: `trap '' TERM; while :; do ${sleep}; done` },
    { full_name: 'no-environment', cmd: `env -i setsid ${sleep} & ${sleep}` },
    { full_name: 'after', cmd: 'true', deps: ['plain'] },
  ]);
  return startRegatta(dir, ['run', jobs, '--status', 'none', '--kill-grace', '0.3', ...options]);
}

const SLEEPERS = 9;

describe.each([
  ['SIGINT', 130, '70001'],
  ['SIGTERM', 143, '70002'],
  ['SIGHUP', 129, '70003'],
] as const)('%s', (signal, exitCode, mark) => {
  it(`ends the run in order with ${exitCode} and leaves nothing behind`, async () => {
    const dir = makeTempDir();
    const { child, ended } = startZoo(dir, mark);
    await eventually('all jobs run', () => findProcesses(`sleep\0${mark}`).length >= SLEEPERS);
    child.kill(signal);
    expect((await ended).code).toBe(exitCode);
    expect(findProcesses(`sleep\0${mark}`)).toEqual([]);
    const { jobs, exit_code } = readResults(dir);
    expect(exit_code).toBe(exitCode);
    expect(jobs.map(({ status, reason }) => [status, reason?.message])).toEqual(
      jobs.map(() => ['killed', `stopped by ${signal}`]),
    );
  });
});

it('a second SIGINT does not wait for the grace', async () => {
  const dir = makeTempDir();
  const { child, ended } = startZoo(dir, '70004', ['--kill-grace', '1000']);
  await eventually('all jobs run', () => findProcesses('sleep\0' + '70004').length >= SLEEPERS);
  child.kill('SIGINT');
  await eventually('the polite jobs are gone', () => findProcesses('sleep\0' + '70004').length < SLEEPERS);
  child.kill('SIGINT');
  expect((await ended).code).toBe(130);
  expect(findProcesses('sleep\0' + '70004')).toEqual([]);
  expect(readResults(dir).counts).toEqual({ total: 6, passed: 0, failed: 0, killed: 6 });
});

it('signals while the results are being written change nothing and lose nothing', async () => {
  const dir = makeTempDir();
  const fifo = join(dir, 'results');
  execFileSync('/bin/sh', ['-c', 'mkfifo "$0"', fifo]);
  const jobs = writeJobs(dir, [{ full_name: 'a', cmd: 'true' }]);
  const { child, ended } = startRegatta(dir, ['run', jobs, '--status', 'none', '--results', fifo]);
  const own = join(dir, 'scratch', '.regatta', 'latest');
  // Written before the pipe; from here on the command waits for its reader.
  await eventually('the first outputs', () => existsSync(join(own, 'trace.json')));
  for (const signal of ['SIGINT', 'SIGINT', 'SIGTERM', 'SIGHUP'] as const) child.kill(signal);
  const text = await readFile(fifo, 'utf8');
  expect((await ended).code).toBe(0);
  expect(JSON.parse(text)).toEqual(readResults(dir));
  expect(readResults(dir)).toMatchObject({ exit_code: 0, counts: { total: 1, passed: 1 } });
});

it('a run without jobs on this machine keeps no launcher, though one was started in advance', async () => {
  const dir = makeTempDir();
  const jobs = writeJobs(dir, [{ full_name: 'a', cmd: 'true', backend: 'fake', fake: { duration_s: 600 } }]);
  const { child, ended } = startRegatta(dir, ['run', jobs, '--status', 'none']);
  const journal = join(dir, 'scratch', '.regatta', 'latest', 'journal.jsonl');
  const isRunning = (): boolean =>
    existsSync(journal) && readFileSync(journal, 'utf8').includes('"do":"run"');
  await eventually('the job runs', isRunning);
  await eventually('the launcher to be gone', () => findChildren(child.pid ?? 0).length === 0);
  child.kill('SIGTERM');
  expect((await ended).code).toBe(143);
});

it('SIGKILL of Regatta takes its jobs down too', async () => {
  const dir = makeTempDir();
  const { child, ended } = startZoo(dir, '70005');
  await eventually('all jobs run', () => findProcesses('sleep\0' + '70005').length >= SLEEPERS);
  child.kill('SIGKILL');
  await ended;
  await eventually('all jobs are gone', () => findProcesses('sleep\0' + '70005').length === 0);
});

it('a stop while many jobs are being submitted leaves none of them', async () => {
  const dir = makeTempDir();
  const names = Array.from({ length: 150 }, (_, i) => `j${i}`);
  const jobs = writeJobs(
    dir,
    names.map((name) => ({ full_name: name, cmd: 'sleep 70006' })),
  );
  const options = ['--status', 'none', '-mp', '150', '--kill-grace', '0.3', '--self-check'];
  const { child, ended } = startRegatta(dir, ['run', jobs, ...options]);
  await eventually('the first job runs', () => findProcesses('sleep\0' + '70006').length > 0);
  child.kill('SIGTERM');
  expect((await ended).code).toBe(143);
  expect(findProcesses('sleep\0' + '70006')).toEqual([]);
  const { jobs: results, counts } = readResults(dir);
  expect(counts).toEqual({ total: 150, passed: 0, failed: 0, killed: 150 });
  expect(results.map(({ full_name, reason }) => [full_name, reason?.message])).toEqual(
    names.map((name) => [name, 'stopped by SIGTERM']),
  );
});

describe('Ctrl-Z', () => {
  const stateOf = (pid: number | string): string | undefined =>
    /\) (\w)/.exec(readFileSync(`/proc/${pid}/stat`, 'latin1'))?.[1];
  const mark = '70007';
  const limitMs = 6_000;

  it('lets the run and its jobs stand still, and counts that for no time limit', async () => {
    const dir = makeTempDir();
    const gate = join(dir, 'gate');
    const waiting = `while ! [ -e ${gate} ]; do sleep 0.1; done; exec env MARK=${mark} true`;
    const jobs = writeJobs(dir, [{ full_name: 'a', cmd: waiting, timeout_mins: limitMs / 60_000 }]);
    const { child, ended } = startRegatta(dir, ['run', jobs, '--status', 'none']);
    const pid = child.pid ?? 0;
    await eventually('the job runs', () => findProcesses(mark).length === 1);
    child.kill('SIGTSTP');
    await eventually('the run stands still', () => stateOf(pid) === 'T');
    // It was told before; when it heard is for the system to say.
    await eventually('the job stands still', () => findProcesses(mark).map(stateOf).join() === 'T');
    const fromMs = performance.now();
    const isOver = (): boolean => performance.now() - fromMs > limitMs;
    await eventually('the time limit to pass', isOver, { timeoutMs: 2 * limitMs });
    child.kill('SIGCONT');
    writeFileSync(gate, '');
    expect((await ended).code).toBe(0);
  });
});
