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

/** The ends of a run that are being judged, and the attempts that need not be. */
export class Judging {
  readonly #judgeEnd: JudgeEnd;
  readonly #onJudged: (end: JudgedEnd) => void;
  /** By job, the attempt whose kill was asked for last. */
  readonly #killed = new Map<number, number>();
  readonly #waiting = new Set<EndReport>();

  /** @param onJudged - Called once for each report. */
  constructor(judgeEnd: JudgeEnd, onJudged: (end: JudgedEnd) => void) {
    this.#judgeEnd = judgeEnd;
    this.#onJudged = onJudged;
  }

  /** Never rejects: an end that cannot be judged has failed. */
  async judge(spec: JobSpec, report: EndReport): Promise<void> {
    if (this.#isKilled(report)) {
      this.#giveUp(report);
      return;
    }
    this.#waiting.add(report);
    let verdict: { readonly outcome: Outcome; readonly facts: EndFacts };
    try {
      verdict = await this.#judgeEnd(spec, report);
    } catch (error) {
      const message = `the log could not be judged: ${messageOf(error)}`;
      verdict = { outcome: { status: 'failed', reason: { kind: 'log-error', message } }, facts: NO_FACTS };
    }
    if (this.#waiting.delete(report)) this.#onJudged(toEnd(report, verdict));
  }

  /** Attempts whose kill is asked for: they are not judged, nor waited for where that has begun. */
  abandon(attempts: readonly AttemptId[]): void {
    for (const { job, attempt } of attempts) this.#killed.set(job, attempt);
    for (const report of this.#waiting) {
      if (!this.#isKilled(report)) continue;
      this.#waiting.delete(report);
      this.#giveUp(report);
    }
  }

  #isKilled({ job, attempt }: AttemptId): boolean {
    return this.#killed.get(job) === attempt;
  }

  #giveUp(report: EndReport): void {
    this.#onJudged(toEnd(report, { outcome: null, facts: factsOf(report) }));
  }
}

function toEnd(
  { job, attempt, endedAtMs }: EndReport,
  { outcome, facts }: Pick<JudgedEnd, 'outcome' | 'facts'>,
): JudgedEnd {
  return { job, attempt, outcome, facts, ...(endedAtMs === undefined ? {} : { endedAtMs }) };
}
