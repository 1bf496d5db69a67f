// The shape of metrics.json: a contract with users' scripts. Knows nothing of how it is filled.
import type { TerminalStatus } from '../../model/status.js';

/** Name and version of the format. */
export const METRICS_SCHEMA = 'regatta.metrics/1';

/**
 * Where CPU times and peak memory come from: the kernel's rusage; the script that starts a task of a batch engine, which knows CPU times
 * only; what the backend of a plugin reports; or nowhere.
 */
export const USAGE_SOURCES = ['rusage', 'wrapper', 'backend', 'none'] as const;

export type UsageSource = (typeof USAGE_SOURCES)[number];

/** Slot-seconds in which no job ran, by cause; see `slots-idle` of the run events. */
export interface IdleSlotSeconds {
  /** No job was ready. */
  readonly no_ready_job: number;
  /** Ready jobs waited for units of a resource. */
  readonly licence: number;
  /** Ready jobs waited for slots of their backend, or for the terminal. */
  readonly limit: number;
  /** The slot was given to a job that its backend had not started yet. */
  readonly backend_busy: number;
  /** Ready jobs waited for a backend that had refused work. */
  readonly backoff: number;
}

/** How many of one thing were in use over the run. */
export interface UseMetrics {
  /** The largest limit that was in force; null: unlimited. */
  readonly limit: number | null;
  /** Most in use at once. */
  readonly peak: number;
  /** Sum of number in use times seconds. */
  readonly busy_s: number;
}

/** Use of the run's slots. */
export interface SlotMetrics extends UseMetrics {
  /** Null when the run had no limit. */
  readonly idle_slot_s: IdleSlotSeconds | null;
}

/** Curves over the time of the run: means over equal intervals from its start, at most 1000, the last cut short by its end. */
export interface Curves {
  readonly interval_s: number;
  readonly slots: readonly number[];
  /** Jobs whose dependencies were done and that had not started. */
  readonly queue: readonly number[];
  readonly backends: Readonly<Record<string, readonly number[]>>;
  readonly resources: Readonly<Record<string, readonly number[]>>;
}

/** Times and sizes of all ended jobs together. */
export interface TotalMetrics {
  readonly queued_s: number;
  readonly job_runtime_s: number;
  /** Of the jobs whose CPU time is known; null when it is of none. */
  readonly cpu_s: number | null;
  /** Largest of those known. */
  readonly max_rss_kib: number | null;
}

/** One job among the longest. */
export interface LongJob {
  readonly full_name: string;
  readonly job_runtime_s: number;
}

/** All jobs of one name in a group. */
export interface TestMetrics {
  readonly name: string;
  readonly target: string;
  readonly jobs: number;
  readonly job_runtime_s: number;
  readonly mean_s: number;
  readonly longest_s: number;
}

/** Jobs of one block and tool that ran. */
export interface GroupMetrics {
  readonly block: string | null;
  readonly tool: string | null;
  readonly jobs: number;
  readonly job_runtime_s: number;
  /** Longest first, at most ten. */
  readonly longest_jobs: readonly LongJob[];
  /** Those that took most time in all first, at most ten. */
  readonly longest_tests: readonly TestMetrics[];
}

/** One job on the critical path. */
export interface PathStep {
  readonly full_name: string;
  /** When its dependencies were done, in seconds from the start of the run. */
  readonly ready_at_s: number;
  readonly queued_s: number;
  readonly job_runtime_s: number;
}

/** What made the run as long as it was: the job that ended last, before it the dependency it waited for longest, and so on. */
export interface RunPath {
  readonly queued_s: number;
  readonly job_runtime_s: number;
  /** First job first. */
  readonly steps: readonly PathStep[];
}

/** One ended job. Null where the job never came so far, or nobody knows. */
export interface JobMetrics {
  readonly full_name: string;
  readonly status: TerminalStatus;
  readonly backend: string;
  /** Lowest slot that was free when it started, from 1. */
  readonly slot: number | null;
  readonly queued_s: number | null;
  readonly job_runtime_s: number | null;
  readonly cpu_s: number | null;
  readonly max_rss_kib: number | null;
}

/** Everything in metrics.json but the jobs. */
export interface RunMetrics {
  readonly schema: typeof METRICS_SCHEMA;
  readonly run_id: string;
  readonly started_at: string;
  readonly ended_at: string | null;
  readonly makespan_s: number | null;
  /** By backend. */
  readonly usage_source: Readonly<Record<string, UsageSource>>;
  readonly totals: TotalMetrics;
  readonly slots: SlotMetrics;
  readonly backends: Readonly<Record<string, UseMetrics>>;
  readonly resources: Readonly<Record<string, UseMetrics>>;
  readonly critical_path: RunPath;
  /** The one that took most time first. */
  readonly groups: readonly GroupMetrics[];
  readonly curves: Curves;
}

/** What reports of time and licences are made from. Jobs are in declaration order. */
export interface MetricsView extends RunMetrics {
  /** The ended jobs; may be gone through more than once. */
  readonly jobs: Iterable<JobMetrics>;
}

/** metrics.json as it is parsed. */
export interface Metrics extends MetricsView {
  readonly jobs: readonly JobMetrics[];
}
