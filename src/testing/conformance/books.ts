// Keeps the books of what a backend was given and what it said, and finds what does not add up. Calls no backend.
import type { AttemptId, EndReport, Submission, SubmitAnswer } from '../../model/backend.js';
import type { JobEnd } from '../../model/outcome.js';

/** All that is known of one attempt. */
interface Entry {
  /** Null while the submission is not answered; `thrown`: the batch failed as a whole. */
  answer: SubmitAnswer | { readonly kind: 'thrown' } | null;
  starts: number;
  ends: EndReport[];
}

/** `job 3, attempt 1`. */
export function describeAttempt({ job, attempt }: AttemptId): string {
  return `job ${job}, attempt ${attempt}`;
}

/** Whether a job that ended so may be taken for one that did what it should. */
export function isSuccess(end: JobEnd): boolean {
  if (end.kind === 'declared') return end.outcome.status === 'passed';
  return end.kind === 'exited' && end.exitCode === 0;
}

/** Accounts of every attempt of one backend. */
export class Books {
  readonly #entries = new Map<string, Entry>();
  readonly #violations: string[] = [];
  #isClosed = false;

  /** What was found wrong so far, first things first. */
  get violations(): readonly string[] {
    return this.#violations;
  }

  noteSubmitted(batch: readonly Submission[]): void {
    for (const id of batch) {
      this.#entries.set(describeAttempt(id), { answer: null, starts: 0, ends: [] });
    }
  }

  noteAnswers(batch: readonly Submission[], answers: readonly SubmitAnswer[]): void {
    if (answers.length !== batch.length) {
      this.#violations.push(`${batch.length} submissions got ${answers.length} answers`);
    }
    for (const [i, id] of batch.entries()) {
      const entry = this.#entries.get(describeAttempt(id));
      const answer = answers[i];
      if (entry === undefined || answer === undefined) continue;
      entry.answer = answer;
      this.#checkAnswer(id, entry, answer);
    }
  }

  noteThrown(batch: readonly Submission[]): void {
    for (const id of batch) {
      const entry = this.#entries.get(describeAttempt(id));
      if (entry === undefined) continue;
      entry.answer = { kind: 'thrown' };
      this.#checkNotStarted(id, entry, 'its batch failed');
    }
  }

  noteStarted(attempts: readonly AttemptId[]): void {
    for (const id of attempts) {
      const entry = this.#entryOf(id, 'started');
      if (entry === undefined) continue;
      entry.starts++;
      if (entry.ends.length > 0) this.#complain(id, 'is said to start after its end');
      this.#checkStarts(id, entry);
      this.#checkAllowed(id, entry);
    }
  }

  noteEnded(reports: readonly EndReport[]): void {
    for (const report of reports) {
      const entry = this.#entryOf(report, 'ended');
      if (entry === undefined) continue;
      entry.ends.push(report);
      if (entry.ends.length > 1) this.#complain(report, `was reported ended ${entry.ends.length} times`);
      if (!isValidEnd(report.end)) {
        this.#complain(report, `ended in no valid way: ${JSON.stringify(report.end)}`);
      }
      this.#checkAllowed(report, entry);
    }
  }

  /** To be called when `close` has resolved: by then every accepted attempt must have ended. */
  noteClosed(): void {
    this.#isClosed = true;
    for (const [name, { answer, ends }] of this.#entries) {
      if (answer?.kind === 'accepted' && ends.length === 0) {
        this.#violations.push(`${name} was accepted, and close resolved without its end`);
      }
    }
  }

  answerOf(id: AttemptId): Entry['answer'] {
    return this.#entries.get(describeAttempt(id))?.answer ?? null;
  }

  /** Whether an attempt was said to run, by its answer or later. */
  hasStarted(id: AttemptId): boolean {
    const entry = this.#entries.get(describeAttempt(id));
    return entry !== undefined && countStarts(entry) > 0;
  }

  endOf(id: AttemptId): EndReport | undefined {
    return this.#entries.get(describeAttempt(id))?.ends[0];
  }

  #entryOf(id: AttemptId, what: string): Entry | undefined {
    const entry = this.#entries.get(describeAttempt(id));
    if (entry === undefined) this.#complain(id, `was never submitted, but is reported ${what}`);
    else if (this.#isClosed) this.#complain(id, `is reported ${what} after close`);
    return entry;
  }

  #checkAnswer(id: AttemptId, entry: Entry, answer: SubmitAnswer): void {
    switch (answer.kind) {
      case 'accepted':
        this.#checkStarts(id, entry);
        return;
      case 'busy':
      case 'rejected':
        if (answer.message === '') this.#complain(id, `was answered ${answer.kind} without a message`);
        this.#checkNotStarted(id, entry, `it was answered ${answer.kind}`);
        return;
      default:
        // Not the compiler's business: backends may be written in JavaScript.
        this.#complain(id, `got no valid answer: ${JSON.stringify(answer)}`);
    }
  }

  #checkAllowed(id: AttemptId, { answer, starts, ends }: Entry): void {
    if (answer === null || answer.kind === 'accepted') return;
    this.#checkNotStarted(id, { answer, starts, ends }, `it was answered ${answer.kind}`);
  }

  #checkNotStarted(id: AttemptId, { starts, ends }: Entry, why: string): void {
    if (starts > 0 || ends.length > 0) this.#complain(id, `was started, although ${why}`);
  }

  #checkStarts(id: AttemptId, entry: Entry): void {
    if (countStarts(entry) > 1) this.#complain(id, 'was said to start twice');
  }

  #complain(id: AttemptId, what: string): void {
    this.#violations.push(`${describeAttempt(id)} ${what}`);
  }
}

function countStarts({ answer, starts }: Entry): number {
  return starts + (answer?.kind === 'accepted' && answer.running ? 1 : 0);
}

function isValidEnd(end: JobEnd): boolean {
  switch (end.kind) {
    case 'exited':
      return Number.isInteger(end.exitCode);
    case 'signalled':
      return end.signal !== '';
    case 'declared':
      return ['passed', 'failed', 'killed'].includes(end.outcome.status);
    case 'not-launched':
    case 'lost':
      return end.message !== '';
    default:
      return false;
  }
}
