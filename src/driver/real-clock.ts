// The real time as a run's clock.
import type { Clock, TimerHandle } from '../model/clock.js';

/** Node fires a timer with a longer delay at once. */
const MAX_DELAY_MS = 2 ** 31 - 1;

/** A timer that may take several of Node's. */
interface RealTimer {
  node: NodeJS.Timeout;
}

/** Unix time by the monotonic clock: steps of the system's clock after the start do not move it. */
export class RealClock implements Clock {
  readonly now = (): number => performance.timeOrigin + performance.now();

  readonly setTimer = (atMs: number, callback: () => void): TimerHandle => {
    const arm = (): NodeJS.Timeout => {
      const delayMs = Math.ceil(Math.max(0, atMs - this.now()));
      return setTimeout(
        () => {
          // Node's timers go by a coarser time and may fire a fraction of a millisecond early.
          if (this.now() >= atMs) callback();
          else timer.node = arm();
        },
        Math.min(delayMs, MAX_DELAY_MS),
      );
    };
    const timer: RealTimer = { node: arm() };
    return timer;
  };

  readonly clearTimer = (handle: TimerHandle): void => {
    clearTimeout((handle as RealTimer).node);
  };
}
