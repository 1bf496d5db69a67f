// Counters of one target, kept up to date job by job in constant time. Knows nothing of how they are shown.
import { isTerminal, type JobStatus } from '../../model/status.js';
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
  readonly #expected = { waiting: 0, waitingMs: 0, running: 0, runningMs: 0, finishedMs: 0, tookMs: 0 };

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

  /**
   * Adds a job, scheduled.
   * @param expectedMs - How long it is known to run, in whole milliseconds; NaN: not known. The same at each call for the job.
   */
  addJob(expectedMs: number): void {
    this.#total++;
    this.#counts.scheduled++;
    this.#expect('waiting', expectedMs, 1);
  }

  /** Moves a job from one status to another. */
  move(from: JobStatus, to: JobStatus, expectedMs: number): void {
    this.#counts[from]--;
    this.#counts[to]++;
    if (!isTerminal(from)) this.#expect(from === 'running' ? 'running' : 'waiting', expectedMs, -1);
    if (!isTerminal(to)) this.#expect(to === 'running' ? 'running' : 'waiting', expectedMs, 1);
  }

  /** Adds what is expected of a job to where it is (`sign` 1), or takes it away (-1). */
  #expect(where: 'waiting' | 'running', expectedMs: number, sign: 1 | -1): void {
    if (Number.isNaN(expectedMs)) return;
    this.#expected[where] += sign;
    this.#expected[`${where}Ms`] += sign * expectedMs;
  }

  /** Notes that a job started. */
  start(job: number, atMs: number): void {
    this.#startedMs.set(job, atMs);
    this.#startSumMs += atMs;
    this.#firstStartMs ??= atMs;
  }

  /** Notes that a running job ended by itself. */
  finish(job: number, atMs: number, expectedMs: number): void {
    const tookMs = this.stop(job, atMs);
    this.#finished++;
    this.#finishedMs += tookMs;
    if (Number.isNaN(expectedMs)) return;
    this.#expected.finishedMs += expectedMs;
    this.#expected.tookMs += tookMs;
  }

  /** Notes that a running job was killed or lost. @returns how long it ran. */
  stop(job: number, atMs: number): number {
    const startedMs = this.#startedMs.get(job);
    if (startedMs === undefined) return 0;
    this.#startedMs.delete(job);
    this.#startSumMs -= startedMs;
    this.#pastBusyMs += atMs - startedMs;
    this.#lastEndMs = Math.max(this.#lastEndMs, atMs);
    return atMs - startedMs;
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
      expected: this.#expected,
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
