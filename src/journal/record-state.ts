// What the entries of a journal come to: where each job is, what was with a backend, and what of it stands when the run is
// taken up again. Pure; knows no file.
//
// Stands: a pass, a failure, and a kill of the job itself (its time limit, somebody who wanted it dead). Does not stand: what ended only
// because the run was told to stop. What was killed for a dependency is worked out anew from what stands. This is safe because
// an end is recorded before anything that it lets start: of what does not stand, nothing that stands depends.
import type { Outcome } from '../model/outcome.js';
import type { Reason, StopCause } from '../model/reason.js';
import type { RecoveredAttempt, Recovery } from '../model/recovery.js';
import type { Limits, RunEvent } from '../model/run-event.js';
import { isTerminal, type JobStatus } from '../model/status.js';
import type { JournalEntry, RecordedEvent } from './entry.js';

type JobChanged = Extract<RunEvent, { readonly kind: 'job-changed' }>;

interface Flight {
  readonly attempt: number;
  readonly queuedAtMs: number;
  startedAtMs: number | null;
  /** Times the job had been accepted when it started, this one included. */
  accepted: number;
  kill: RecoveredAttempt['kill'];
}

/** Of a failure that no reason was recorded for, which no Regatta writes. */
const UNKNOWN_REASON: Reason = { kind: 'lost', message: 'the journal does not say why' };

/** Takes the entries of one journal, in order. */
export class RecordState {
  readonly #statuses: JobStatus[];
  readonly #attempts: Int32Array;
  readonly #accepted: Int32Array;
  readonly #queuedAtMs: Float64Array;
  readonly #reasons = new Map<number, Reason>();
  /** Attempts with a backend, by job. */
  readonly #flights = new Map<number, Flight>();
  /** For each job, the session its history begins in: what came before was thrown away when the run was taken up again. */
  readonly #firstSession: Int32Array;
  #session = 0;
  #begin: { readonly atMs: number; readonly limits: Limits } | null = null;
  #limits: Limits | null = null;
  /** Why this session was told to stop; null: it was not. */
  #stop: StopCause | null = null;
  #isFinished = false;
  #lastAtMs = 0;

  constructor(jobs: number) {
    this.#statuses = new Array<JobStatus>(jobs).fill('scheduled');
    this.#attempts = new Int32Array(jobs);
    this.#accepted = new Int32Array(jobs);
    this.#queuedAtMs = new Float64Array(jobs);
    this.#firstSession = new Int32Array(jobs);
  }

  /** When the run began, and its limits then; null when it did not get so far. */
  get begin(): { readonly atMs: number; readonly limits: Limits } | null {
    return this.#begin;
  }

  /** Limits last in force; null before the beginning. */
  get limits(): Limits | null {
    return this.#limits;
  }

  /** Why the last process to drive the run was told to stop; null: it was not. */
  get stop(): StopCause | null {
    return this.#stop;
  }

  /** Time of the last entry. */
  get lastAtMs(): number {
    return this.#lastAtMs;
  }

  /** Processes that have driven the run before the one whose entries come last. */
  get session(): number {
    return this.#session;
  }

  take(entry: JournalEntry): void {
    switch (entry.kind) {
      case 'begin':
        this.#begin = { atMs: entry.atMs, limits: entry.limits };
        this.#limits = entry.limits;
        this.#lastAtMs = entry.atMs;
        return;
      case 'intent':
        for (const { job, attempt } of entry.attempts) this.#intend(job, attempt);
        this.#lastAtMs = entry.atMs;
        return;
      case 'event':
        this.#takeEvent(entry.event);
        this.#lastAtMs = Math.max(this.#lastAtMs, entry.event.atMs);
        return;
    }
  }

