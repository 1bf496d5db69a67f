// The record of a simulated run: what a journal would hold, cut off where the run's process died. Knows no file.
import type { Action } from '../../core/index.js';
import { EntryDecoder, intentRecord, toRecord, type JournalRecord } from '../../journal/journal-format.js';
import { RecordState, type JournalEntry } from '../../journal/index.js';
import type { Reason } from '../../model/reason.js';
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
    for (let job = 0; job < this.#jobs; job++) {
      auditJob(job, entries, recovery);
      auditKills(job, entries, recovery);
    }
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

/** The same for kills: which of them stand, and what is known of those whose end is not on record. */
function auditKills(job: number, entries: readonly JournalEntry[], recovery: Recovery): void {
  const events = entries.flatMap((entry) => (entry.kind === 'event' ? [entry.event] : []));
  // Causes are told apart by their words, so a reason says by itself whether a stop of the run was behind it.
  const stops = events.flatMap((event) => (event.kind === 'stop-asked' ? [JSON.stringify(event.by)] : []));
  const isOfStop = (reason: Reason): boolean =>
    reason.kind === 'stopped' && stops.includes(JSON.stringify(reason.by));
  const last = events.findLast((event) => event.kind === 'job-changed' && event.job === job);
  if (last?.kind === 'job-changed' && last.to === 'killed' && last.reason !== null) {
    const stands = recovery.ended.some((one) => one.job === job);
    const isOwn = last.reason.kind !== 'dependency' && !isOfStop(last.reason);
    if (stands && !isOwn) throw new Error(`job ${job} stays killed after a crash`);
    if (!stands && isOwn) throw new Error(`job ${job} has lost that it was killed after a crash`);
  }
  const flight = recovery.inFlight.find((one) => one.job === job);
  if (flight === undefined) return;
  const submittedAt = entries.findLastIndex(
    (entry) => entry.kind === 'intent' && entry.attempts.some((id) => id.job === job),
  );
  const sent = entries
    .slice(submittedAt)
    .flatMap((entry) => (entry.kind === 'event' && entry.event.kind === 'kill-sent' ? [entry.event] : []))
    .findLast(({ jobs }) => jobs.includes(job));
  const expected = sent === undefined ? null : { reason: sent.reason, runsAgain: isOfStop(sent.reason) };
  if (JSON.stringify(flight.kill) !== JSON.stringify(expected))
    throw new Error(`job ${job} has another kill under way after a crash`);
}
