// Finds, in one pass over the results of a run, what a person should look at first. Pure; knows no layout.
import type { Bucket, JobResult, ReasonResult, ResultsView } from '../results/index.js';
import { reach } from '../util/reach.js';

/** A bucket and the jobs in it. */
export interface SurveyedBucket extends Bucket {
  /** The member that took least time, hence the quickest to reproduce; of equals, the first. */
  readonly representative: JobResult;
  /** In declaration order. */
  readonly members: readonly JobResult[];
}

/** Counts of the jobs that have one thing in common: a target, a block. */
export interface GroupCounts {
  readonly name: string;
  total: number;
  passed: number;
  failed: number;
  killed: number;
  /** Longest run time of a job, in seconds. */
  longestS: number;
}

/** What {@link surveyJobs} finds. */
export interface Survey {
  /** In the order in which they first appear: that in which they are run. */
  readonly targets: readonly GroupCounts[];
  /** Worst first; those with as many jobs that did not pass in the order in which they first appear. Jobs without a block are in none. */
  readonly blocks: readonly GroupCounts[];
  /** How many jobs were killed for each kind of reason, most first. */
  readonly kills: readonly { readonly kind: ReasonResult['kind']; readonly count: number }[];
  /** Largest first. */
  readonly buckets: readonly SurveyedBucket[];
}

/** Goes through the jobs once. */
export function surveyJobs({ jobs, buckets }: ResultsView): Survey {
  const targets = new Map<string, GroupCounts>();
  const blocks = new Map<string, GroupCounts>();
  const kills = new Map<ReasonResult['kind'], number>();
  const members = new Map<Bucket, JobResult[]>(buckets.map((bucket) => [bucket, []]));
  const bucketOf = new Map(buckets.flatMap((bucket) => bucket.jobs.map((job) => [job, bucket] as const)));
  for (const job of jobs) {
    countJob(targets, job.target, job);
    if (job.block !== null) countJob(blocks, job.block, job);
    if (job.status === 'passed') continue;
    if (job.status === 'killed' && job.reason !== null) {
      kills.set(job.reason.kind, (kills.get(job.reason.kind) ?? 0) + 1);
    }
    const bucket = bucketOf.get(job.full_name);
    if (bucket !== undefined) members.get(bucket)?.push(job);
  }
  return {
    targets: [...targets.values()],
    blocks: [...blocks.values()].sort((a, b) => b.failed + b.killed - (a.failed + a.killed)),
    kills: [...kills].map(([kind, count]) => ({ kind, count })).sort((a, b) => b.count - a.count),
    buckets: [...members].flatMap(([bucket, jobs]) => {
      const representative = findQuickest(jobs);
      return representative === undefined ? [] : [{ ...bucket, representative, members: jobs }];
    }),
  };
}

function countJob(
  groups: Map<string, GroupCounts>,
  name: string,
  { status, job_runtime_s }: JobResult,
): void {
  const counts = reach(groups, name, () => {
    return { name, total: 0, passed: 0, failed: 0, killed: 0, longestS: 0 };
  });
  counts.total++;
  counts[status]++;
  counts.longestS = Math.max(counts.longestS, job_runtime_s ?? 0);
}

function findQuickest(jobs: readonly JobResult[]): JobResult | undefined {
  let best: JobResult | undefined;
  for (const job of jobs) if (best === undefined || runtimeOf(job) < runtimeOf(best)) best = job;
  return best;
}

function runtimeOf(job: JobResult): number {
  return job.job_runtime_s ?? Infinity;
}
