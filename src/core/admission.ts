// Chooses which ready jobs may start: one queue per admission class, blocked queues parked by what blocks them.
// Knows nothing of dependencies, attempts or time limits.
import type { ConstraintName, Constraints } from '../resources/constraints.js';
import type { Claim } from '../resources/ledger.js';
import { IntHeap } from '../util/int-heap.js';

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

/** Ready jobs of one admission class. */
interface Queue {
  /** Ranks of the ready jobs, best first; those killed since are still in, and skipped. */
  readonly ranks: IntHeap;
  /** The gate it waits at; `nowhere` while empty. */
  gate: number;
}

/** A queue to be put back behind a gate when the pass is over. */
interface Stuck {
  readonly queue: Queue;
  readonly gate: number;
}

const NOWHERE = -1;

/**
 * Ready jobs wait in queues, one a class; a queue that cannot go on waits at the gate of what blocks it: a constraint of the
 * ledger, or a backend's back-off. Giving something back opens its gate, and the next pass looks only at queues behind
 * open gates, best job first. So a pass costs a few heap steps for each job it starts, however many jobs are blocked.
 *
 * A gate holds the ranks of its queues' best jobs. An entry goes stale when the queue moves on or its best job changes; it is
 * dropped when it comes up.
 *
 * So that small jobs cannot starve a large one (several units of a resource, or several resources): once the best job of a class
 * has been ready for `reserveAfterMs` and is found blocked by a resource, what it needs is kept free for it. One
 * reservation at a time; it ends when the job starts, can no longer fit at all, or its backend backs off.
 */
export class Admission {
  readonly #constraints: Constraints;
  readonly #jobs: AdmissionJobs;
  readonly #reserveAfterMs: number;
  readonly #rankOf: Int32Array;
  readonly #queues: Queue[];
  /** Gates: one a constraint, one a backend's back-off, and the last for queues that nothing is known to block. */
  readonly #gates: IntHeap[];
  readonly #isOpen: boolean[];
  readonly #openGates: number[] = [];
  readonly #inBackoff: boolean[];
  #reservedClass: number | null = null;

  constructor(constraints: Constraints, jobs: AdmissionJobs, reserveAfterMs: number) {
    this.#constraints = constraints;
    this.#jobs = jobs;
    this.#reserveAfterMs = reserveAfterMs;
    this.#rankOf = new Int32Array(jobs.order.length);
    for (let rank = 0; rank < jobs.order.length; rank++) this.#rankOf[jobs.order[rank]!] = rank;
    this.#queues = constraints.classes.map(() => ({ ranks: new IntHeap(), gate: NOWHERE }));
    const gates = constraints.ledger.size + jobs.backends + 1;
    this.#gates = Array.from({ length: gates }, () => new IntHeap());
    this.#isOpen = new Array<boolean>(gates).fill(false);
    this.#inBackoff = new Array<boolean>(jobs.backends).fill(false);
  }

  /** Adds a job that has become ready; it keeps the place its rank gives it. */
  add(job: number): void {
    const index = this.#constraints.classOf[job]!;
    const queue = this.#queues[index]!;
    const rank = this.#rankOf[job]!;
    const best = this.#bestRank(queue);
    queue.ranks.push(rank);
    if (queue.gate === NOWHERE) this.#moveTo(this.#anyGate, queue);
    else if (best === undefined || rank < best) this.#gates[queue.gate]!.push(rank);
  }

  /** Gives back what a job held. */
  release(job: number): void {
    const { claim } = this.#classOf(job);
    this.#constraints.ledger.release(claim);
    for (const constraint of claim.constraints) this.#open(constraint);
  }

  setLimit(constraint: number, limit: number): void {
    this.#constraints.ledger.setLimit(constraint, limit);
    this.#open(constraint);
  }

  /** Starts or ends the back-off of a backend. */
  setBackoff(backend: number, on: boolean): void {
    this.#inBackoff[backend] = on;
    if (!on) this.#open(this.#backoffGate(backend));
    else if (
      this.#reservedClass !== null &&
      this.#constraints.classes[this.#reservedClass]!.backend === backend
    ) {
      this.#endReservation();
    }
  }

