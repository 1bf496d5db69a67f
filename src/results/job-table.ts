// Keeps, for every job of a run, when it was queued, started and ended, and how: a few numbers a job. Knows no files.
import type { EndFacts } from '../model/outcome.js';
import { NO_FACTS } from '../model/outcome.js';
import type { Reason } from '../model/reason.js';
import type { RunEvent } from '../model/run-event.js';
import type { JobStatus, TerminalStatus } from '../model/status.js';
import { isTerminal, JOB_STATUSES } from '../model/status.js';

type JobChanged = Extract<RunEvent, { kind: 'job-changed' }>;

/** Where a job is, or how it ended. Times are Unix milliseconds; NaN where the job never came so far. */
export interface JobRecord {
  readonly job: number;
  readonly status: JobStatus;
  readonly attempts: number;
  readonly queuedAtMs: number;
  readonly startedAtMs: number;
  readonly endedAtMs: number;
  readonly reason: Reason | null;
  readonly facts: EndFacts;
}

/** A record of a job that has ended. */
export type EndedRecord = JobRecord & { readonly status: TerminalStatus };

/** The jobs of one run, by index. */
export class JobTable {
  readonly size: number;
  readonly #status: Uint8Array;
  readonly #attempts: Uint32Array;
  readonly #queuedAtMs: Float64Array;
  readonly #startedAtMs: Float64Array;
  readonly #endedAtMs: Float64Array;
  /** Only of jobs that have one: most pass. */
  readonly #reasons = new Map<number, Reason>();
  readonly #facts: (EndFacts | undefined)[] = [];

  constructor(size: number) {
    this.size = size;
    this.#status = new Uint8Array(size);
    this.#attempts = new Uint32Array(size);
    this.#queuedAtMs = new Float64Array(size).fill(NaN);
    this.#startedAtMs = new Float64Array(size).fill(NaN);
    this.#endedAtMs = new Float64Array(size).fill(NaN);
  }

  /** Takes in one status change. */
  record({ job, from, to, atMs, attempts, reason, facts }: JobChanged): void {
    this.#status[job] = JOB_STATUSES.indexOf(to);
    this.#attempts[job] = attempts;
    if (to === 'queued') {
      // The wait of a job goes on when its attempt was lost; the lost time does not count as run time.
      if (from === 'running') this.#startedAtMs[job] = NaN;
      else this.#queuedAtMs[job] = atMs;
    }
    if (to === 'running') this.#startedAtMs[job] = atMs;
    if (!isTerminal(to)) return;
    this.#endedAtMs[job] = atMs;
    if (reason !== null) this.#reasons.set(job, reason);
    if (facts !== null) this.#facts[job] = facts;
  }

  get(job: number): JobRecord {
    return {
      job,
      status: JOB_STATUSES[this.#status[job] ?? 0] ?? 'scheduled',
      attempts: this.#attempts[job] ?? 0,
      queuedAtMs: this.#queuedAtMs[job] ?? NaN,
      startedAtMs: this.#startedAtMs[job] ?? NaN,
      endedAtMs: this.#endedAtMs[job] ?? NaN,
      reason: this.#reasons.get(job) ?? null,
      facts: this.#facts[job] ?? NO_FACTS,
    };
  }

  /** Every job, in declaration order. */
  *all(): Generator<JobRecord> {
    for (let job = 0; job < this.size; job++) yield this.get(job);
  }

  /** The ended jobs, in declaration order. */
  *ended(): Generator<EndedRecord> {
    for (let job = 0; job < this.size; job++) {
      const record = this.get(job);
      if (hasEnded(record)) yield record;
    }
  }
}

/** Whether the job of a record has ended. */
export function hasEnded(record: JobRecord): record is EndedRecord {
  return isTerminal(record.status);
}
