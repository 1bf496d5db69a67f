// The contract between a run and its durable record. The journal implements it; the driver calls it.
import type { AttemptId } from './backend.js';
import type { Observer } from './run-event.js';

/**
 * Keeps the record of a run. Other than a plain observer it is told first, and what a run does waits for it:
 *
 * - `recordIntent` is called with what is about to be submitted, and with everything told by `notify` before it. Submission waits for
 *   its promise; when it throws or rejects, nothing is submitted and the jobs stay in the queue.
 * - `flush` is called before anything else that cannot be taken back, a kill for one. It may fail quietly: a kill goes on.
 *
 * What goes wrong with the record is the recorder's to report, once; the run is then to be stopped.
 */
export interface RunRecorder extends Observer {
  readonly recordIntent: (
    backend: string,
    attempts: readonly AttemptId[],
    atMs: number,
  ) => void | Promise<void>;
  readonly flush: () => void;
}
