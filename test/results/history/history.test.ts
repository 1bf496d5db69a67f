// Pins what history says of runs that were recorded: buckets new, known and gone, flaky tests, durations.
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  openHistory,
  parseTriage,
  readExpectedDurations,
  readOpenBuckets,
  readRuns,
  readTestRuns,
  readTests,
  readTriage,
  recordRun,
  type HistoryFile,
} from '../../../src/results/index.js';
import { makeSpec } from '../../support/job-spec.js';
import { makeTempDir } from '../../support/temp-dir.js';
import { makePastRun, makeSecondTries } from './past-runs.js';

let history: HistoryFile;

beforeEach(async () => {
  const opened = await openHistory(join(makeTempDir(), 'history.sqlite'), { timeoutMs: 1000 });
  if (opened.kind !== 'open') throw new Error(opened.message);
  history = opened.history;
});

afterEach(() => {
  history.close();
});

/** State of each bucket of a run, as `signature: state`. */
function statesOf(runId: string): string[] {
  return readTriage(history, runId).buckets.map(({ signature, state }) => `${signature}: ${state}`);
}

describe('a bucket', () => {
  test('is new in the first run that has it, known in the next, with where it was seen', () => {
    recordRun(history, makePastRun(1, ['a: bad', 'a: bad', 'b']));
    expect(readTriage(history, 'run-1').buckets).toEqual([
      {
        signature: 'bad',
        state: 'new',
        count: 2,
        runs: 1,
        first_seen: { run_id: 'run-1', started_at: '2026-11-02T22:00:00.000Z' },
        last_seen: null,
      },
    ]);
    recordRun(history, makePastRun(2, ['a', 'b']));
    recordRun(history, makePastRun(3, ['a: bad', 'b: worse']));
    expect(readTriage(history, 'run-3').buckets).toMatchObject([
      { signature: 'worse', state: 'new', runs: 1 },
      {
        signature: 'bad',
        state: 'known',
        count: 1,
        runs: 2,
        first_seen: { run_id: 'run-1' },
        last_seen: { run_id: 'run-1' },
      },
    ]);
  });

  test('is gone in the run that ran its tests without it, and in no later one', () => {
    recordRun(history, makePastRun(1, ['a: bad', 'b: bad']));
    recordRun(history, makePastRun(2, ['a']));
    expect(statesOf('run-2')).toEqual([]);
    recordRun(history, makePastRun(3, ['a', 'b: other']));
    expect(statesOf('run-3')).toEqual(['other: new', 'bad: gone']);
    recordRun(history, makePastRun(4, ['a', 'b']));
    expect(statesOf('run-4')).toEqual(['other: gone']);
    expect(readTriage(history, 'run-3').buckets[1]).toMatchObject({
      count: 0,
      last_seen: { run_id: 'run-1' },
    });
  });

  test('that comes back is known, and can be gone again', () => {
    const states = [['a: bad'], ['a'], ['a: bad'], ['a']].map((jobs, day) => {
      recordRun(history, makePastRun(day, jobs));
      return statesOf(`run-${day}`);
    });
    expect(states).toEqual([['bad: new'], ['bad: gone'], ['bad: known'], ['bad: gone']]);
  });

  test('is not gone by a test that was killed before it could fail', () => {
    recordRun(history, makePastRun(1, ['a: bad']));
    const killed = { ...makePastRun(2, ['a: ran longer than its limit']) };
    recordRun(history, {
      ...killed,
      jobs: [...killed.jobs].map((job) => ({ ...job, status: 'killed' as const })),
    });
    expect(statesOf('run-2')).toEqual(['ran longer than its limit: new']);
  });

  test('of another block, tool or target is the same; its tests are not', () => {
    recordRun(history, makePastRun(1, ['a: bad']));
    const other = makePastRun(2, ['a']);
    const jobs = [...other.jobs].map((job) => ({ ...job, test: { ...job.test, block: 'spi' } }));
    recordRun(history, { ...other, jobs });
    expect(statesOf('run-2')).toEqual([]);
  });
});

