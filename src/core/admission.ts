// Chooses which ready jobs may start: one queue per admission class, blocked queues parked by what blocks them.
// Knows nothing of dependencies, attempts or time limits.
import type { Constraints } from '../resources/constraints.js';
import { NONE_IDLE, type IdleSlots } from '../model/run-event.js';
import { Gates } from './gates.js';
import { ReadyQueue } from './ready-queue.js';
import { Reservation, type ReadySince } from './reservation.js';

/** Why a ready job cannot start now. */
export type Blocker =
  | { readonly kind: 'constraint'; readonly constraint: number }
  | { readonly kind: 'backoff'; readonly backend: number };

/** What admission needs to know of jobs. */
export interface AdmissionJobs {
  /** Jobs in scheduling order. */
  readonly order: Int32Array;
  /** Number of backends. */
  readonly backends: number;
  readonly isReady: (job: number) => boolean;
  /** When each job last became ready. */
  readonly queuedAtMs: Float64Array;
}

/** No gate: nothing blocks. */
const NONE = -1;

/**
 * Ready jobs wait in queues, one a class; a queue that cannot go on waits at the gate of what blocks it: a constraint of the
 * ledger, or a backend's back-off. Giving something back opens its gate, and the next pass looks only at queues behind
 * open gates, best job first. So a pass costs a few heap steps for each job it starts, however many jobs are blocked.
 */
export class Admission {
  readonly #constraints: Constraints;
  readonly #jobs: AdmissionJobs;
  readonly #rankOf: Int32Array;
  readonly #queues: readonly ReadyQueue[];
  /** One gate a constraint, one a backend's back-off, and the last for queues that nothing is known to block. */
  readonly #gates: Gates;
  readonly #anyGate: number;
  readonly #inBackoff: boolean[];
  readonly #reservation: Reservation;
  /** Constraint of the run's slots. */
  readonly #runSlots: number;
  /** What jobs at each gate wait for, as slots that idle are counted; undefined where no slot idles for it. */
  readonly #causeOf: readonly (keyof IdleSlots | undefined)[];
  /** Queues that stay behind an open gate: looking at them again in the same pass would go on for ever. */
  readonly #stuck: ReadyQueue[] = [];

