// A clock that does not wait: time jumps to the next timer as soon as nothing else is left to do.
import type { Clock, TimerHandle } from '../model/clock.js';

interface VirtualTimer {
  readonly atMs: number;
  readonly order: number;
  callback: (() => void) | null;
}

/**
 * Virtual time for runs in which nothing real happens. After a timer fires, promises and other callbacks settle before the next
 * one: timers fire in order of time, and of creation where times are equal, one a turn of the event loop, so a run is repeatable.
 */
export class VirtualClock implements Clock {
  #nowMs: number;
  #created = 0;
  readonly #heap: VirtualTimer[] = [];
  #isScheduled = false;

  /** @param startMs - Unix time at which the clock starts. */
  constructor(startMs: number) {
    this.#nowMs = startMs;
  }

  readonly now = (): number => this.#nowMs;

  readonly setTimer = (atMs: number, callback: () => void): TimerHandle => {
    const timer: VirtualTimer = { atMs: Math.max(atMs, this.#nowMs), order: this.#created++, callback };
    this.#push(timer);
    this.#schedule();
    return timer;
  };

  readonly clearTimer = (handle: TimerHandle): void => {
    (handle as VirtualTimer).callback = null;
  };

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      this.#fireNext();
    });
  }

  #fireNext(): void {
    let next = this.#pop();
    while (next?.callback === null) next = this.#pop();
    if (next === undefined) return;
    this.#nowMs = next.atMs;
    if (this.#heap.length > 0) this.#schedule();
    next.callback?.();
  }

  #push(timer: VirtualTimer): void {
    const heap = this.#heap;
    let at = heap.length;
    heap.push(timer);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = heap[parent];
      if (above === undefined || isBefore(above, timer)) break;
      heap[at] = above;
      at = parent;
    }
    heap[at] = timer;
  }

  #pop(): VirtualTimer | undefined {
    const heap = this.#heap;
    const top = heap[0];
    const moved = heap.pop();
    if (moved === undefined || heap.length === 0) return top;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      let best = heap[child];
      const right = heap[child + 1];
      if (best !== undefined && right !== undefined && isBefore(right, best)) {
        best = right;
        child++;
      }
      if (best === undefined || isBefore(moved, best)) break;
      heap[at] = best;
      at = child;
    }
    heap[at] = moved;
    return top;
  }
}

function isBefore(a: VirtualTimer, b: VirtualTimer): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);
}
