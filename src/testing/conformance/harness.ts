// What a backend's tests give the conformance suite: the backend, and jobs that behave as asked on it. Knows no check.
import type { Backend } from '../../model/backend.js';
import type { JobSpec } from '../../model/job-spec.js';

/**
 * What a job does:
 * - `succeeds`, `fails`: ends by itself, at once
 * - `waits`: runs for hours unless it is killed, and ends when asked to
 * - `stubborn`: runs for hours and takes no notice of a plain kill
 * - `unlaunchable`: cannot be started
 */
export type JobBehaviour = 'succeeds' | 'fails' | 'waits' | 'stubborn' | 'unlaunchable';

/** A job for a check. */
export interface ConformanceJob {
  readonly spec: JobSpec;
  /**
   * Resolves once a job that was started behaves as asked, e.g. when a stubborn one has set its trap. Default: at once.
   * Called after the job was accepted.
   */
  readonly whenReady?: () => Promise<void>;
}

/** One backend under test. Make a new harness, with new directories if it needs any, for each check. */
export interface ConformanceHarness {
  /**
   * Makes the backend, not opened; called once.
   * @param killGraceMs - What a job gets between a plain kill and force, for backends with such a time.
   */
  readonly makeBackend: (killGraceMs: number) => Backend;
  /** Makes a job of each behaviour the backend has; checks that need another do not apply. Names are unique. */
  readonly jobs: Readonly<Partial<Record<JobBehaviour, (fullName: string) => ConformanceJob>>>;
  /** Called after the backend was closed: names what is left of the run (processes, timers, files of its own). Default: not asked. */
  readonly findLeftovers?: () => readonly string[] | Promise<readonly string[]>;
  /** Longest wait for anything the contract promises, in milliseconds of real time. Default 20,000. */
  readonly timeoutMs?: number;
  /** How long to listen for what must not come after `close`, in milliseconds of real time. Default 20. */
  readonly quietMs?: number;
  /** Jobs in the check of a large batch. Default 1,000. */
  readonly largeBatch?: number;
}

/** A backend broke its contract; the message says how. */
export class ContractBroken extends Error {
  override readonly name = 'ContractBroken';
}
