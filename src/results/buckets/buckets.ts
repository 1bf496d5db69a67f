// Gathers failures of one signature. Pure; knows no messages.
import type { BucketRepro } from './repro.js';

/** Failures of one signature. */
export interface Bucket {
  readonly signature: string;
  readonly count: number;
  /** Full names, in declaration order. */
  readonly jobs: readonly string[];
  /** What came of running one of them again; not there when none was. */
  readonly repro?: BucketRepro;
}

/** One failed job and its signature. */
export interface Failure {
  readonly job: string;
  readonly signature: string;
}

/** Buckets of the failures, given in declaration order: largest first; of equals, the one whose first job comes first. */
export function gatherBuckets(failures: Iterable<Failure>): Bucket[] {
  const jobsOf = new Map<string, string[]>();
  for (const { job, signature } of failures) {
    const jobs = jobsOf.get(signature);
    if (jobs === undefined) jobsOf.set(signature, [job]);
    else jobs.push(job);
  }
  return [...jobsOf]
    .map(([signature, jobs]) => ({ signature, count: jobs.length, jobs }))
    .sort((a, b) => b.count - a.count);
}
