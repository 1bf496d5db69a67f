// Empties the queue of a run that is over: cancels all of it, and looks until none of it is there. Reports no end of a job.
import type { Clock } from '../../model/clock.js';
import type { Ender } from './ender.js';
import type { TaskReport } from './engine.js';
import type { Pace } from './pace.js';
import { isHopeless, type QueueWatch } from './queue-watch.js';
import type { Spool, TaskPlace } from './spool.js';
import type { TaskTable } from './task-table.js';

/** Time until the second look; the waits after it grow. */
const FIRST_WAIT_MS = 100;

/** How much longer each wait is than the last. */
const GROWTH = 1.5;

/** What a {@link QueueEmptier} is made of. */
export interface QueueEmptierParts {
  readonly clock: Clock;
  readonly pace: Pace;
  readonly table: TaskTable;
  readonly spool: Spool;
  readonly queue: QueueWatch;
  readonly ender: Ender;
  /** What the names of the run's arrays begin with. */
  readonly namePrefix: string;
}

/** Empties the queue once. */
export class QueueEmptier {
  readonly #parts: QueueEmptierParts;
  /** Until when arrays that nobody waits for are let be, by their ids. */
  readonly #leftUntilMs = new Map<string, number>();

  constructor(parts: QueueEmptierParts) {
    this.#parts = parts;
  }

  /** Resolves with null when nothing of the run is in the queue; after `closeMs` of {@link Pace} with why there is, in one line. */
  async empty(): Promise<string | null> {
    const { clock, pace, queue, table } = this.#parts;
    const giveUpAtMs = clock.now() + pace.closeMs;
    let present: readonly TaskReport[] = [];
    let message = 'it is still in the queue';
    let waitMs = FIRST_WAIT_MS;
    for (;;) {
      await Promise.all([this.#cancelOurs(), this.#cancelStrangers(present)]);
      const reply = await queue.ask();
      if (reply.kind === 'answered') {
        present = reply.reports.filter(({ state }) => state.kind !== 'ended');
        if (present.length === 0 && reply.garbled === 0 && table.size === 0) return null;
      } else {
        message = reply.message;
      }
      if (clock.now() >= giveUpAtMs || isHopeless(reply)) return message;
      await new Promise<void>((resolve) => clock.setTimer(clock.now() + waitMs, resolve));
      waitMs = Math.min(waitMs * GROWTH, pace.minQueryMs);
    }
  }

  /** Tasks that are waited for. Whoever reads the replies cancels again what stays. */
  #cancelOurs(): Promise<void> {
    const { clock, table, ender } = this.#parts;
    const nowMs = clock.now();
    const live = [...table.tasks()].filter(({ kill }) => kill?.force !== true);
    // What has no id yet cannot be cancelled now, but as soon as a reply tells it.
    for (const task of live) {
      task.kill = { force: true, askedAtMs: task.array.id === null ? 0 : nowMs, isEarly: false };
    }
    return ender.cancel(live);
  }

  /**
   * Arrays of the run that the queue shows beside. Those whose tasks have all left their records are on their way out; an engine that
   * is told to cancel them takes longer about it.
   */
  #cancelStrangers(present: readonly TaskReport[]): Promise<void> {
    const { clock, pace, ender } = this.#parts;
    const nowMs = clock.now();
    const due = Array.from(this.#findStrangers(present)).filter(([id, places]) => {
      const leftUntilMs = this.#leftUntilMs.get(id);
      const isLeft = leftUntilMs === undefined ? places.every(this.#hasEnded) : nowMs < leftUntilMs;
      if (leftUntilMs === undefined || !isLeft) this.#leftUntilMs.set(id, nowMs + pace.cancelAgainMs);
      return !isLeft;
    });
    return ender.cancelTargets(due.map(([id]) => ({ id, tasks: null })));
  }

  /** Tasks of arrays that nobody waits for, by the arrays' ids. */
  #findStrangers(present: readonly TaskReport[]): ReadonlyMap<string, readonly TaskPlace[]> {
    const { table, namePrefix } = this.#parts;
    const known = new Set(Array.from(table.arrays(), ({ name }) => name));
    const strangers = new Map<string, TaskPlace[]>();
    for (const { id, arrayName, tasks } of present) {
      if (arrayName !== null && known.has(arrayName)) continue;
      const array = Number(arrayName?.slice(namePrefix.length));
      const places = strangers.get(id) ?? [];
      for (const task of tasks) places.push({ array, task });
      strangers.set(id, places);
    }
    return strangers;
  }

  readonly #hasEnded = (place: TaskPlace): boolean => this.#parts.spool.read(place)?.isComplete === true;
}
