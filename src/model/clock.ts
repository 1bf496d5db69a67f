// The clock of a run: real, or virtual where every job is fake.

/** Handle of a timer; pass it to `clearTimer`. */
export type TimerHandle = object;

/** Time as a run sees it. */
export interface Clock {
  /** Unix time in milliseconds; never goes back. */
  readonly now: () => number;
  /** Calls `callback` once, at `atMs` or as soon as possible after. */
  readonly setTimer: (atMs: number, callback: () => void) => TimerHandle;
  readonly clearTimer: (handle: TimerHandle) => void;
}
