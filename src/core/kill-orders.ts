// Collects the kills that one event brings up and makes requests of them, one a backend. Knows nothing of why jobs are killed.
import type { AttemptId, KillRequest } from '../model/backend.js';
import type { Reason } from '../model/reason.js';
import type { Action } from './messages.js';
import type { CoreParts } from './parts.js';

const NOTHING: readonly Action[] = [];

/** Kills to be sent. The reasons are in the job table. */
export class KillOrders {
  readonly #parts: CoreParts;
  #jobs: number[] = [];
  /** Jobs given up before their backend had answered the submission. */
  readonly #abandoned = new Set<number>();

  constructor(parts: CoreParts) {
    this.#parts = parts;
  }

  /** Has a job's backend told of its kill. */
  add(job: number): void {
    this.#jobs.push(job);
  }

  /** Notes that a job has ended for us while its backend may still accept it. */
  abandon(job: number): void {
    this.#abandoned.add(job);
  }

  /** The requests for all jobs added, except those that have ended meanwhile, and what observers are told of them. */
  take(atMs: number): readonly Action[] {
    if (this.#jobs.length === 0) return NOTHING;
    const { table, backends } = this.#parts;
    const byBackend = new Map<string, KillRequest[]>();
    const byReason = new Map<Reason, { readonly jobs: number[]; readonly force: boolean }>();
    for (const job of this.#jobs) {
      const kill = table.kills.get(job);
      if (kill === undefined) continue;
      const { reason, force } = kill;
      const backend = backends.names[backends.of[job]!]!;
      const request = { job, attempt: table.attempts[job]!, force };
      if (byBackend.get(backend)?.push(request) === undefined) byBackend.set(backend, [request]);
      if (byReason.get(reason)?.jobs.push(job) === undefined) byReason.set(reason, { jobs: [job], force });
    }
    this.#jobs = [];
    // Told first, so that a record of the run has the reason of whatever ends because of it.
    return [
      ...Array.from(byReason, ([reason, { jobs, force }]): Action => ({
        kind: 'publish',
        event: { kind: 'kill-sent', atMs, jobs, reason, force },
      })),
      ...Array.from(byBackend, ([backend, requests]): Action => ({ kind: 'kill', backend, requests })),
    ];
  }

  /** What is to be done when an attempt is accepted that is over: if it was given up, it must not run on unseen. */
  takeAbandoned({ job, attempt }: AttemptId, atMs: number): Action[] {
    const { table, backends } = this.#parts;
    if (table.attempts[job] !== attempt || !this.#abandoned.delete(job)) return [];
    const backend = backends.names[backends.of[job]!]!;
    const reason = table.reasons.get(job)!;
    return [
      { kind: 'publish', event: { kind: 'kill-sent', atMs, jobs: [job], reason, force: true } },
      { kind: 'kill', backend, requests: [{ job, attempt, force: true }] },
    ];
  }
}
