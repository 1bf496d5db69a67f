// Has ends judged. One whose kill was asked for is not: what it comes to is known, and nobody is to wait for its log to be read.
import type { JudgedEnd } from '../core/messages.js';
import type { AttemptId, EndReport } from '../model/backend.js';
import { factsOf } from '../model/end-facts.js';
import type { JobSpec } from '../model/job-spec.js';
import { NO_FACTS, type EndFacts, type Outcome } from '../model/outcome.js';
import { messageOf } from '../util/message-of.js';

/** Makes an outcome of what a backend reports; reads the job's log where it must. */
export type JudgeEnd = (
  spec: JobSpec,
  report: EndReport,
) => Promise<{ readonly outcome: Outcome; readonly facts: EndFacts }>;

type Verdict = Pick<JudgedEnd, 'outcome' | 'facts'>;

/** The ends of a run that are being judged, and the attempts that need not be. */
export class Judging {
  readonly #judgeEnd: JudgeEnd;
  /** By job, the attempt whose kill was asked for last. */
  readonly #killed = new Map<number, number>();
  /** By job, what ends the wait for a verdict. */
  readonly #waiting = new Map<number, { readonly attempt: number; readonly giveUp: () => void }>();

  constructor(judgeEnd: JudgeEnd) {
    this.#judgeEnd = judgeEnd;
  }

  /** Never rejects: an end that cannot be judged has failed. */
  async judge(spec: JobSpec, report: EndReport): Promise<JudgedEnd> {
    const { job, attempt, endedAtMs } = report;
    const { outcome, facts } = await this.#verdictOn(spec, report);
    return { job, attempt, outcome, facts, ...(endedAtMs === undefined ? {} : { endedAtMs }) };
  }

  /** Attempts whose kill is asked for: they are not judged, nor waited for where that has begun. */
  abandon(attempts: readonly AttemptId[]): void {
    for (const { job, attempt } of attempts) {
      this.#killed.set(job, attempt);
      const waiting = this.#waiting.get(job);
      if (waiting?.attempt === attempt) waiting.giveUp();
    }
  }

  #verdictOn(spec: JobSpec, report: EndReport): Promise<Verdict> {
    const { job, attempt } = report;
    return new Promise((resolve) => {
      const giveUp = (): void => {
        resolve({ outcome: null, facts: factsOf(report) });
      };
      if (this.#killed.get(job) === attempt) {
        giveUp();
        return;
      }
      const waiting = { attempt, giveUp };
      this.#waiting.set(job, waiting);
      void this.#ask(spec, report).then((verdict) => {
        if (this.#waiting.get(job) === waiting) this.#waiting.delete(job);
        resolve(verdict);
      });
    });
  }

  async #ask(spec: JobSpec, report: EndReport): Promise<Verdict> {
    try {
      return await this.#judgeEnd(spec, report);
    } catch (error) {
      const message = `the log could not be judged: ${messageOf(error)}`;
      return { outcome: { status: 'failed', reason: { kind: 'log-error', message } }, facts: NO_FACTS };
    }
  }
}
