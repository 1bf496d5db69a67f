// Estimates how long the rest of some work takes, from the pace so far. Pure arithmetic; knows no job.

/** Progress of a target, or of a whole run, as sums. Times in milliseconds. */
export interface Progress {
  /** Jobs that have not started. */
  readonly waiting: number;
  readonly running: number;
  /** Jobs that ran and ended by themselves, and the sum of their run times. */
  readonly finished: number;
  readonly finishedMs: number;
  /** Time spent by all jobs that ran, including killed ones and those that still run. */
  readonly busyMs: number;
  /** Sum of the ages of the running jobs. */
  readonly runningAgeMs: number;
  /** Time since the first job started. */
  readonly spanMs: number;
}

/**
 * The work that is left, in job-milliseconds: every job that has not ended takes the mean time of those that
 * finished, less what it has run already. Null before anything finished.
 */
export function remainingWorkMs(progress: Progress): number | null {
  const left = progress.waiting + progress.running;
  if (left === 0) return 0;
  if (progress.finished === 0) return null;
  const meanMs = progress.finishedMs / progress.finished;
  return left * meanMs - Math.min(progress.running * meanMs, progress.runningAgeMs);
}

/**
 * How long `workMs` takes at the mean number of jobs that ran at once so far, in milliseconds.
 * Null when nothing has run for any time, so that there is no pace.
 */
export function remainingTimeMs(workMs: number, pace: Pick<Progress, 'busyMs' | 'spanMs'>): number | null {
  if (workMs <= 0) return 0;
  if (pace.busyMs <= 0 || pace.spanMs <= 0) return null;
  return workMs / (pace.busyMs / pace.spanMs);
}
