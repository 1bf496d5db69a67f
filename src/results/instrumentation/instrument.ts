// The observer that measures a run while it goes on: slots, queue and licences over time, and why slots were idle.
// Constant time and a few bytes a job. Knows no format; what is known of jobs that have ended is the collector's.
import {
  NONE_IDLE,
  type IdleSlots,
  type Limits,
  type Observer,
  type RunEvent,
} from '../../model/run-event.js';
import { widenLimits } from '../widen-limits.js';
import { SlotAllocator } from './slot-allocator.js';
import { TimeSeries } from './time-series.js';
import { reach } from '../../util/reach.js';

type RunStarted = Extract<RunEvent, { kind: 'run-started' }>;
type JobChanged = Extract<RunEvent, { kind: 'job-changed' }>;

/** Slot-milliseconds without a running job, by cause. `backendBusy`: given to a backend that has not started the job yet. */
export interface IdleTime extends IdleSlots {
  readonly backendBusy: number;
}

/** What one run used of one limited thing. */
export interface UseOverTime {
  readonly series: TimeSeries;
  /** The largest limit that was in force; null: none. */
  readonly limit: number | null;
}

/** What an {@link Instrument} has measured, up to the last event. */
export interface Measurements {
  /** Jobs that ran. */
  readonly slots: UseOverTime;
  /** Jobs whose dependencies were done and that had not started. */
  readonly queue: TimeSeries;
  readonly backends: ReadonlyMap<string, UseOverTime>;
  /** Units in use of each resource that has a limit or was used. */
  readonly resources: ReadonlyMap<string, UseOverTime>;
  /** Null where the run had no limit: then there is no telling what slots there were. */
  readonly idle: IdleTime | null;
  /** Slot a job ran in last, from 1; 0 for one that never ran. */
  readonly slotOf: (job: number) => number;
}

/** Feed it the events of a run, live or recorded, in order. */
export class Instrument implements Observer {
  readonly name = 'instrumentation';
  #start: RunStarted | null = null;
  #limits: Limits = { run: null, backends: {}, resources: {} };
  /** The limit in force now. */
  #runLimit: number | null = null;
  #idle = NONE_IDLE;
  readonly #idleMs = { noReadyJob: 0, resource: 0, limit: 0, backoff: 0, backendBusy: 0 };
  #idleFromMs = 0;
  #hasLimit = true;
  #lastMs = 0;
  readonly #allocator = new SlotAllocator();
  #slotOf = new Uint32Array(0);
  readonly #running = new TimeSeries();
  readonly #queue = new TimeSeries();
  readonly #backends = new Map<string, TimeSeries>();
  readonly #resources = new Map<string, TimeSeries>();

  notify(event: RunEvent): void {
    // An attempt that was taken over from an earlier process started before the event that says so was due.
    this.#lastMs = Math.max(this.#lastMs, event.atMs);
    switch (event.kind) {
      case 'run-started':
        this.#begin(event);
        return;
      case 'job-changed':
        this.#change(event);
        return;
      case 'slots-idle':
        this.#accountIdle(event.atMs);
        this.#idle = event.idle;
        return;
      case 'limits-changed':
        this.#accountIdle(event.atMs);
        this.#setLimits(event.limits);
        return;
      default:
        // The other events change nothing that is measured.
        return;
    }
  }

  /** What was measured up to the last event. */
  read(): Measurements {
    const { run, backends, resources } = this.#limits;
    const atMs = this.#since(this.#lastMs);
    const uses = (
      series: ReadonlyMap<string, TimeSeries>,
      limits: Limits['backends'],
    ): Map<string, UseOverTime> =>
      new Map(
        Array.from(series, ([name, one]) => {
          one.advance(atMs);
          return [name, { series: one, limit: Object.hasOwn(limits, name) ? (limits[name] ?? null) : null }];
        }),
      );
    this.#running.advance(atMs);
    this.#queue.advance(atMs);
    this.#accountIdle(this.#lastMs);
    return {
      slots: { series: this.#running, limit: run },
      queue: this.#queue,
      backends: uses(this.#backends, backends),
      resources: uses(this.#resources, resources),
      idle: this.#hasLimit ? { ...this.#idleMs } : null,
      slotOf: (job) => this.#slotOf[job] ?? 0,
    };
  }

  #begin(event: RunStarted): void {
    this.#start = event;
    this.#idleFromMs = event.atMs;
    this.#slotOf = new Uint32Array(event.jobs.length);
    this.#limits = event.limits;
    this.#setLimits(event.limits);
    for (const name of event.backends) seriesOf(this.#backends, name);
    for (const name of Object.keys(event.limits.resources)) seriesOf(this.#resources, name);
  }

  #setLimits(limits: Limits): void {
    this.#limits = widenLimits(this.#limits, limits);
    this.#runLimit = limits.run;
    this.#hasLimit &&= limits.run !== null;
  }

  #change({ job, from, to, atMs }: JobChanged): void {
    const ms = this.#since(atMs);
    if (from === 'queued') this.#queue.set(ms, this.#queue.value - 1);
    if (to === 'queued') this.#queue.set(ms, this.#queue.value + 1);
    if (from === 'running') {
      this.#occupy(job, atMs, -1);
      this.#allocator.give(this.#slotOf[job] ?? 0);
    }
    if (to === 'running') {
      this.#occupy(job, atMs, 1);
      this.#slotOf[job] = this.#allocator.take();
    }
  }

  /** A job takes (`sign` 1) or gives back (-1) what it holds while it runs. */
  #occupy(job: number, atMs: number, sign: 1 | -1): void {
    const ms = this.#since(atMs);
    this.#accountIdle(atMs);
    this.#running.set(ms, this.#running.value + sign);
    const backend = seriesOf(this.#backends, this.#start?.backends[job] ?? '');
    backend.set(ms, backend.value + sign);
    const resources = this.#start?.jobs[job]?.resources ?? {};
    for (const name of Object.keys(resources)) {
      const series = seriesOf(this.#resources, name);
      // An unlimited amount cannot be counted.
      series.set(ms, series.value + sign * (resources[name] ?? 0));
    }
  }

  /** Adds up what was idle since this was last asked. */
  #accountIdle(atMs: number): void {
    const ms = atMs - this.#idleFromMs;
    if (ms <= 0) return;
    this.#idleFromMs = atMs;
    if (this.#runLimit === null) return;
    const { noReadyJob, resource, limit, backoff } = this.#idle;
    const held = this.#runLimit - noReadyJob - resource - limit - backoff;
    this.#idleMs.noReadyJob += noReadyJob * ms;
    this.#idleMs.resource += resource * ms;
    this.#idleMs.limit += limit * ms;
    this.#idleMs.backoff += backoff * ms;
    // After a limit was lowered more may run than there are slots.
    this.#idleMs.backendBusy += Math.max(0, held - this.#running.value) * ms;
  }

  #since(atMs: number): number {
    return atMs - (this.#start?.atMs ?? atMs);
  }
}

function seriesOf(all: Map<string, TimeSeries>, name: string): TimeSeries {
  return reach(all, name, () => new TimeSeries());
}
