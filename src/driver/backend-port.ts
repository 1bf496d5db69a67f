// One backend as the driver sees it: whatever it does wrong becomes an answer. Knows nothing of the core.
import type {
  AdoptAnswer,
  AttemptId,
  Backend,
  BackendSink,
  KillRequest,
  Submission,
  SubmitAnswer,
} from '../model/backend.js';
import { UserError } from '../model/problem.js';
import { LONGEST_DELAY_MS } from '../util/longest-delay.js';
import { messageOf } from '../util/message-of.js';
import { checkReport, isAttempt, isTime } from './checked-report.js';

/** What a port needs beside its backend. */
export interface BackendPortOptions {
  /** Receives one line for each failure that concerns no job. */
  readonly report: (message: string) => void;
  /** Longest the start of a run waits for `open`, and its end for `close`, in milliseconds of real time. */
  readonly openTimeoutMs: number;
  readonly closeTimeoutMs: number;
}

/** Calls a backend so that no exception, no malformed answer and no silence at the end of it gets further. */
export class BackendPort {
  readonly #backend: Backend;
  readonly #report: BackendPortOptions['report'];
  readonly #openTimeoutMs: number;
  readonly #closeTimeoutMs: number;
  #hasReportedNonsense = false;

  constructor(backend: Backend, options: BackendPortOptions) {
    this.#backend = backend;
    this.#report = options.report;
    this.#openTimeoutMs = options.openTimeoutMs;
    this.#closeTimeoutMs = options.closeTimeoutMs;
  }

  /** @throws UserError when the backend throws, or takes too long. */
  async open(sink: BackendSink): Promise<void> {
    const { name } = this.#backend;
    const message = `backend ${name} is not open after ${this.#openTimeoutMs / 1000} s`;
    const tooLate = (): Error => new UserError({ code: 'backend-not-open', message });
    const guarded = this.#guard(sink);
    try {
      await within(this.#openTimeoutMs, { tooLate, doing: async () => this.#backend.open(guarded) });
    } catch (error) {
      if (error instanceof UserError) throw error;
      const problem = {
        code: 'backend-not-open',
        message: `backend ${name} cannot be opened: ${messageOf(error)}`,
      };
      throw new UserError(problem, { cause: error });
    }
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

  /** One answer an attempt, in order. Of what a backend that fails says nothing about, nothing is taken to be left. */
  async adopt(batch: readonly Submission[]): Promise<readonly AdoptAnswer[]> {
    try {
      const answers: unknown = await this.#backend.adopt(batch);
      return batch.map((_, i) => {
        const answer = (Array.isArray(answers) ? answers[i] : undefined) as AdoptAnswer | null | undefined;
        if (answer?.kind === 'gone') return answer;
        if (answer?.kind === 'adopted') {
          const { startedAtMs, ...rest } = answer;
          return isTime(startedAtMs) ? { ...rest, startedAtMs } : rest;
        }
        return { kind: 'gone', message: this.#noAnswer };
      });
    } catch (error) {
      const answer: AdoptAnswer = { kind: 'gone', message: this.#failure(error) };
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

  /** Lets jobs stand still, or go on, where the backend can. */
  async pace(how: 'suspend' | 'resume'): Promise<void> {
    try {
      await this.#backend[how]?.();
    } catch (error) {
      this.#report(`${this.#failure(error)} at ${how}`);
    }
  }

  /** Resolves when the backend has closed, failed to, or taken too long; never rejects. */
  async close(): Promise<void> {
    const tooLate = (): Error => new Error(`not done after ${this.#closeTimeoutMs / 1000} s`);
    try {
      await within(this.#closeTimeoutMs, { tooLate, doing: async () => this.#backend.close() });
    } catch (error) {
      this.#report(`${this.#failure(error)} while closing`);
    }
  }

  /** Takes from reports what is about an attempt; of the rest is told once. */
  #guard(sink: BackendSink): BackendSink {
    const attemptsIn = <T extends AttemptId>(given: readonly T[]): readonly T[] => {
      const reports = (Array.isArray(given) ? given : []) as readonly T[];
      const attempts = reports.filter(isAttempt);
      const isNonsense = !Array.isArray(given) || attempts.length < reports.length;
      if (isNonsense && !this.#hasReportedNonsense) {
        this.#report(`backend ${this.#backend.name} reported what is no attempt`);
        this.#hasReportedNonsense = true;
      }
      return attempts;
    };
    return {
      started: (attempts) => {
        sink.started(attemptsIn(attempts));
      },
      ended: (reports) => {
        sink.ended(attemptsIn(reports).map((report) => checkReport(report, this.#backend.name)));
      },
    };
  }

  #checked(given: unknown): SubmitAnswer {
    const answer = given as SubmitAnswer | null | undefined;
    if (answer?.kind === 'accepted') return answer;
    const isRefusal = answer?.kind === 'busy' || answer?.kind === 'rejected';
    if (isRefusal && typeof (answer.message as unknown) === 'string') return answer;
    return { kind: 'rejected', message: this.#noAnswer };
  }

  get #noAnswer(): string {
    return `backend ${this.#backend.name} gave no valid answer`;
  }

  #failure(error: unknown): string {
    return `backend ${this.#backend.name} failed: ${messageOf(error)}`;
  }
}

/** Does something that may take too long; it then goes on unheeded, and the error of `tooLate` is thrown. */
async function within(
  timeoutMs: number,
  { doing, tooLate }: { readonly doing: () => Promise<void>; readonly tooLate: () => Error },
): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => {
        reject(tooLate());
      },
      Math.min(timeoutMs, LONGEST_DELAY_MS),
    );
  });
  try {
    await Promise.race([doing(), late]);
  } finally {
    clearTimeout(timer);
  }
}
