// The shape of results.json: a contract with users' scripts. Knows nothing of how it is filled.
import type { Bucket } from './buckets/buckets.js';
import type { ReasonKind } from '../model/reason.js';
import type { TerminalStatus } from '../model/status.js';

/** Name and version of the format. */
export const RESULTS_SCHEMA = 'regatta.results/1';

/** Why a job failed or was killed: `kind`, one line of words, and what else is known, by the names of that kind's fields. */
export interface ReasonResult {
  readonly kind: ReasonKind;
  readonly message: string;
  /** Number of the log line at fault, from 1. */
  readonly line?: number;
  /** Lines of the log: after the line at fault, or its last ones. */
  readonly context?: readonly string[];
  readonly [detail: string]: unknown;
}

/** One ended job. Times are ISO 8601 in UTC; null where the job never came so far, or nobody knows. */
export interface JobResult {
  readonly full_name: string;
  readonly name: string;
  readonly qual_name: string;
  readonly target: string;
  readonly job_type: string | null;
  /** `name`, or `name/variant`. */
  readonly block: string | null;
  /** Name of the tool. */
  readonly tool: string | null;
  readonly backend: string;
  readonly seed: number | null;
  readonly status: TerminalStatus;
  readonly reason: ReasonResult | null;
  /** How often a backend accepted it. */
  readonly attempts: number;
  readonly exit_code: number | null;
  readonly signal: string | null;
  /** From the time its dependencies were done to its last start, or to its end when it never started. */
  readonly queued_s: number | null;
  /** From its last start to its end. */
  readonly job_runtime_s: number | null;
  readonly simulated_time_us: number | null;
  readonly started_at: string | null;
  readonly ended_at: string;
  readonly odir: string;
  readonly log_path: string;
  /** User plus system CPU time. */
  readonly cpu_s?: number;
  /** Largest resident set of any one of its processes. */
  readonly max_rss_kib?: number;
  /** Processes of the job found alive after its end, as `pid command`. */
  readonly leftovers?: readonly string[];
}

/** How many jobs a run has, and how many have ended in each way. */
export interface Counts {
  readonly total: number;
  readonly passed: number;
  readonly failed: number;
  readonly killed: number;
}

/** Everything in results.json but the jobs and their buckets. Of a run that has not ended, the end is null. */
export interface RunResult {
  readonly schema: typeof RESULTS_SCHEMA;
  readonly run_id: string;
  readonly started_at: string;
  readonly ended_at: string | null;
  readonly exit_code: number | null;
  readonly makespan_s: number | null;
  readonly counts: Counts;
}

/** What reports are made from: results.json, read back or still being collected. Jobs are in declaration order. */
export interface ResultsView extends RunResult {
  /** The ended jobs; may be gone through more than once. */
  readonly jobs: Iterable<JobResult>;
  /** Largest first. */
  readonly buckets: readonly Bucket[];
}

/** results.json as it is parsed. */
export interface Results extends ResultsView {
  readonly jobs: readonly JobResult[];
}
