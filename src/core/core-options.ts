// What a core is told of its run before it starts.
import type { Limits } from '../model/run-event.js';
import type { BackendsOfRun } from './parts.js';

/** Rules of a run that hold from its start to its end. */
export interface CoreOptions {
  /** Jobs in scheduling order, first to start first (see `rankJobs`). */
  readonly order: Int32Array;
  readonly backends: BackendsOfRun;
  readonly limits: Limits;
  /** Times a job is run again after an end that was not its own doing (lost). Whole number >= 0. */
  readonly infraRetries: number;
  /** The run is stopped after so many failed jobs; null: never. */
  readonly failFast: number | null;
  /** How long a job that needs much may be passed over before room is kept for it, in milliseconds. */
  readonly reserveAfterMs: number;
  /**
   * How long after a kill a backend may take to report the end, in milliseconds: its grace plus a margin. After that the job is
   * killed by force, and after as long again it is given up, so that a run always ends.
   */
  readonly killTimeoutMs: number;
}