test('a run that is recorded again replaces what was recorded of it', () => {
  recordRun(history, makePastRun(1, ['a: old']));
  recordRun(history, makePastRun(2, ['a', 'b: bad', 'b: bad']));
  expect(statesOf('run-2')).toEqual(['bad: new', 'old: gone']);
  recordRun(history, makePastRun(2, ['a: old', 'b', 'c']));
  expect(statesOf('run-2')).toEqual(['old: known']);
  expect(readRuns(history, 9).map((run) => [run.run_id, run.total, run.failed])).toEqual([
    ['run-2', 3, 1],
    ['run-1', 1, 1],
  ]);
  expect(readOpenBuckets(history, 9).map(({ signature, jobs }) => [signature, jobs])).toEqual([['old', 2]]);
  expect(history.read('SELECT count(*) FROM job')).toEqual([[4]]);
});

describe('flakiness', () => {
  test('by seed counts seeds that were run again at the same revision', () => {
    recordRun(history, makePastRun(1, ['a/1', 'a/2: bad', 'b/1', 'c/1']));
    recordRun(history, makePastRun(2, ['a/1', 'a/2', 'a/3', 'b/1']));
    recordRun(history, makePastRun(3, ['a/1', 'b/1: fixed', 'c/1: bad'], { revision: 'next' }));
    const [first, ...others] = readTests(history, 'true');
    expect(first).toMatchObject({
      name: 'a',
      runs: 3,
      passed: 5,
      failed: 1,
      by_seed: { repeated: 2, mixed: 1 },
      by_revision: { repeated: 1, mixed: 1 },
      mean_s: 1,
    });
    expect(others).toMatchObject([
      { name: 'b', by_seed: { repeated: 1, mixed: 0 }, by_revision: { repeated: 1, mixed: 0 } },
      { name: 'c', by_seed: { repeated: 0, mixed: 0 }, by_revision: { repeated: 0, mixed: 0 } },
    ]);
  });

  test('by revision shows that the outcome depends on the seed', () => {
    recordRun(history, makePastRun(1, ['a/1', 'a/2: bad', 'a/3']));
    expect(readTests(history, 'true')).toMatchObject([
      { by_seed: { repeated: 0, mixed: 0 }, by_revision: { repeated: 1, mixed: 1 } },
    ]);
  });

  test('second tries count for it, and for nothing else', () => {
    const jobs = ['a/1: bad', 'b/1: worse', 'c/1'];
    recordRun(history, makePastRun(1, jobs, makeSecondTries('a/1', 'b/1: worse')));
    const figures = { runs: 1, passed: 0, failed: 1, by_revision: { repeated: 1 }, mean_s: null };
    expect(readTests(history, 'true')).toMatchObject([
      { name: 'a', ...figures, by_seed: { repeated: 1, mixed: 1 } },
      { name: 'b', ...figures, by_seed: { repeated: 1, mixed: 0 } },
      { name: 'c', runs: 1, passed: 1, by_seed: { repeated: 0, mixed: 0 } },
    ]);
    expect(readTestRuns(history, 'a', 9)).toMatchObject([
      { passed: 0, failed: 1, second_tries: { passed: 1, failed: 0 }, mean_s: null, signatures: ['bad'] },
    ]);
    expect(readTriage(history, 'run-1').buckets).toMatchObject([
      { signature: 'bad', count: 1, runs: 1 },
      { signature: 'worse', count: 1, runs: 1 },
    ]);
    expect(readExpectedDurations(history)(makeSpec('a', { name: 'a' }))).toBeNull();
    // Recorded again, it is in there once.
    recordRun(history, makePastRun(1, jobs, makeSecondTries('a/1: bad')));
    expect(readTests(history, "name = 'a'")).toMatchObject([{ by_seed: { repeated: 1, mixed: 0 } }]);
    expect(history.read('SELECT count(*) FROM job')).toEqual([[4]]);
  });

  test('a second try that passed makes no failure gone', () => {
    recordRun(history, makePastRun(1, ['a/1: bad']));
    recordRun(history, makePastRun(2, ['b/1: worse'], makeSecondTries('a/1')));
    expect(statesOf('run-2')).toEqual(['worse: new']);
  });

  test('what was changed between two runs is no matter of chance: changed files are a revision of each run', () => {
    recordRun(history, makePastRun(1, ['a', 'a: bad', 'b: bad'], { revision: 'c0ffee+dirty' }));
    recordRun(history, makePastRun(2, ['a', 'b'], { revision: 'c0ffee+dirty' }));
    expect(readTests(history, '1')).toMatchObject([
      { name: 'a', by_seed: { repeated: 1, mixed: 1 }, by_revision: { repeated: 1, mixed: 1 } },
      { name: 'b', by_seed: { repeated: 0, mixed: 0 }, by_revision: { repeated: 0, mixed: 0 } },
    ]);
  });

  test('an unknown revision counts as one, and jobs without a seed as of one seed', () => {
    recordRun(history, makePastRun(1, ['a'], { revision: null }));
    recordRun(history, makePastRun(2, ['a: bad'], { revision: null }));
    expect(readTests(history, 'true')).toMatchObject([{ by_seed: { repeated: 1, mixed: 1 } }]);
  });
});

