// A clock around another one that counts the timers set and not yet fired or cleared.
import type { Clock, TimerHandle } from '../../../src/model/clock.js';

interface CountedTimer {
  inner: TimerHandle;
}

/** Tells what a backend costs in timers, and whether it left some behind. */
export class CountingClock implements Clock {
  readonly #clock: Clock;
  readonly #pending = new Set<CountedTimer>();
  /** Timers set since the start. */
  timersSet = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get pendingTimers(): number {
    return this.#pending.size;
  }

  readonly now = (): number => this.#clock.now();

  readonly setTimer = (atMs: number, callback: () => void): TimerHandle => {
    this.timersSet++;
    const inner = this.#clock.setTimer(atMs, () => {
      this.#pending.delete(timer);
      callback();
    });
    const timer: CountedTimer = { inner };
    this.#pending.add(timer);
    return timer;
  };

  readonly clearTimer = (handle: TimerHandle): void => {
    const timer = handle as CountedTimer;
    this.#pending.delete(timer);
    this.#clock.clearTimer(timer.inner);
  };
}