  isInBackoff(backend: number): boolean {
    return this.#inBackoff[backend]!;
  }

  /** The class something is reserved for, or null. */
  get reservedClass(): number | null {
    return this.#reservedClass;
  }

  /** Takes a slot and resources for every job that can start now, best first, and returns these jobs. */
  admit(nowMs: number): number[] {
    const started: number[] = [];
    /** Queues that stay behind an open gate: looking at them again in this pass would go on for ever. */
    const stuck: Stuck[] = [];
    this.#admitReserved(started);
    this.#open(this.#anyGate);
    for (let queue = this.#takeBest(); queue !== undefined; queue = this.#takeBest()) {
      const index = this.#classIndex(queue);
      const blocker = this.#blockerOf(index);
      if (blocker === undefined) {
        started.push(this.#startBest(index, queue));
        if (this.#bestRank(queue) !== undefined) this.#moveTo(this.#anyGate, queue);
        continue;
      }
      this.#considerReservation(index, queue, { blocker, nowMs });
      this.#park(queue, blocker, stuck);
    }
    for (const gate of this.#openGates) this.#isOpen[gate] = false;
    this.#openGates.length = 0;
    for (const { queue, gate } of stuck) this.#moveTo(gate, queue);
    return started;
  }

  /** What keeps a ready job from starting, other than better jobs before it; undefined if nothing does. */
  blockerOf(job: number): Blocker | undefined {
    return this.#blockerOf(this.#constraints.classOf[job]!);
  }

  /** The best ready job of each class that has one. */
  *bestOfEachClass(): Generator<{ readonly job: number; readonly count: number }> {
    for (const queue of this.#queues) {
      const best = this.#bestRank(queue);
      if (best === undefined) continue;
      const ready = queue.ranks.values().filter((rank) => this.#jobs.isReady(this.#jobs.order[rank]!));
      yield { job: this.#jobs.order[best]!, count: ready.length };
    }
  }

  /** Whether the job at hand needs more than what one freed unit can give. */
  #isLarge(claim: Claim): boolean {
    const resources = claim.constraints.filter((constraint) => this.#isResource(constraint));
    return (
      resources.length > 1 ||
      claim.amounts.some((amount, i) => amount > 1 && this.#isResource(claim.constraints[i]!))
    );
  }

  #isResource(constraint: number): boolean {
    return this.#nameOf(constraint).kind === 'resource';
  }

  #nameOf(constraint: number): ConstraintName {
    return this.#constraints.names[constraint]!;
  }

  get #anyGate(): number {
    return this.#gates.length - 1;
  }

  #backoffGate(backend: number): number {
    return this.#constraints.ledger.size + backend;
  }

  #classOf(job: number): { readonly backend: number; readonly claim: Claim } {
    return this.#constraints.classes[this.#constraints.classOf[job]!]!;
  }

  #classIndex(queue: Queue): number {
    return this.#constraints.classOf[this.#jobs.order[this.#bestRank(queue)!]!]!;
  }

  /** Rank of the best job that is still ready; drops those that are not. */
  #bestRank(queue: Queue): number | undefined {
    for (;;) {
      const rank = queue.ranks.peek();
      if (rank === undefined || this.#jobs.isReady(this.#jobs.order[rank]!)) return rank;
      queue.ranks.pop();
    }
  }

  #open(gate: number): void {
    if (this.#isOpen[gate]!) return;
    this.#isOpen[gate] = true;
    this.#openGates.push(gate);
  }

