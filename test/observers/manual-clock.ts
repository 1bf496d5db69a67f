// A clock that moves when the test says so.
import type { Clock, TimerHandle } from '../../src/model/clock.js';

interface Timer {
  readonly atMs: number;
  readonly callback: () => void;
}

/** Starts at 1,000,000 ms. Counts what is pending, so that a test can tell an idle observer from a ticking one. */
export class ManualClock implements Clock {
  #nowMs = 1_000_000;
  readonly #timers = new Set<Timer>();

  readonly now = (): number => this.#nowMs;

  readonly setTimer = (atMs: number, callback: () => void): TimerHandle => {
    const timer = { atMs, callback };
    this.#timers.add(timer);
    return timer;
  };

  readonly clearTimer = (handle: TimerHandle): void => {
    this.#timers.delete(handle as Timer);
  };

  get pending(): number {
    return this.#timers.size;
  }

  /** Lets time pass, firing each timer when it is due, those set meanwhile included. */
  advance(byMs: number): void {
    const untilMs = this.#nowMs + byMs;
    for (;;) {
      const due = [...this.#timers].filter((timer) => timer.atMs <= untilMs);
      const next = due.reduce<Timer | undefined>((a, b) => (a && a.atMs <= b.atMs ? a : b), undefined);
      if (next === undefined) break;
      this.#timers.delete(next);
      this.#nowMs = Math.max(this.#nowMs, next.atMs);
      next.callback();
    }
    this.#nowMs = untilMs;
  }
}
