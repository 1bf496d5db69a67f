// The backend of a dry run: takes every job and declares it passed. Touches nothing.
import type { Backend, BackendSink, Submission, SubmitAnswer } from '../../model/backend.js';

/** Runs nothing: `--dry-run`, and jobs whose spec says `dry_run`. */
export class DryRunBackend implements Backend {
  readonly name = 'dry-run';
  #sink: BackendSink | null = null;

  async open(sink: BackendSink): Promise<void> {
    this.#sink = sink;
  }

  async submit(batch: readonly Submission[]): Promise<readonly SubmitAnswer[]> {
    this.#sink?.ended(
      batch.map(({ job, attempt }) => ({
        job,
        attempt,
        end: { kind: 'declared', outcome: { status: 'passed' } },
      })),
    );
    return batch.map(() => ({ kind: 'accepted', running: true }));
  }

  /** Nothing runs, so nothing is to be killed. */
  async kill(): Promise<void> {
    return;
  }

  async close(): Promise<void> {
    this.#sink = null;
  }
}
