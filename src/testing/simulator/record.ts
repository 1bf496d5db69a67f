// The record of a simulated run: what a journal would hold, cut off where the run's process died. Knows no file.
import type { Action } from '../../core/index.js';
import { EntryDecoder, intentRecord, toRecord, type JournalRecord } from '../../journal/journal-format.js';
import { RecordState, type JournalEntry } from '../../journal/index.js';
import type { Recovery } from '../../model/recovery.js';
import type { RunEvent } from '../../model/run-event.js';
import type { RandomStream } from '../../util/random.js';
import { drawInt } from './draw.js';

/** Keeps records as lines of text, as a file does. */
export class SimulatedRecord {
  readonly #jobs: number;
  #lines: string[] = [];
  /** Lines that are written for certain; of the others a crash takes as many as chance will have it. */
  #written = 0;

  constructor(jobs: number) {
    this.#jobs = jobs;
  }

  note(event: RunEvent): void {
    this.#add(toRecord(event));
  }

  /** Notes what an action does, before it is performed. */
  noteAction(action: Action, nowMs: number): void {
    if (action.kind === 'publish') this.note(action.event);
    if (action.kind === 'submit') this.#add(intentRecord(action.backend, action.attempts, nowMs));
    if (action.kind === 'submit' || action.kind === 'kill') this.flush();
  }

  flush(): void {
    this.#written = this.#lines.length;
  }

  /** Loses some of what was not written. */
  cut(random: RandomStream): void {
    this.#lines.length = drawInt(random, this.#written, this.#lines.length);
  }

  /** What the lines come to. @throws RuleBroken-like Error when that contradicts them. */
  recover(): Recovery {
    const entries = [...this.#entries()];
    const state = new RecordState(this.#jobs);
    for (const entry of entries) state.take(entry);
    const recovery = state.recover();
    for (let job = 0; job < this.#jobs; job++) auditJob(job, entries, recovery);
    return recovery;
  }

  #add(record: JournalRecord): void {
    this.#lines.push(JSON.stringify(record));
  }

  *#entries(): Generator<JournalEntry> {
    const decoder = new EntryDecoder(this.#jobs);
    for (const line of this.#lines) yield* decoder.decode(JSON.parse(line) as JournalRecord);
  }
}

/** Compares what is recovered of a job with the entries about it, read without the state they are usually gathered in. */
function auditJob(job: number, entries: readonly JournalEntry[], recovery: Recovery): void {
  const fail = (what: string): never => {
    throw new Error(`job ${job} ${what} after a crash`);
  };
  const submittedAt = entries.findLastIndex(
    (entry) => entry.kind === 'intent' && entry.attempts.some((id) => id.job === job),
  );
  const changes = entries.flatMap((entry, at) =>
    entry.kind === 'event' && entry.event.kind === 'job-changed' && entry.event.job === job
      ? [{ at, ...entry.event }]
      : [],
  );
  const last = changes.at(-1);
  const end = recovery.ended.find((one) => one.job === job);
  const hasResult = last?.to === 'passed' || last?.to === 'failed';
  if (hasResult && end?.outcome.status !== last.to) fail(`has lost that it ${last.to}`);
  if (end !== undefined && end.outcome.status !== last?.to)
    fail(`ended as ${end.outcome.status} from nowhere`);
  if (last?.to === 'killed' && last.reason?.kind === 'timeout' && end === undefined)
    fail('has lost its time limit');
  // It was given back, or ended, after it was submitted.
  const isOver = changes.some(
    ({ at, to, from, reason }) =>
      at > submittedAt &&
      (to === 'passed' || to === 'failed' || to === 'killed' || (reason !== null && from !== 'scheduled')),
  );
  const flight = recovery.inFlight.find((one) => one.job === job);
  const isInFlight = submittedAt !== -1 && !isOver;
  if (isInFlight !== (flight !== undefined)) fail(isInFlight ? 'is forgotten' : 'is not with any backend');
  const attempts = entries.flatMap((entry) =>
    entry.kind === 'intent' ? entry.attempts.filter((id) => id.job === job).map((id) => id.attempt) : [],
  );
  const lastAttempt = attempts.reduce((most, attempt) => Math.max(most, attempt), 0);
  if (recovery.attempts[job] !== lastAttempt)
    fail(`counts ${recovery.attempts[job] ?? 0} attempts of ${lastAttempt}`);
  if (flight !== undefined && flight.attempt !== lastAttempt) fail('is asked after under an earlier attempt');
}
