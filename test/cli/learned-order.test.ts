// Pins that jobs of one weight start longest first once the history knows them, and that nothing else changes their order.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, it } from 'vitest';
import { checkJobs, type CheckedJobs } from '../../src/cli/check-jobs.js';
import { orderByLearned } from '../../src/cli/learned-order.js';
import { readRunOptions } from '../../src/cli/run-options.js';
import type { JobSpec } from '../../src/model/job-spec.js';
import { openHistory, recordRun, testOf } from '../../src/results/index.js';
import { makePastRun } from '../results/history/past-runs.js';
import { makeSpec } from '../support/job-spec.js';
import { eventually } from '../support/eventually.js';
import { makeTempDir } from '../support/temp-dir.js';
import { InterruptedRun } from './interrupted-run.js';

let path: string;

/** Jobs by name and how long they took in a past run, in seconds. */
async function learn(durationsS: Readonly<Record<string, number>>): Promise<void> {
  const opened = await openHistory(path, { timeoutMs: 1000 });
  if (opened.kind !== 'open') throw new Error(opened.message);
  const jobs = Object.entries(durationsS).map(([name, durationS]) => ({
    ...{ test: testOf(makeSpec(name)), seed: null, status: 'passed' as const, signature: null },
    durationMs: durationS * 1000,
  }));
  recordRun(opened.history, { ...makePastRun(1, []), jobs });
  opened.history.close();
}

function check(jobs: readonly JobSpec[], backend = 'local'): CheckedJobs {
  return checkJobs({ jobs, locate: () => undefined }, readRunOptions({ backend }, {}), {
    scratchRoot: null,
    warn: () => undefined,
  });
}

function namesOf({ graph, order }: CheckedJobs): string[] {
  return Array.from(order, (job) => graph.jobs[job]?.fullName ?? '');
}

beforeEach(() => {
  path = join(makeTempDir(), 'history.sqlite');
});

const jobs = ['instant', 'short', 'unknown', 'long', 'longer'].map((name) => makeSpec(name));

it('the longest come first; those that take about as long, and the short, keep their order', async () => {
  await learn({ instant: 0.2, short: 0.9, long: 70, longer: 120 });
  expect(namesOf(await orderByLearned(check(jobs), path))).toEqual([
    'long',
    'longer',
    'instant',
    'short',
    'unknown',
  ]);
});

it('run times are known for the estimates of the run', async () => {
  await learn({ short: 0.9, long: 70 });
  const { expectedMsOf } = await orderByLearned(check(jobs), path);
  expect(jobs.map((spec) => expectedMsOf?.(spec))).toEqual([null, 900, null, 70_000, null]);
});

it('a weight goes before a duration', async () => {
  await learn({ long: 70 });
  const heavy = jobs.map((spec) => (spec.fullName === 'short' ? { ...spec, weight: 2 } : spec));
  expect(namesOf(await orderByLearned(check(heavy), path)).slice(0, 2)).toEqual(['short', 'long']);
});

it('pretended jobs, and a history that is missing or cannot be used, change nothing', async () => {
  const local = check(jobs);
  expect(await orderByLearned(local, path)).toBe(local);
  expect(await orderByLearned(local, null)).toBe(local);
  await learn({ longer: 120 });
  const fake = check(jobs, 'fake');
  expect(await orderByLearned(fake, path)).toBe(fake);
  const opened = await openHistory(path, { timeoutMs: 1000 });
  if (opened.kind !== 'open') throw new Error(opened.message);
  opened.history.execute('DROP TABLE job');
  opened.history.close();
  expect(await orderByLearned(local, path)).toBe(local);
});

it('a run that is resumed goes by them too: in its order, and in what it estimates', async () => {
  const run = new InterruptedRun();
  path = join(run.dir, 'history.sqlite');
  await learn({ first: 0.3, short: 0.9, long: 70, longer: 300 });
  const order = join(run.dir, 'order');
  const list = ['first', 'short', 'long', 'longer'].map((name) => ({
    full_name: name,
    cmd: `echo ${name} >> ${order}; ${run.waiting(name)}`,
  }));
  const stopped = run.start(list, '--history', path, '-mp', '1');
  await eventually('the longest job to run', () => run.startsOf('longer') === 1);
  stopped.child.kill('SIGINT');
  expect((await stopped.ended).code).toBe(130);
  const { child, ended } = run.takeUp('--status', 'plain', '--print-interval', '0.1');
  let said = '';
  child.stderr?.on('data', (text: string) => (said += text));
  await eventually('an estimate', () => / R 1 P 0 .* T 4, ETA 6m/.test(said));
  run.open();
  expect((await ended).code).toBe(0);
  expect(readFileSync(order, 'utf8')).toBe('longer\nlonger\nlong\nfirst\nshort\n');
});

it('the display of a run estimates by them before anything has ended', async () => {
  const run = new InterruptedRun();
  const job = {
    full_name: 'known',
    cmd: `[ ! -e ${join(run.dir, 'again')} ] || { ${run.waiting('known')}; }`,
  };
  expect((await run.start([job]).ended).code).toBe(0);
  writeFileSync(join(run.dir, 'again'), '');
  const { child, ended } = run.start([job], '--status', 'plain', '--print-interval', '0.1');
  let said = '';
  child.stderr?.on('data', (text: string) => (said += text));
  await eventually('an estimate', () => /run: 0% S 0 Q 0 R 1 P 0 .* T 1, ETA 0s$/m.test(said));
  run.open();
  expect((await ended).code).toBe(0);
});
