// Counts the runs of each test of each block, in one pass over the jobs of a run. Pure; knows no testplan.
import type { JobResult } from '../schema.js';
import type { TestTally } from './progress.js';
import { reach } from '../../util/reach.js';

/** The target whose jobs run tests. */
const RUN_TARGET = 'run';

/** Runs by block, then by name of the test, in the order of their first runs. */
export type TestTallies = ReadonlyMap<string, ReadonlyMap<string, TestTally>>;

/** The tally of a test that did not run. */
export const NO_RUNS: TestTally = { passed: 0, total: 0, max_job_runtime_s: null, simulated_time_us: null };

/** Goes through the jobs once. */
export function tallyTests(jobs: Iterable<JobResult>): TestTallies {
  const blocks = new Map<string, Map<string, Mutable<TestTally>>>();
  for (const job of jobs) {
    if (job.target !== RUN_TARGET || job.block === null) continue;
    const tests = reach(blocks, job.block, () => new Map<string, Mutable<TestTally>>());
    addRun(
      reach(tests, job.name, () => ({ ...NO_RUNS })),
      job,
    );
  }
  return blocks;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

function addRun(tally: Mutable<TestTally>, job: JobResult): void {
  tally.total++;
  if (job.status === 'passed') tally.passed++;
  const runtimeS = job.job_runtime_s;
  if (runtimeS === null || (tally.max_job_runtime_s !== null && runtimeS <= tally.max_job_runtime_s)) return;
  tally.max_job_runtime_s = runtimeS;
  tally.simulated_time_us = job.simulated_time_us;
}