  #takeEvent(event: RecordedEvent): void {
    switch (event.kind) {
      case 'job-changed':
        this.#takeChange(event);
        return;
      case 'kill-sent':
        for (const job of event.jobs) {
          const flight = this.#flights.get(job);
          if (flight === undefined) continue;
          flight.kill = {
            reason: event.reason,
            runsAgain: this.#isOfStop(event.reason) || this.#isOldStop(event.reason, flight),
          };
        }
        return;
      case 'stop-asked':
        this.#stop ??= event.by;
        return;
      case 'limits-changed':
        this.#limits = event.limits;
        return;
      case 'run-resumed':
        this.#reopen();
        this.#limits = event.limits;
        return;
      case 'run-ended':
        this.#isFinished = true;
        return;
      default:
        // What else is told changes nothing that a run is taken up from.
        return;
    }
  }

  /** What a process that goes on with the run starts from. */
  recover(): Recovery {
    const ended: { job: number; outcome: Outcome }[] = [];
    const accepted = this.#accepted.slice();
    for (const [job, status] of this.#statuses.entries()) {
      if (!this.stands(job) || !isTerminal(status)) continue;
      const reason = this.#reasons.get(job) ?? UNKNOWN_REASON;
      ended.push({ job, outcome: status === 'passed' ? { status } : { status, reason } });
    }
    const inFlight = [...this.#flights].map(([job, flight]) => {
      const { attempt, queuedAtMs, startedAtMs, kill } = flight;
      // Counted again when the attempt is adopted.
      if (startedAtMs !== null) accepted[job] = flight.accepted - 1;
      return { job, attempt, queuedAtMs, startedAtMs, kill };
    });
    inFlight.sort((a, b) => a.job - b.job);
    return { ended, inFlight, attempts: this.#attempts.slice(), accepted };
  }

  /** Whether the end of a job stands if the run is taken up again. */
  stands(job: number): boolean {
    const status = this.#statuses[job];
    if (status === 'passed' || status === 'failed') return true;
    if (status !== 'killed') return false;
    const reason = this.#reasons.get(job);
    return reason !== undefined && reason.kind !== 'dependency' && !this.#isOfStop(reason);
  }

  /** Where a job is. */
  statusOf(job: number): JobStatus {
    return this.#statuses[job] ?? 'scheduled';
  }

  /** Whether the run is over for good: all jobs ended, and none only because the run was told to stop. */
  get isComplete(): boolean {
    return this.#isFinished && !this.#statuses.some((_, job) => this.#endedByStop(job));
  }

  #endedByStop(job: number): boolean {
    const reason = this.#reasons.get(job);
    return this.#statuses[job] === 'killed' && reason !== undefined && this.#isOfStop(reason);
  }

  /** Whether what is told of a job in a session is part of its history, and not of one that was thrown away. */
  isCurrent(job: number, session: number): boolean {
    return session >= (this.#firstSession[job] ?? 0);
  }

  #isOfStop(reason: Reason): boolean {
    return (
      this.#stop !== null &&
      reason.kind === 'stopped' &&
      JSON.stringify(reason.by) === JSON.stringify(this.#stop)
    );
  }

  /** Whether a kill is that of an earlier stop, sent once more by a process that took the run up. */
  #isOldStop(reason: Reason, { kill }: Flight): boolean {
    return kill?.runsAgain === true && JSON.stringify(reason) === JSON.stringify(kill.reason);
  }

  #intend(job: number, attempt: number): void {
    this.#attempts[job] = attempt;
    const queuedAtMs = this.#queuedAtMs[job] ?? 0;
    this.#flights.set(job, { attempt, queuedAtMs, startedAtMs: null, accepted: 0, kill: null });
  }

  #takeChange({ job, to, atMs, attempts, reason }: JobChanged): void {
    this.#statuses[job] = to;
    this.#accepted[job] = attempts;
    if (to === 'queued') {
      if (reason === null) this.#queuedAtMs[job] = atMs;
      else this.#flights.delete(job);
    }
    const flight = this.#flights.get(job);
    if (to === 'running' && flight !== undefined) {
      flight.startedAtMs = atMs;
      flight.accepted = attempts;
    }
    if (!isTerminal(to)) return;
    this.#flights.delete(job);
    if (reason === null) this.#reasons.delete(job);
    else this.#reasons.set(job, reason);
  }

  /** Another process takes the run up: what does not stand starts anew. */
  #reopen(): void {
    this.#session++;
    for (let job = 0; job < this.#statuses.length; job++) {
      if (this.stands(job)) continue;
      this.#statuses[job] = 'scheduled';
      this.#firstSession[job] = this.#session;
      this.#reasons.delete(job);
    }
    this.#stop = null;
    this.#isFinished = false;
  }
}
