// Real time for observers: its timers never hold up the end of the process. Knows nothing of a run's own clock.
import type { Clock } from '../model/clock.js';
import { LONGEST_DELAY_MS } from '../util/longest-delay.js';

const now = (): number => performance.timeOrigin + performance.now();

/** A monotonic wall clock with unreferenced timers. Timers further away than 24 days fire early. */
export const idleClock: Clock = {
  now,
  setTimer: (atMs, callback) =>
    setTimeout(callback, Math.min(Math.max(0, atMs - now()), LONGEST_DELAY_MS)).unref(),
  clearTimer: (handle) => {
    clearTimeout(handle as NodeJS.Timeout);
  },
};
