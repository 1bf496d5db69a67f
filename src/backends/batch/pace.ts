// How often a batch backend asks and how long it waits; every number in one place. Knows no engine.

/** Times of a batch backend, in milliseconds unless the name says otherwise. */
export interface Pace {
  /** Shortest and longest time between two queries of the engine; it grows while nothing calls for a look. */
  readonly minQueryMs: number;
  readonly maxQueryMs: number;
  /** Longest time between two looks into the spool directory where it cannot be watched (NFS). */
  readonly blindLookMs: number;
  /**
   * How long a task may be gone from the queue without a record before it is given up. Longer than a file server takes to show what
   * another machine has written.
   */
  readonly settleMs: number;
  /** How long a task may be held before its job fails. */
  readonly heldMs: number;
  /** How long the engine must say that a task can never start before it is believed. */
  readonly hopelessMs: number;
  /** Time between two attempts to cancel what is still there. */
  readonly cancelAgainMs: number;
  /** How long `close` tries to empty the queue. */
  readonly closeMs: number;
  /** Longest time for one command of the engine. */
  readonly commandMs: number;
  /** Most submit commands a second, and most at once after a rest. */
  readonly submitsPerSecond: number;
  readonly submitBurst: number;
}

export const DEFAULT_PACE: Pace = Object.freeze({
  minQueryMs: 1_000,
  maxQueryMs: 30_000,
  blindLookMs: 2_000,
  settleMs: 5_000,
  heldMs: 60_000,
  hopelessMs: 3_000,
  cancelAgainMs: 2_000,
  closeMs: 30_000,
  commandMs: 60_000,
  submitsPerSecond: 20,
  submitBurst: 20,
});