  constructor(constraints: Constraints, jobs: AdmissionJobs, reserveAfterMs: number) {
    const { classes, classOf, ledger } = constraints;
    const { order } = jobs;
    this.#constraints = constraints;
    this.#jobs = jobs;
    this.#rankOf = new Int32Array(order.length);
    for (let rank = 0; rank < order.length; rank++) this.#rankOf[order[rank]!] = rank;
    const isReady = (rank: number): boolean => jobs.isReady(order[rank]!);
    const queues = classes.map((_, index) => new ReadyQueue(index, isReady));
    this.#queues = queues;
    this.#anyGate = ledger.size + jobs.backends;
    this.#gates = new Gates(
      { gates: this.#anyGate + 1, queues: queues.length },
      (rank) => queues[classOf[order[rank]!]!]!,
    );
    this.#inBackoff = new Array<boolean>(jobs.backends).fill(false);
    this.#runSlots = constraints.names.findIndex(({ kind }) => kind === 'run');
    this.#causeOf = Array.from({ length: this.#anyGate }, (_, gate) => {
      const kind = constraints.names[gate]?.kind;
      if (kind === undefined) return 'backoff';
      return kind === 'resource' ? 'resource' : kind === 'run' ? undefined : 'limit';
    });
    this.#reservation = new Reservation(constraints, reserveAfterMs);
  }

  /** Adds a job that has become ready; it keeps the place its rank gives it. */
  add(job: number): void {
    const queue = this.#queueOf(job);
    const rank = this.#rankOf[job]!;
    const best = queue.best();
    queue.push(rank);
    if (!this.#gates.count(queue, 1)) this.#gates.put(queue, this.#anyGate);
    else if (best === undefined || rank < best) this.#gates.standBy(queue, rank);
  }

  /** Takes out a job that is ready no more, because it was killed. */
  withdraw(job: number): void {
    const queue = this.#queueOf(job);
    queue.drop();
    this.#gates.count(queue, -1);
  }

  /** Books what a job holds that is with a backend already, whatever the limits. */
  hold(job: number): void {
    this.#constraints.ledger.take(this.#constraints.classes[this.#constraints.classOf[job]!]!.claim);
  }

  /** Gives back what a job held. */
  release(job: number): void {
    const { claim } = this.#constraints.classes[this.#constraints.classOf[job]!]!;
    this.#constraints.ledger.release(claim);
    for (const constraint of claim.constraints) this.#gates.open(constraint);
  }

  setLimit(constraint: number, limit: number): void {
    this.#constraints.ledger.setLimit(constraint, limit);
    this.#gates.open(constraint);
  }

  /** Starts or ends the back-off of a backend. */
  setBackoff(backend: number, on: boolean): void {
    this.#inBackoff[backend] = on;
    if (!on) this.#gates.open(this.#backoffGate(backend));
  }

  isInBackoff(backend: number): boolean {
    return this.#inBackoff[backend]!;
  }

  get isAnyInBackoff(): boolean {
    return this.#inBackoff.includes(true);
  }

  /** Takes a slot and resources for every job that can start now, best first, and hands each to `start`. */
  admit(nowMs: number, start: (job: number) => void): void {
    this.#serveReserved(nowMs, start);
    this.#gates.open(this.#anyGate);
    for (let queue = this.#gates.takeBest(); queue !== undefined; queue = this.#gates.takeBest()) {
      const gate = this.#gateFor(queue.classIndex);
      if (gate === NONE) this.#startBest(queue, start);
      else this.#park(queue, gate);
    }
    this.#gates.closeAll();
    for (let queue = this.#stuck.pop(); queue !== undefined; queue = this.#stuck.pop()) {
      this.#gates.put(queue, this.#gateFor(queue.classIndex));
    }
  }

  /** What keeps a ready job from starting, other than better jobs before it; undefined if nothing does. */
  blockerOf(job: number): Blocker | undefined {
    const gate = this.#gateFor(this.#constraints.classOf[job]!);
    if (gate === NONE) return undefined;
    const backend = gate - this.#constraints.ledger.size;
    return backend >= 0 ? { kind: 'backoff', backend } : { kind: 'constraint', constraint: gate };
  }

  /** Slots of the run that no job holds, and why: after `admit`, that is. Costs time per constraint, not per job. */
  idleSlots(): IdleSlots {
    const { ledger } = this.#constraints;
    const left = ledger.free(this.#runSlots);
    if (left <= 0 || left === Infinity) return NONE_IDLE;
    const waiting = { noReadyJob: 0, resource: 0, limit: 0, backoff: 0 };
    for (const [gate, cause] of this.#causeOf.entries()) {
      if (cause !== undefined) waiting[cause] += this.#gates.waitingAt(gate);
    }
    const resource = Math.min(left, waiting.resource);
    const limit = Math.min(left - resource, waiting.limit);
    const backoff = Math.min(left - resource - limit, waiting.backoff);
    return { noReadyJob: left - resource - limit - backoff, resource, limit, backoff };
  }

  /** For each class with ready jobs: these jobs in no order, the best of them, and whether the queue waits where it can be found. */
  *readyJobs(): Generator<{
    readonly best: number;
    readonly jobs: Int32Array;
    readonly isReachable: boolean;
    /** Number of these jobs, as it is kept count of. */
    readonly counted: number;
  }> {
    for (const queue of this.#queues) {
      const best = queue.best();
      if (best === undefined) continue;
      yield {
        best: this.#jobs.order[best]!,
        jobs: queue.all().map((rank) => this.#jobs.order[rank]!),
        isReachable: this.#gates.gateOf(queue) !== undefined,
        counted: queue.size,
      };
    }
  }

  #queueOf(job: number): ReadyQueue {
    return this.#queues[this.#constraints.classOf[job]!]!;
  }

  #backoffGate(backend: number): number {
    return this.#constraints.ledger.size + backend;
  }

  /** The gate of what keeps jobs of a class from starting, or `NONE`. */
  #gateFor(index: number): number {
    const { backend, claim } = this.#constraints.classes[index]!;
    if (this.#inBackoff[backend]!) return this.#backoffGate(backend);
    return this.#constraints.ledger.blocker(claim, this.#reservation.isFor(index)) ?? NONE;
  }

  #startBest(queue: ReadyQueue, start: (job: number) => void): void {
    this.#constraints.ledger.take(this.#constraints.classes[queue.classIndex]!.claim);
    start(this.#jobs.order[queue.takeBest()!]!);
    this.#gates.put(queue, this.#anyGate);
  }

  #park(queue: ReadyQueue, gate: number): void {
    // Every queue at a constraint's gate wants one unit at least: where none is free, none of the others can go on either.
    const isShut = gate >= this.#constraints.ledger.size || this.#constraints.ledger.free(gate) < 1;
    if (isShut) this.#gates.close(gate);
    if (this.#gates.isOpen(gate)) this.#stuck.push(queue);
    else this.#gates.put(queue, gate);
  }

  /** The class that room is kept for goes first, whatever its rank: it has waited long enough. Then the next one has its turn. */
  #serveReserved(nowMs: number, start: (job: number) => void): void {
    const index = this.#reservation.keep(this.#readySince, nowMs);
    if (index !== undefined && this.#gateFor(index) === NONE) {
      this.#gates.leave(this.#queues[index]!);
      this.#startBest(this.#queues[index]!, start);
      this.#reservation.end();
    }
    this.#reservation.consider(this.#readySince, nowMs);
    for (const constraint of this.#reservation.takeFreed()) this.#gates.open(constraint);
  }

  readonly #readySince: ReadySince = (index) => {
    if (this.#inBackoff[this.#constraints.classes[index]!.backend]!) return undefined;
    const best = this.#queues[index]!.best();
    return best === undefined ? undefined : this.#jobs.queuedAtMs[this.#jobs.order[best]!]!;
  };
}
