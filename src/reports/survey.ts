// Finds, in one pass over the results of a run, what a person should look at first. Pure; knows no layout.
import type { Bucket, JobResult, ReasonResult, ResultsView } from '../results/index.js';

/** A bucket and the job that stands for it. */
export interface SurveyedBucket extends Bucket {
  /** The member that took least time, hence the quickest to reproduce; of equals, the first. */
  readonly representative: JobResult;
}

/** Counts of one target. */
export interface TargetCounts {
  readonly target: string;
  total: number;
  passed: number;
  failed: number;
  killed: number;
  /** Longest run time of a job, in seconds. */
  longestS: number;
}

/** What {@link surveyJobs} finds. */
export interface Survey {
  /** In the order in which the targets first appear. */
  readonly targets: readonly TargetCounts[];
  /** How many jobs were killed for each kind of reason, most first. */
  readonly kills: readonly { readonly kind: ReasonResult['kind']; readonly count: number }[];
  /** Largest first. */
  readonly buckets: readonly SurveyedBucket[];
}

/** Goes through the jobs once. */
export function surveyJobs({ jobs, buckets }: ResultsView): Survey {
  const targets = new Map<string, TargetCounts>();
  const kills = new Map<ReasonResult['kind'], number>();
  const quickest = new Map<Bucket, JobResult>();
  const bucketOf = new Map(buckets.flatMap((bucket) => bucket.jobs.map((job) => [job, bucket] as const)));
  for (const job of jobs) {
    countTarget(targets, job);
    if (job.status === 'passed') continue;
    if (job.status === 'killed' && job.reason !== null) {
      kills.set(job.reason.kind, (kills.get(job.reason.kind) ?? 0) + 1);
    }
    const bucket = bucketOf.get(job.full_name);
    if (bucket === undefined) continue;
    const best = quickest.get(bucket);
    if (best === undefined || runtimeOf(job) < runtimeOf(best)) quickest.set(bucket, job);
  }
  return {
    targets: [...targets.values()],
    kills: [...kills].map(([kind, count]) => ({ kind, count })).sort((a, b) => b.count - a.count),
    buckets: buckets.flatMap((bucket) => {
      const representative = quickest.get(bucket);
      return representative === undefined ? [] : [{ ...bucket, representative }];
    }),
  };
}

function countTarget(targets: Map<string, TargetCounts>, { target, status, job_runtime_s }: JobResult): void {
  let counts = targets.get(target);
  if (counts === undefined) {
    counts = { target, total: 0, passed: 0, failed: 0, killed: 0, longestS: 0 };
    targets.set(target, counts);
  }
  counts.total++;
  counts[status]++;
  counts.longestS = Math.max(counts.longestS, job_runtime_s ?? 0);
}

function runtimeOf(job: JobResult): number {
  return job.job_runtime_s ?? Infinity;
}
