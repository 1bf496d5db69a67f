// Counters of a whole run: its targets, slots, resources and backends. Knows no format, no terminal and no clock.
import type { JobSpec } from '../../model/job-spec.js';
import { escapeControls } from '../../model/problem.js';
import type { Limits, RunEvent } from '../../model/run-event.js';
import { remainingTimeMs, remainingWorkMs, type Progress } from './eta.js';
import { describeBusy, describeStop } from './notices.js';
import type { RowSnapshot, StatusCounts, StatusSnapshot, UsageSnapshot } from './snapshot.js';
import { TargetTally } from './target-tally.js';

type RunStarted = Extract<RunEvent, { kind: 'run-started' }>;
type JobChanged = Extract<RunEvent, { kind: 'job-changed' }>;

/** Most names of running jobs a row carries, and the longest part of one: no terminal shows more. */
const MOST_NAMES = 50;
const LONGEST_NAME = 200;

/** Follows a run in constant time per event; a snapshot costs time per target, not per job. */
export class RunTally {
  readonly jobs: readonly JobSpec[];
  readonly #startMs: number;
  readonly #targets: TargetTally[] = [];
  readonly #targetOf: Uint32Array;
  readonly #backendOf: readonly string[];
  /** In whole milliseconds; NaN where it is not known. */
  readonly #expectedMs: Float64Array;
  readonly #runningOn = new Map<string, number>();
  readonly #inUse = new Map<string, number>();
  readonly #busy = new Map<string, Extract<RunEvent, { kind: 'backend-busy' }>>();
  #limits: Limits;
  #running = 0;
  #stop: Extract<RunEvent, { kind: 'stop-asked' }> | null = null;

  /** @param expectedMsOf - How long a job is known to run; null: not known. */
  constructor(event: RunStarted, expectedMsOf: (spec: JobSpec) => number | null = () => null) {
    this.jobs = event.jobs;
    this.#startMs = event.atMs;
    this.#limits = event.limits;
    this.#backendOf = event.backends;
    this.#targetOf = new Uint32Array(event.jobs.length);
    // Whole, so that sums stay exact whatever is added and taken away.
    this.#expectedMs = Float64Array.from(event.jobs, (spec) => Math.round(expectedMsOf(spec) ?? NaN));
    const indexOf = new Map<string, number>();
    for (const [job, { target }] of event.jobs.entries()) {
      let index = indexOf.get(target);
      if (index === undefined) {
        index = this.#targets.push(new TargetTally(escapeControls(target))) - 1;
        indexOf.set(target, index);
      }
      this.#targetOf[job] = index;
      this.target(index).addJob(this.#expectedMsOf(job));
    }
    for (const backend of event.backends) this.#runningOn.set(backend, 0);
  }

  get running(): number {
    return this.#running;
  }

  /** Index of a job's target, in declaration order. */
  targetOf(job: number): number {
    const index = this.#targetOf[job];
    if (index === undefined) throw new RangeError(`the run has no job ${job}`);
    return index;
  }

  target(index: number): TargetTally {
    const target = this.#targets[index];
    if (target === undefined) throw new RangeError(`the run has no target ${index}`);
    return target;
  }

  spec(job: number): JobSpec {
    const spec = this.jobs[job];
    if (spec === undefined) throw new RangeError(`the run has no job ${job}`);
    return spec;
  }

  /** Takes in an event that follows the run's start; events that change nothing shown are ignored. */
  apply(event: RunEvent): void {
    if (event.kind === 'job-changed') this.#change(event);
    else if (event.kind === 'limits-changed' || event.kind === 'run-resumed') this.#limits = event.limits;
    else if (event.kind === 'stop-asked') this.#stop = event;
    else if (event.kind === 'backend-busy') this.#busy.set(event.backend, event);
  }

  /** What to show at `nowMs` (Unix time on the run's clock). */
  snapshot(nowMs: number): StatusSnapshot {
    const sinceStartMs = Math.max(0, nowMs - this.#startMs);
    const targets = this.#targets.map((target) => target.snapshot(sinceStartMs, this.#namesOf(target)));
    return {
      targets,
      total: this.#total(targets, sinceStartMs),
      usage: this.#usage(),
      notices: this.#notices(nowMs),
    };
  }

  #change(event: JobChanged): void {
    const { job, from, to } = event;
    const target = this.target(this.targetOf(job));
    const expectedMs = this.#expectedMsOf(job);
    const atMs = event.atMs - this.#startMs;
    target.move(from, to, expectedMs);
    if (from === 'running') {
      if (to === 'passed' || to === 'failed') target.finish(job, atMs, expectedMs);
      else target.stop(job, atMs);
      this.#occupy(job, -1);
    }
    if (to === 'running') {
      target.start(job, atMs);
      this.#occupy(job, 1);
    }
  }

  #expectedMsOf(job: number): number {
    return this.#expectedMs[job] ?? NaN;
  }

