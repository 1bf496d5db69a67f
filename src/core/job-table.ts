// State of every job in flat arrays, and the one function that assigns it. Knows nothing of limits, backends or time limits.
import type { JobGraph } from '../graph/graph.js';
import type { Reason } from '../model/reason.js';
import type { JobStatus } from '../model/status.js';

/**
 * Phases of a job. The public status is coarser.
 *
 *     waiting --dependencies end--> ready --slot--> submitting --accepted--> accepted --started--> running
 *        |                            ^ |               |  |                     |                    |
 *        |                            | |     busy      |  +--------started------|--------------------+
 *        |                            +-|---------------+                        |                    |
 *        |                            +-|------------- lost, retried ------------+--------------------+
 *        v                              v               v                        v                    v
 *     killed                         killed     failed | killed       passed | failed | killed     (the same)
 */
export const PHASE = {
  waiting: 0,
  ready: 1,
  submitting: 2,
  accepted: 3,
  running: 4,
  passed: 5,
  failed: 6,
  killed: 7,
} as const;
export type Phase = (typeof PHASE)[keyof typeof PHASE];

const STATUS_OF_PHASE: readonly JobStatus[] = [
  'scheduled',
  'queued',
  'queued',
  'queued',
  'running',
  'passed',
  'failed',
  'killed',
];

/** Bit `to` of entry `from` is set when that step is in the drawing above. */
const ALLOWED: readonly number[] = [
  bits(PHASE.ready, PHASE.killed),
  bits(PHASE.submitting, PHASE.killed),
  bits(PHASE.ready, PHASE.accepted, PHASE.running, PHASE.passed, PHASE.failed, PHASE.killed),
  bits(PHASE.ready, PHASE.running, PHASE.passed, PHASE.failed, PHASE.killed),
  bits(PHASE.ready, PHASE.passed, PHASE.failed, PHASE.killed),
  0,
  0,
  0,
];

function bits(...phases: Phase[]): number {
  return phases.reduce<number>((mask, phase) => mask | (1 << phase), 0);
}

/** A rule of the core is broken: a bug of ours, never the user's. Caught only at the top; the run ends with exit code 3. */
export class InvariantError extends Error {
  override readonly name = 'InvariantError';
}

/** Throws InvariantError with `message` unless `condition` holds. */
export function ensure(condition: boolean, message: () => string): asserts condition {
  if (!condition) throw new InvariantError(message());
}

/** A kill asked for a job that is with a backend. The first reason stays; force may be added. */
export interface PendingKill {
  readonly reason: Reason;
  force: boolean;
  /** The job goes back to the queue when this attempt has ended; any other kill takes its place. */
  readonly runsAgain: boolean;
}

/** Per-job state, by index. About 30 bytes a job, plus an entry for each job being killed and each reason kept. */
export class JobTable {
  readonly size: number;
  readonly #phases: Uint8Array;
  readonly #inPhase = new Int32Array(8);
  /** Submissions so far; the number in every message about the job. */
  readonly attempts: Int32Array;
  /** Submissions that were accepted. */
  readonly accepted: Int32Array;
  /** Times a job was taken back to the queue after an infrastructure end; 0 where absent. */
  readonly retries = new Map<number, number>();
  /** The attempt that is over and not judged yet; any other number means nothing. */
  readonly left: Int32Array;
  /** Dependencies that have not ended. */
  readonly unfinished: Int32Array;
  /** 1 once a dependency has passed. */
  readonly anyPassed: Uint8Array;
  /** When the job last became ready. */
  readonly queuedAtMs: Float64Array;
  /** Reasons of failed and killed jobs. */
  readonly reasons = new Map<number, Reason>();
  /** Kills asked of jobs that are with a backend. */
  readonly kills = new Map<number, PendingKill>();

  constructor(graph: JobGraph) {
    const size = graph.jobs.length;
    this.size = size;
    this.#phases = new Uint8Array(size);
    this.#inPhase[PHASE.waiting] = size;
    this.attempts = new Int32Array(size);
    this.accepted = new Int32Array(size);
    this.left = new Int32Array(size);
    this.unfinished = new Int32Array(size);
    this.anyPassed = new Uint8Array(size);
    this.queuedAtMs = new Float64Array(size);
    for (let job = 0; job < size; job++) {
      this.unfinished[job] = graph.dependencies.offsets[job + 1]! - graph.dependencies.offsets[job]!;
    }
  }

  phase(job: number): Phase {
    return this.#phases[job] as Phase;
  }

  status(job: number): JobStatus {
    return STATUS_OF_PHASE[this.#phases[job]!]!;
  }

  count(phase: Phase): number {
    return this.#inPhase[phase]!;
  }

  /** Jobs that have not ended. */
  get open(): number {
    return this.size - this.count(PHASE.passed) - this.count(PHASE.failed) - this.count(PHASE.killed);
  }

  /** Jobs that are with a backend. */
  get inFlight(): number {
    return this.count(PHASE.submitting) + this.count(PHASE.accepted) + this.count(PHASE.running);
  }

  isInFlight(job: number): boolean {
    const phase = this.phase(job);
    return phase === PHASE.submitting || phase === PHASE.accepted || phase === PHASE.running;
  }

  hasEnded(job: number): boolean {
    return this.phase(job) >= PHASE.passed;
  }

  /** Puts a job that ended before the run was interrupted where it was; only before the first step of a run. */
  restoreEnd(job: number, phase: Phase): void {
    ensure(this.phase(job) === PHASE.waiting, () => `job ${job} is restored twice`);
    this.#assign(job, phase);
  }

  /** Assigns a phase: the only way within a run. @throws InvariantError for a step that is not in the drawing. */
  setPhase(job: number, to: Phase): void {
    const from = this.phase(job);
    if ((ALLOWED[from]! & (1 << to)) === 0) {
      throw new InvariantError(`job ${job} cannot go from phase ${from} to ${to}`);
    }
    this.#assign(job, to);
  }

  #assign(job: number, to: Phase): void {
    this.#inPhase[this.phase(job)]!--;
    this.#phases[job] = to;
    this.#inPhase[to]!++;
  }
}
