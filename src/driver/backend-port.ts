// One backend as the driver sees it: whatever it does wrong becomes an answer. Knows nothing of the core.
import type { Backend, KillRequest, Submission, SubmitAnswer } from '../model/backend.js';
import { messageOf } from '../util/message-of.js';

/** Calls a backend so that no exception and no malformed answer of it gets further. */
export class BackendPort {
  readonly #backend: Backend;
  readonly #report: (message: string) => void;

  /** @param report - Receives one line for each failure that concerns no job. */
  constructor(backend: Backend, report: (message: string) => void) {
    this.#backend = backend;
    this.#report = report;
  }

  /** One answer a submission, in order. An exception rejects all of them: by contract none was started then. */
  async submit(batch: readonly Submission[]): Promise<readonly SubmitAnswer[]> {
    try {
      // A plugin need not have been compiled against the contract.
      const answers: unknown = await this.#backend.submit(batch);
      return batch.map((_, i) =>
        this.#checked(Array.isArray(answers) ? (answers as unknown[])[i] : undefined),
      );
    } catch (error) {
      const answer: SubmitAnswer = { kind: 'rejected', message: this.#failure(error) };
      return batch.map(() => answer);
    }
  }

  /** A kill that fails is reported; the core asks again by force when the end does not come. */
  async kill(batch: readonly KillRequest[]): Promise<void> {
    try {
      await this.#backend.kill(batch);
    } catch (error) {
      this.#report(`${this.#failure(error)} while killing ${batch.length} jobs`);
    }
  }

  async close(): Promise<void> {
    try {
      await this.#backend.close();
    } catch (error) {
      this.#report(`${this.#failure(error)} while closing`);
    }
  }

  #checked(given: unknown): SubmitAnswer {
    const answer = given as SubmitAnswer | null | undefined;
    if (answer?.kind === 'accepted' || answer?.kind === 'busy' || answer?.kind === 'rejected') return answer;
    return { kind: 'rejected', message: `backend ${this.#backend.name} gave no valid answer` };
  }

  #failure(error: unknown): string {
    return `backend ${this.#backend.name} failed: ${messageOf(error)}`;
  }
}