test('numbers beyond 32 bits come back as they were', () => {
  const run = makePastRun(1, [`a/${Number.MAX_SAFE_INTEGER}`]);
  recordRun(history, run);
  expect(history.read('SELECT seed FROM job')).toEqual([[Number.MAX_SAFE_INTEGER]]);
  expect(readRuns(history, 1)[0]?.started_at).toBe(new Date(run.startedAtMs).toISOString());
});

test('the triage of a run has the figures of its failing tests alone', () => {
  recordRun(history, makePastRun(1, ['a/1', 'b/1: bad', 'c/1']));
  recordRun(history, makePastRun(2, ['a/1', 'b/1', 'c/1: bad']));
  expect(readTriage(history, 'run-2').tests.map(({ name, by_seed: { mixed } }) => [name, mixed])).toEqual([
    ['c', 1],
  ]);
});

test('triage.json is read back as it was written; what is torn or something else is none', () => {
  recordRun(history, makePastRun(1, ['a/1: bad']));
  recordRun(history, makePastRun(2, ['a/1: bad', 'b: worse']));
  const triage = readTriage(history, 'run-2');
  expect(triage.buckets).toHaveLength(2);
  const text = JSON.stringify(triage);
  expect(parseTriage(text)).toEqual(triage);
  for (const other of [text.slice(0, -9), '{}', 'null', text.replace('"new"', '"<b>"')])
    expect(parseTriage(other)).toBeUndefined();
});

test('a test run by run, the latest first', () => {
  recordRun(history, makePastRun(1, ['a/1', 'a/2: bad', 'a/3: bad', 'b']));
  recordRun(history, makePastRun(2, ['b']));
  recordRun(history, makePastRun(3, ['a/1']));
  expect(readTestRuns(history, 'a', 9)).toMatchObject([
    { run_id: 'run-3', passed: 1, failed: 0, signatures: [] },
    { run_id: 'run-1', passed: 1, failed: 2, signatures: ['bad'], revision: 'rev', mean_s: 1 },
  ]);
});

test('durations are the mean of passed jobs of the same test', () => {
  expect(readExpectedDurations(history)(makeSpec('a'))).toBeNull();
  const run = makePastRun(1, ['a', 'a', 'a: bad']);
  const [one, two, three] = run.jobs;
  if (one === undefined || two === undefined || three === undefined) throw new Error('three jobs expected');
  const jobs = [one, { ...two, durationMs: 3000 }, { ...three, durationMs: 60_000 }];
  recordRun(history, { ...run, jobs });
  const expected = readExpectedDurations(history);
  const spec = makeSpec('uart:3.a', {
    name: 'a',
    block: { name: 'uart', variant: '' },
    tool: { name: 'vcs', version: '9' },
  });
  expect(expected(spec)).toBe(2000);
  expect(expected({ ...spec, target: 'build' })).toBeNull();
});

test('old jobs make room for new ones; what is known of their runs and buckets stays', () => {
  recordRun(history, makePastRun(1, ['a: bad', 'b', 'c']), 5);
  recordRun(history, makePastRun(2, ['a: bad', 'b', 'c', 'd']), 5);
  expect(history.read('SELECT run, count(*) FROM job GROUP BY run')).toEqual([[2, 4]]);
  expect(readRuns(history, 9)).toHaveLength(2);
  expect(readTriage(history, 'run-2').buckets).toMatchObject([
    { state: 'known', first_seen: { run_id: 'run-1' } },
  ]);
});
