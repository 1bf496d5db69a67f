// Makes results of runs for tests of reports: passed jobs with nothing special, and what the test says of them.
import { gatherBuckets } from '../../src/results/buckets/buckets.js';
import type { JobResult, ReasonResult, Results } from '../../src/results/schema.js';
import { RESULTS_SCHEMA } from '../../src/results/schema.js';

const START = '2026-11-24T08:00:00.000Z';

/** A job's entry in results.json; passed, unless the fields say otherwise. */
export function makeJobResult(fullName: string, fields: Partial<JobResult> = {}): JobResult {
  return {
    full_name: fullName,
    name: fullName,
    qual_name: fullName,
    target: 'run',
    job_type: null,
    block: null,
    tool: null,
    backend: 'local',
    seed: null,
    status: 'passed',
    reason: null,
    attempts: 1,
    exit_code: 0,
    signal: null,
    queued_s: 0,
    job_runtime_s: 1,
    simulated_time_us: null,
    started_at: START,
    ended_at: '2026-11-24T08:00:01.000Z',
    odir: `/scratch/${fullName}`,
    log_path: `/scratch/${fullName}/run.log`,
    ...fields,
  };
}

/** Fields of a job that failed with this reason. */
export function failedWith(message: string, reason: Partial<ReasonResult> = {}): Partial<JobResult> {
  return { status: 'failed', reason: { kind: 'fail-pattern', message, ...reason } };
}

/** Results of an ended run with these jobs; each failed job is in the bucket of its message. */
export function makeResults(jobs: readonly JobResult[], fields: Partial<Results> = {}): Results {
  const count = (status: string): number => jobs.filter((job) => job.status === status).length;
  const failures = jobs.flatMap((job) =>
    job.status === 'failed' ? [{ job: job.full_name, signature: job.reason?.message ?? '' }] : [],
  );
  return {
    schema: RESULTS_SCHEMA,
    run_id: 'run-1',
    started_at: START,
    ended_at: '2026-11-24T08:00:10.000Z',
    exit_code: 0,
    makespan_s: 10,
    counts: { total: jobs.length, passed: count('passed'), failed: count('failed'), killed: count('killed') },
    jobs,
    buckets: gatherBuckets(failures),
    ...fields,
  };
}
