// The backend of a dry run: takes every job and declares it passed. Touches nothing.
import type {
  AdoptAnswer,
  AttemptId,
  Backend,
  BackendSink,
  Submission,
  SubmitAnswer,
} from '../../model/backend.js';
import type { JobEnd } from '../../model/outcome.js';

const PASSED: JobEnd = { kind: 'declared', outcome: { status: 'passed' } };

/** Runs nothing: `--dry-run`, and jobs whose spec says `dry_run`. Jobs pass in the turn of the event loop after their submission. */
export class DryRunBackend implements Backend {
  readonly name = 'dry-run';
  #sink: BackendSink | null = null;
  /** Accepted, and not yet reported. */
  #passing: AttemptId[] = [];

  async open(sink: BackendSink): Promise<void> {
    this.#sink = sink;
  }

  async submit(batch: readonly Submission[]): Promise<readonly SubmitAnswer[]> {
    if (this.#passing.length === 0) {
      // After the answer, so that an observer sees each job run.
      setImmediate(() => {
        this.#reportPassed();
      });
    }
    for (const { job, attempt } of batch) this.#passing.push({ job, attempt });
    return batch.map(() => ({ kind: 'accepted', running: true }));
  }

  /** A pretended job ends with the process that pretends it. */
  async adopt(batch: readonly Submission[]): Promise<readonly AdoptAnswer[]> {
    return batch.map(() => ({ kind: 'gone', message: 'a dry run leaves nothing behind' }));
  }

  /** Nothing runs, so nothing is to be killed. */
  async kill(): Promise<void> {
    return;
  }

  async close(): Promise<void> {
    this.#reportPassed();
    this.#sink = null;
  }

  #reportPassed(): void {
    const passed = this.#passing;
    this.#passing = [];
    if (passed.length > 0) this.#sink?.ended(passed.map((id) => ({ ...id, end: PASSED })));
  }
}