  /** Takes (`sign` 1) or gives back (-1) what a running job holds. */
  #occupy(job: number, sign: 1 | -1): void {
    this.#running += sign;
    const backend = this.#backendOf[job];
    if (backend !== undefined) this.#runningOn.set(backend, (this.#runningOn.get(backend) ?? 0) + sign);
    const { resources } = this.spec(job);
    for (const name in resources) {
      // An unlimited amount cannot be counted.
      const units = resources[name] ?? 0;
      this.#inUse.set(name, (this.#inUse.get(name) ?? 0) + sign * units);
    }
  }

  #namesOf(target: TargetTally): string[] {
    const names: string[] = [];
    for (const job of target.running) {
      if (names.length === MOST_NAMES) break;
      names.push(escapeControls(this.spec(job).fullName.slice(0, LONGEST_NAME)));
    }
    return names;
  }

  #total(targets: readonly RowSnapshot[], sinceStartMs: number): RowSnapshot {
    let workMs = 0;
    let isLeast = false;
    let busyMs = 0;
    let firstStartMs: number | null = null;
    for (const target of this.#targets) {
      const progress: Progress = target.progress(sinceStartMs);
      const ownMs = remainingWorkMs(progress);
      workMs += ownMs ?? 0;
      isLeast ||= ownMs === null;
      busyMs += progress.busyMs;
      if (target.firstStartMs !== null)
        firstStartMs = Math.min(firstStartMs ?? Infinity, target.firstStartMs);
    }
    const spanMs = firstStartMs === null ? 0 : sinceStartMs - firstStartMs;
    return {
      name: 'total',
      counts: sumCounts(targets),
      total: this.jobs.length,
      elapsedMs: sinceStartMs,
      etaMs: isLeast && workMs === 0 ? null : remainingTimeMs(workMs, { busyMs, spanMs }),
      etaIsLeast: isLeast,
      running: [],
    };
  }

  #usage(): UsageSnapshot[] {
    const usage: UsageSnapshot[] = [];
    if (this.#limits.run !== null)
      usage.push({ name: 'slots', used: this.#running, limit: this.#limits.run });
    const resources = new Set([...Object.keys(this.#limits.resources), ...this.#inUse.keys()]);
    for (const name of resources) {
      const used = this.#inUse.get(name) ?? 0;
      const limit = this.#limits.resources[name] ?? null;
      if (limit !== null || used > 0) usage.push({ name: escapeControls(name), used, limit });
    }
    if (this.#runningOn.size < 2) return usage;
    for (const [name, used] of this.#runningOn) {
      usage.push({ name: escapeControls(name), used, limit: this.#limits.backends[name] ?? null });
    }
    return usage;
  }

  #notices(nowMs: number): string[] {
    const busy = [...this.#busy.values()].filter((event) => event.untilMs > nowMs);
    return [...(this.#stop === null ? [] : [describeStop(this.#stop)]), ...busy.map(describeBusy)];
  }
}

function sumCounts(rows: readonly RowSnapshot[]): StatusCounts {
  const sum = { scheduled: 0, queued: 0, running: 0, passed: 0, failed: 0, killed: 0 };
  for (const { counts } of rows) {
    sum.scheduled += counts.scheduled;
    sum.queued += counts.queued;
    sum.running += counts.running;
    sum.passed += counts.passed;
    sum.failed += counts.failed;
    sum.killed += counts.killed;
  }
  return sum;
}
