// Estimates how long the rest of some work takes, from the pace so far and from what is known of such work. Pure; knows no job.

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
  /** Of the jobs whose run time was known beforehand. */
  readonly expected: Expected;
}

/** Jobs whose run time was known before they ran, by how far they are, and the sums of those times. */
interface Expected {
  readonly waiting: number;
  readonly waitingMs: number;
  readonly running: number;
  readonly runningMs: number;
  /** Expected run times of those that finished, and what they really took. */
  readonly finishedMs: number;
  readonly tookMs: number;
}

/** So much of finished work must speak against expectations for them to be doubted by half; what is short is no measure. */
const CREDIT_MS = 60_000;

/**
 * The work that is left, in job-milliseconds: every job that has not ended takes the time that was known beforehand, more or less as
 * the finished ones took more or less than theirs; where nothing was known, the mean time of those that finished; less what it has
 * run already. Null while there is nothing to go by.
 */
export function remainingWorkMs(progress: Progress): number | null {
  const left = progress.waiting + progress.running;
  if (left === 0) return 0;
  const { expected } = progress;
  const isAllExpected = left === expected.waiting + expected.running;
  if (progress.finished === 0 && !isAllExpected) return null;
  const meanMs = progress.finished === 0 ? 0 : progress.finishedMs / progress.finished;
  const factor = (expected.tookMs + CREDIT_MS) / (expected.finishedMs + CREDIT_MS);
  const waitingMs = expected.waitingMs * factor + (progress.waiting - expected.waiting) * meanMs;
  const runningMs = expected.runningMs * factor + (progress.running - expected.running) * meanMs;
  return waitingMs + runningMs - Math.min(runningMs, progress.runningAgeMs);
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