  #moveTo(gate: number, queue: Queue): void {
    const best = this.#bestRank(queue);
    queue.gate = best === undefined ? NOWHERE : gate;
    if (best !== undefined) this.#gates[gate]!.push(best);
  }

  /** Takes out the queue with the best job behind any open gate. */
  #takeBest(): Queue | undefined {
    let bestGate = NOWHERE;
    let bestRank = Infinity;
    for (const gate of this.#openGates) {
      const rank = this.#isOpen[gate]! ? this.#bestAt(gate) : undefined;
      if (rank === undefined || rank >= bestRank) continue;
      bestGate = gate;
      bestRank = rank;
    }
    if (bestGate === NOWHERE) return undefined;
    this.#gates[bestGate]!.pop();
    const queue = this.#queueOf(bestRank);
    queue.gate = NOWHERE;
    return queue;
  }

  #queueOf(rank: number): Queue {
    return this.#queues[this.#constraints.classOf[this.#jobs.order[rank]!]!]!;
  }

  /** Best rank behind a gate, after dropping stale entries. */
  #bestAt(gate: number): number | undefined {
    const entries = this.#gates[gate]!;
    for (;;) {
      const rank = entries.peek();
      if (rank === undefined) return undefined;
      const queue = this.#queueOf(rank);
      const best = queue.gate === gate ? this.#bestRank(queue) : undefined;
      if (best === rank) return rank;
      entries.pop();
      // The job the entry stood for was killed, and the queue has none better: it stands by its next one.
      if (best !== undefined && best > rank) entries.push(best);
      else if (best === undefined && queue.gate === gate) queue.gate = NOWHERE;
    }
  }

  #blockerOf(index: number): Blocker | undefined {
    const { backend, claim } = this.#constraints.classes[index]!;
    if (this.#inBackoff[backend]!) return { kind: 'backoff', backend };
    const constraint = this.#constraints.ledger.blocker(claim, index === this.#reservedClass);
    return constraint === undefined ? undefined : { kind: 'constraint', constraint };
  }

  #startBest(index: number, queue: Queue): number {
    this.#constraints.ledger.take(this.#constraints.classes[index]!.claim);
    return this.#jobs.order[queue.ranks.pop()!]!;
  }

  #park(queue: Queue, blocker: Blocker, stuck: Stuck[]): void {
    const gate = blocker.kind === 'backoff' ? this.#backoffGate(blocker.backend) : blocker.constraint;
    if (!this.#isOpen[gate]!) {
      this.#moveTo(gate, queue);
      return;
    }
    const needsOneOnly = blocker.kind === 'backoff' || !this.#isResource(blocker.constraint);
    // Everybody behind a slot's gate wants one: none is left for the others either. Units of a resource may suit a smaller one.
    if (needsOneOnly) this.#isOpen[gate] = false;
    stuck.push({ queue, gate });
  }

  #considerReservation(
    index: number,
    queue: Queue,
    { blocker, nowMs }: { readonly blocker: Blocker; readonly nowMs: number },
  ): void {
    if (this.#reservedClass !== null || blocker.kind !== 'constraint') return;
    if (!this.#isResource(blocker.constraint)) return;
    const { claim } = this.#constraints.classes[index]!;
    const best = this.#jobs.order[this.#bestRank(queue)!]!;
    if (nowMs - this.#jobs.queuedAtMs[best]! < this.#reserveAfterMs) return;
    if (!this.#isLarge(claim) || this.#constraints.ledger.impossible(claim) !== undefined) return;
    this.#reservedClass = index;
    this.#constraints.ledger.reserve(this.#resourcesOf(claim));
  }

  #resourcesOf(claim: Claim): Claim {
    const kept = claim.constraints.flatMap((constraint, i) => (this.#isResource(constraint) ? [i] : []));
    return {
      constraints: kept.map((i) => claim.constraints[i]!),
      amounts: kept.map((i) => claim.amounts[i]!),
    };
  }

  /** The reserved class goes first, whatever its rank: it has waited long enough. */
  #admitReserved(started: number[]): void {
    if (this.#reservedClass === null) return;
    const index = this.#reservedClass;
    const queue = this.#queues[index]!;
    const { claim } = this.#constraints.classes[index]!;
    if (this.#bestRank(queue) !== undefined && this.#blockerOf(index) === undefined) {
      started.push(this.#startBest(index, queue));
      this.#moveTo(this.#anyGate, queue);
      this.#endReservation();
    } else if (
      this.#bestRank(queue) === undefined ||
      this.#constraints.ledger.impossible(claim) !== undefined
    ) {
      this.#endReservation();
    }
  }

  #endReservation(): void {
    const { claim } = this.#constraints.classes[this.#reservedClass!]!;
    this.#reservedClass = null;
    this.#constraints.ledger.reserve(null);
    for (const constraint of claim.constraints) this.#open(constraint);
  }
}
