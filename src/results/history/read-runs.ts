// Lists past runs, the buckets still open, and how one test did run by run. Reads only.
import type { HistoryFile, Value } from './history-file.js';
import { SECOND_TRY, STATUS_CODE } from './schema.js';

/** One past run. */
export interface RunSummary {
  readonly run_id: string;
  readonly started_at: string;
  readonly makespan_s: number | null;
  readonly exit_code: number | null;
  readonly revision: string | null;
  readonly input: string | null;
  readonly total: number;
  readonly passed: number;
  readonly failed: number;
  readonly killed: number;
}

/** A bucket that was seen and is not gone. */
export interface OpenBucket {
  readonly signature: string;
  readonly runs: number;
  readonly jobs: number;
  readonly first_seen: { readonly run_id: string; readonly started_at: string };
  readonly last_seen: { readonly run_id: string; readonly started_at: string };
}

/** How the jobs of one test did in one run. */
export interface TestRun {
  readonly run_id: string;
  readonly started_at: string;
  readonly revision: string | null;
  readonly passed: number;
  readonly failed: number;
  /** Failures that were run again when the run was over, and how that ended; they count in neither figure above. */
  readonly second_tries: { readonly passed: number; readonly failed: number };
  readonly mean_s: number | null;
  readonly signatures: readonly string[];
}

/** The latest first. */
export function readRuns(file: HistoryFile, limit: number): RunSummary[] {
  return file
    .read(
      `SELECT run_id, started_at_ms, ended_at_ms, exit_code, revision, input, total, passed, failed, killed
       FROM run ORDER BY started_at_ms DESC, no DESC LIMIT ?`,
      limit,
    )
    .map(([runId, startedMs, endedMs = null, exitCode = null, revision, input, ...counts]) => {
      const [total = 0, passed = 0, failed = 0, killed = 0] = counts.map(Number);
      return {
        run_id: String(runId),
        started_at: toIso(startedMs),
        makespan_s: endedMs === null ? null : (Number(endedMs) - Number(startedMs)) / 1000,
        exit_code: exitCode === null ? null : Number(exitCode),
        revision: textOrNull(revision),
        input: textOrNull(input),
        total,
        passed,
        failed,
        killed,
      };
    });
}

/** Those seen last come first; of one run, the most frequent. */
export function readOpenBuckets(file: HistoryFile, limit: number): OpenBucket[] {
  const sighted = (order: 'ASC' | 'DESC', column: string): string =>
    `(SELECT ${column} FROM sighting AS s JOIN run AS r ON r.no = s.run WHERE s.bucket = bucket.no
      ORDER BY r.started_at_ms ${order}, r.no ${order} LIMIT 1)`;
  return file
    .read(
      `SELECT signature, (SELECT count(*) FROM sighting WHERE bucket = bucket.no),
         (SELECT sum(count) FROM sighting WHERE bucket = bucket.no),
         ${sighted('ASC', 'r.run_id')}, ${sighted('ASC', 'r.started_at_ms')},
         ${sighted('DESC', 'r.run_id')}, ${sighted('DESC', 'r.started_at_ms')} AS last
       FROM bucket WHERE gone_in IS NULL ORDER BY last DESC, 3 DESC, no LIMIT ?`,
      limit,
    )
    .map(([signature, runs, jobs, firstRun, firstMs, lastRun, lastMs]) => ({
      signature: String(signature),
      runs: Number(runs),
      jobs: Number(jobs),
      first_seen: { run_id: String(firstRun), started_at: toIso(firstMs) },
      last_seen: { run_id: String(lastRun), started_at: toIso(lastMs) },
    }));
}

/** The latest run first, of all tests of this name. */
export function readTestRuns(file: HistoryFile, name: string, limit: number): TestRun[] {
  const passed = `job.status = ${STATUS_CODE.passed}`;
  const passedAgain = `job.status = ${STATUS_CODE.passed + SECOND_TRY}`;
  return file
    .read(
      `SELECT run.run_id, run.started_at_ms, run.revision, sum(${passed}), sum(job.status < ${SECOND_TRY} AND NOT ${passed}),
         sum(${passedAgain}), sum(job.status >= ${SECOND_TRY} AND NOT ${passedAgain}),
         avg(iif(${passed}, job.duration_ms, NULL)), json_group_array(DISTINCT bucket.signature)
       FROM job JOIN run ON run.no = job.run LEFT JOIN bucket ON bucket.no = job.bucket
       WHERE job.test IN (SELECT no FROM test WHERE name = ?) GROUP BY run.no
       ORDER BY run.started_at_ms DESC, run.no DESC LIMIT ?`,
      name,
      limit,
    )
    .map(
      ([runId, startedMs, revision, goodJobs, badJobs, goodTries, badTries, meanMs = null, signatures]) => ({
        run_id: String(runId),
        started_at: toIso(startedMs),
        revision: textOrNull(revision),
        passed: Number(goodJobs),
        failed: Number(badJobs),
        second_tries: { passed: Number(goodTries), failed: Number(badTries) },
        mean_s: meanMs === null ? null : Math.round(Number(meanMs)) / 1000,
        signatures: (JSON.parse(String(signatures)) as (string | null)[]).filter((text) => text !== null),
      }),
    );
}

function toIso(ms: Value | undefined): string {
  return new Date(Number(ms)).toISOString();
}

function textOrNull(value: Value | undefined): string | null {
  return typeof value === 'string' ? value : null;
}
