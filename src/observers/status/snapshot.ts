// What the status display shows at one moment, as plain data between the counters and the formatters.
import type { JobStatus } from '../../model/status.js';

/** Number of jobs in each status. */
export type StatusCounts = Readonly<Record<JobStatus, number>>;

/** One row of the display. Times in milliseconds; null: not known yet. */
export interface RowSnapshot {
  /** Target of the jobs counted, control characters escaped. */
  readonly name: string;
  readonly counts: StatusCounts;
  readonly total: number;
  /** From the first start to now, or to the last end when all have ended. */
  readonly elapsedMs: number | null;
  readonly etaMs: number | null;
  /** True when the estimate leaves out jobs whose length nothing is known of. */
  readonly etaIsLeast: boolean;
  /** Names of running jobs, longest running first, escaped; possibly not all of them. */
  readonly running: readonly string[];
}

/** How much of a limited thing is in use; limit null: unlimited. */
export interface UsageSnapshot {
  readonly name: string;
  readonly used: number;
  readonly limit: number | null;
}

/** The whole display at one moment. */
export interface StatusSnapshot {
  /** Targets in declaration order. */
  readonly targets: readonly RowSnapshot[];
  /** All targets together; its elapsed time counts from the run's start. */
  readonly total: RowSnapshot;
  /** Run slots (when limited), resources, and backends (when there are several). */
  readonly usage: readonly UsageSnapshot[];
  /** What keeps the run from going on as usual, one line each, escaped. */
  readonly notices: readonly string[];
}

/** Jobs of a row that have ended. */
export function countEnded(counts: StatusCounts): number {
  return counts.passed + counts.failed + counts.killed;
}

/** Percentage of a row's jobs that have ended, rounded down so that 100 means all. */
export function percentEnded(row: Pick<RowSnapshot, 'counts' | 'total'>): number {
  return row.total === 0 ? 100 : Math.floor((100 * countEnded(row.counts)) / row.total);
}
