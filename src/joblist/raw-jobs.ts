// What the two forms of a job list, lines and document, have in common: values in order, and where each stands.
import type { Origin } from '../model/job-spec.js';
import type { Problem } from '../model/problem.js';
import type { JsonPath } from './locate-paths.js';

/** A value inside one job of the list. */
export interface Spot {
  /** Index of the job among the values read. */
  readonly job: number;
  readonly path: JsonPath;
}

/** A job list as JSON values that nothing was checked of. */
export interface RawJobs {
  /** The values, in order; what is wrong with the text is reported on the way. Read once. */
  readonly read: (report: (problem: Problem) => void) => Iterable<unknown>;
  /** Where spots among the values read so far stand. */
  readonly locate: (spots: readonly Spot[]) => Origin[];
  /** Where a job stands; holds on to no more memory than it must. */
  readonly jobLocator: () => (job: number) => Origin | undefined;
}
