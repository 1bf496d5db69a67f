// Where queues that cannot go on wait, by what blocks them. Knows nothing of limits, jobs or what opens a gate.
import { IntHeap } from '../util/int-heap.js';
import type { ReadyQueue } from './ready-queue.js';

/** No gate: the queue is empty, or being looked at. */
const NOWHERE = -1;

/**
 * Each queue with ready jobs waits at one gate. Queues are taken from behind open gates only, best job first.
 *
 * A gate is a heap of the ranks of its queues' best jobs. An entry goes stale when its queue moves on or gets a better job, or when
 * its job is killed; it is dropped, or replaced by the queue's next job, when it comes up.
 */
export class Gates {
  readonly #queueOf: (rank: number) => ReadyQueue;
  readonly #entries: readonly IntHeap[];
  /** Gate of each queue, by class. */
  readonly #gateOf: Int32Array;
  /** Ready jobs behind each gate. */
  readonly #waiting: Int32Array;
  readonly #isOpen: boolean[];
  readonly #open: number[] = [];

  constructor(
    sizes: { readonly gates: number; readonly queues: number },
    queueOf: (rank: number) => ReadyQueue,
  ) {
    this.#queueOf = queueOf;
    this.#entries = Array.from({ length: sizes.gates }, () => new IntHeap());
    this.#gateOf = new Int32Array(sizes.queues).fill(NOWHERE);
    this.#waiting = new Int32Array(sizes.gates);
    this.#isOpen = new Array<boolean>(sizes.gates).fill(false);
  }

  open(gate: number): void {
    if (this.#isOpen[gate]!) return;
    this.#isOpen[gate] = true;
    this.#open.push(gate);
  }

  close(gate: number): void {
    if (!this.#isOpen[gate]!) return;
    this.#isOpen[gate] = false;
    const last = this.#open.pop()!;
    if (last !== gate) this.#open[this.#open.indexOf(gate)] = last;
  }

  closeAll(): void {
    // Emptied by popping: setting the length to 0 would have the next entry allocate anew.
    for (let gate = this.#open.pop(); gate !== undefined; gate = this.#open.pop()) this.#isOpen[gate] = false;
  }

  isOpen(gate: number): boolean {
    return this.#isOpen[gate]!;
  }

  /** Puts a queue behind a gate, unless it is empty. */
  put(queue: ReadyQueue, gate: number): void {
    const best = queue.best();
    this.#gateOf[queue.classIndex] = best === undefined ? NOWHERE : gate;
    if (best === undefined) return;
    this.#entries[gate]!.push(best);
    this.#waiting[gate]! += queue.size;
  }

  /** A queue has a new best job: it stands at its gate by that one from now on. */
  standBy(queue: ReadyQueue, rank: number): void {
    this.#entries[this.#gateOf[queue.classIndex]!]!.push(rank);
  }

  /** A queue has `change` more ready jobs. False if it waits at no gate. */
  count(queue: ReadyQueue, change: 1 | -1): boolean {
    const gate = this.#gateOf[queue.classIndex]!;
    if (gate === NOWHERE) return false;
    this.#waiting[gate]! += change;
    return true;
  }

  /** Number of ready jobs behind a gate. */
  waitingAt(gate: number): number {
    return this.#waiting[gate]!;
  }

  /** Takes a queue from wherever it waits. */
  leave(queue: ReadyQueue): void {
    const gate = this.#gateOf[queue.classIndex]!;
    if (gate === NOWHERE) return;
    this.#gateOf[queue.classIndex] = NOWHERE;
    this.#waiting[gate]! -= queue.size;
  }

  /** Takes the queue with the best job from behind the open gates. */
  takeBest(): ReadyQueue | undefined {
    let bestGate = NOWHERE;
    let bestRank = Infinity;
    for (const gate of this.#open) {
      const rank = this.#bestAt(gate);
      if (rank === undefined || rank >= bestRank) continue;
      bestGate = gate;
      bestRank = rank;
    }
    if (bestGate === NOWHERE) return undefined;
    this.#entries[bestGate]!.pop();
    const queue = this.#queueOf(bestRank);
    this.leave(queue);
    return queue;
  }

  /** The gate a queue waits at and can be found at, or undefined; for checks. */
  gateOf(queue: ReadyQueue): number | undefined {
    const gate = this.#gateOf[queue.classIndex]!;
    const best = queue.best();
    if (gate === NOWHERE || best === undefined) return undefined;
    const stands = this.#entries
      [gate]!.values()
      .some((rank) => rank <= best && this.#queueOf(rank) === queue);
    return stands ? gate : undefined;
  }

  /** Best rank behind a gate, after dropping stale entries. */
  #bestAt(gate: number): number | undefined {
    const entries = this.#entries[gate]!;
    for (;;) {
      const rank = entries.peek();
      if (rank === undefined) return undefined;
      const queue = this.#queueOf(rank);
      const isHere = this.#gateOf[queue.classIndex] === gate;
      const best = isHere ? queue.best() : undefined;
      if (best === rank) return rank;
      entries.pop();
      if (best !== undefined && best > rank) entries.push(best);
      else if (isHere && best === undefined) this.#gateOf[queue.classIndex] = NOWHERE;
    }
  }
}
