// Ready jobs of one admission class, best first. Knows nothing of what lets them start.
import { IntHeap } from '../util/int-heap.js';

/**
 * A heap of ranks. A job that is no longer ready (killed while it waited) is not searched for: it is dropped when it comes up.
 */
export class ReadyQueue {
  readonly classIndex: number;
  readonly #ranks = new IntHeap();
  readonly #isReady: (rank: number) => boolean;
  #size = 0;

  constructor(classIndex: number, isReady: (rank: number) => boolean) {
    this.classIndex = classIndex;
    this.#isReady = isReady;
  }

  /** Number of jobs that are ready. */
  get size(): number {
    return this.#size;
  }

  push(rank: number): void {
    this.#ranks.push(rank);
    this.#size++;
  }

  /** One of the jobs is ready no more: it was killed. */
  drop(): void {
    this.#size--;
  }

  /** Rank of the best job that is still ready, or undefined. */
  best(): number | undefined {
    for (;;) {
      const rank = this.#ranks.peek();
      if (rank === undefined || this.#isReady(rank)) return rank;
      this.#ranks.pop();
    }
  }

  /** Takes out the best ready job. */
  takeBest(): number | undefined {
    const rank = this.best();
    if (rank !== undefined) this.#size--;
    this.#ranks.pop();
    return rank;
  }

  /** Ranks of all ready jobs, in no order; for reports and checks. */
  all(): Int32Array {
    return this.#ranks.values().filter((rank) => this.#isReady(rank));
  }
}
