// What the record of a run says of its jobs when the run is taken up again. Types only; src/journal works it out.
import type { AttemptId } from './backend.js';
import type { Outcome } from './outcome.js';
import type { Reason } from './reason.js';

/** A job whose end is on record and stands. */
export interface RecoveredEnd {
  readonly job: number;
  readonly outcome: Outcome;
}

/** An attempt that was with a backend, or on its way to one, when the record breaks off. */
export interface RecoveredAttempt extends AttemptId {
  /** When the job became ready. */
  readonly queuedAtMs: number;
  /** When it started; null when that is not on record. */
  readonly startedAtMs: number | null;
  /** A kill that was sent and whose end is not on record; null: none. */
  readonly kill: {
    readonly reason: Reason;
    /** The kill was part of ending the run, which now goes on: what is left of the attempt is ended, and the job runs again. */
    readonly runsAgain: boolean;
  } | null;
}

/** A run as its record has it. Jobs in neither list start anew. */
export interface Recovery {
  readonly ended: readonly RecoveredEnd[];
  readonly inFlight: readonly RecoveredAttempt[];
  /** Number of the last attempt that was recorded, by job; 0: none. */
  readonly attempts: Int32Array;
  /** Times a backend is known to have accepted the job, by job. */
  readonly accepted: Int32Array;
}
