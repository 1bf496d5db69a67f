// The real time as a run's clock.
import type { Clock, TimerHandle } from '../model/clock.js';
import { LONGEST_DELAY_MS } from '../util/longest-delay.js';

/** A timer that may take several of Node's. */
interface RealTimer {
  node: NodeJS.Timeout;
  /** It is due, and about to be told. */
  told: NodeJS.Immediate | null;
}

/**
 * Unix time by the monotonic clock: steps of the system's clock after the start do not move it. Where a timer is late, because this process
 * stood still or was busy, what has come in meanwhile is heard before it: a job that ended in time has not outrun its limit.
 */
export class RealClock implements Clock {
  readonly now = (): number => performance.timeOrigin + performance.now();

  readonly setTimer = (atMs: number, callback: () => void): TimerHandle => {
    const arm = (): NodeJS.Timeout => {
      const delayMs = Math.ceil(Math.max(0, atMs - this.now()));
      return setTimeout(
        () => {
          // Node's timers go by a coarser time and may fire a fraction of a millisecond early.
          if (this.now() >= atMs) timer.told = setImmediate(callback);
          else timer.node = arm();
        },
        Math.min(delayMs, LONGEST_DELAY_MS),
      );
    };
    const timer: RealTimer = { node: arm(), told: null };
    return timer;
  };

  readonly clearTimer = (handle: TimerHandle): void => {
    const { node, told } = handle as RealTimer;
    clearTimeout(node);
    clearImmediate(told ?? undefined);
  };
}
