// What is known of one run, job by job, as numbers: the common ground of results, metrics and history. Knows no format.
import type { JobSpec } from '../model/job-spec.js';
import type { JobTable } from './job-table.js';

/** A run, ended or still going on. */
export interface RunRecord {
  readonly runId: string;
  /** Unix milliseconds on the run's clock. */
  readonly startedAtMs: number;
  /** Null while the run goes on. */
  readonly endedAtMs: number | null;
  readonly specs: readonly JobSpec[];
  /** Index of each job by its full name. */
  readonly indexOf: ReadonlyMap<string, number>;
  /** Backend of each job, the default filled in. */
  readonly backends: readonly string[];
  readonly jobs: JobTable;
}
