// Counters of one target, kept up to date job by job in constant time. Knows nothing of how they are shown.
import type { JobStatus } from '../../model/status.js';
import { remainingTimeMs, remainingWorkMs, type Progress } from './eta.js';
import type { RowSnapshot, StatusCounts } from './snapshot.js';

/**
 * Counts of the jobs of one target, and the sums its estimates need. Times are milliseconds since the run's start:
 * sums of Unix times would outgrow exact numbers.
 */
export class TargetTally {
  readonly #counts: Record<JobStatus, number> = {
    scheduled: 0,
    queued: 0,
    running: 0,
    passed: 0,
    failed: 0,
    killed: 0,
  };
  /** Start of each running job, in order of starting. */
  readonly #startedMs = new Map<number, number>();
  #total = 0;
  #startSumMs = 0;
  #firstStartMs: number | null = null;
  #lastEndMs = 0;
  #finished = 0;
  #finishedMs = 0;
  #pastBusyMs = 0;

  constructor(readonly name: string) {}

  get counts(): StatusCounts {
    return this.#counts;
  }

  get total(): number {
    return this.#total;
  }

  get firstStartMs(): number | null {
    return this.#firstStartMs;
  }

  get isDone(): boolean {
    const { passed, failed, killed } = this.#counts;
    return passed + failed + killed === this.#total;
  }

  /** Running jobs, longest running first. */
  get running(): Iterable<number> {
    return this.#startedMs.keys();
  }

  /** Adds a job, scheduled. */
  addJob(): void {
    this.#total++;
    this.#counts.scheduled++;
  }

  /** Moves a job from one status to another. */
  move(from: JobStatus, to: JobStatus): void {
    this.#counts[from]--;
    this.#counts[to]++;
  }

  /** Notes that a job started. */
  start(job: number, atMs: number): void {
    this.#startedMs.set(job, atMs);
    this.#startSumMs += atMs;
    this.#firstStartMs ??= atMs;
  }

  /** Notes that a running job ended (`finished`: by itself) or was lost. */
  stop(job: number, atMs: number, finished: boolean): void {
    const startedMs = this.#startedMs.get(job);
    if (startedMs === undefined) return;
    this.#startedMs.delete(job);
    this.#startSumMs -= startedMs;
    this.#pastBusyMs += atMs - startedMs;
    this.#lastEndMs = Math.max(this.#lastEndMs, atMs);
    if (!finished) return;
    this.#finished++;
    this.#finishedMs += atMs - startedMs;
  }

  progress(nowMs: number): Progress {
    const running = this.#startedMs.size;
    const runningAgeMs = running === 0 ? 0 : Math.max(0, running * nowMs - this.#startSumMs);
    return {
      waiting: this.#counts.scheduled + this.#counts.queued,
      running,
      finished: this.#finished,
      finishedMs: this.#finishedMs,
      busyMs: this.#pastBusyMs + runningAgeMs,
      runningAgeMs,
      spanMs: this.#firstStartMs === null ? 0 : nowMs - this.#firstStartMs,
    };
  }

  /** The row of this target; `running` are the names to show. */
  snapshot(nowMs: number, running: readonly string[]): RowSnapshot {
    const progress = this.progress(nowMs);
    const workMs = remainingWorkMs(progress);
    return {
      name: this.name,
      counts: { ...this.#counts },
      total: this.#total,
      elapsedMs:
        this.#firstStartMs === null ? null : (this.isDone ? this.#lastEndMs : nowMs) - this.#firstStartMs,
      etaMs: workMs === null ? null : remainingTimeMs(workMs, progress),
      etaIsLeast: false,
      running,
    };
  }
}
