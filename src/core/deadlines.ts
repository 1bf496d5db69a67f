// Everything the core waits for by time, earliest first. Knows nothing of what is done when a time comes.

/** What is due. Deadlines about a job name its attempt, so that one left over from an earlier attempt is told apart. */
export type Deadline = { readonly atMs: number } & (
  | { readonly kind: 'time-limit'; readonly job: number; readonly attempt: number }
  /** A killed job's backend should have reported its end by now. */
  | {
      readonly kind: 'kill-overdue';
      readonly job: number;
      readonly attempt: number;
      /** Which kill: the ordinary one, or that by force, which has a time of its own. */
      readonly force: boolean;
    }
  | { readonly kind: 'backoff-over'; readonly backend: number }
);

/** Below this many, stale deadlines are not worth a clean-up. */
const MIN_TO_COMPACT = 64;

/**
 * Min-heap of deadlines. A deadline is never taken out early: whoever receives it checks whether it still holds.
 * When most are stale, they are dropped together, so memory follows what is live.
 */
export class Deadlines {
  #heap: Deadline[] = [];
  #compactAt = MIN_TO_COMPACT;
  readonly #isLive: (deadline: Deadline) => boolean;

  constructor(isLive: (deadline: Deadline) => boolean) {
    this.#isLive = isLive;
  }

  /** The live deadlines, in no order; for checks. */
  live(): Deadline[] {
    return this.#heap.filter(this.#isLive);
  }

  add(deadline: Deadline): void {
    if (this.#heap.length >= this.#compactAt) this.#compact();
    this.#heap.push(deadline);
    this.#siftUp(this.#heap.length - 1);
  }

  /** Time of the earliest live deadline, or null. */
  earliestMs(): number | null {
    while (this.#heap.length > 0 && !this.#isLive(this.#heap[0]!)) this.#takeTop();
    return this.#heap[0]?.atMs ?? null;
  }

  /** Takes out the earliest live deadline at or before `nowMs`, or returns undefined. */
  takeDue(nowMs: number): Deadline | undefined {
    const earliest = this.earliestMs();
    return earliest !== null && earliest <= nowMs ? this.#takeTop() : undefined;
  }

  /** Moves the deadlines `select` picks by `byMs`. */
  postpone(byMs: number, select: (deadline: Deadline) => boolean): void {
    this.#rebuild(
      this.#heap.map((deadline) =>
        select(deadline) ? { ...deadline, atMs: deadline.atMs + byMs } : deadline,
      ),
    );
  }

  #compact(): void {
    this.#rebuild(this.#heap.filter(this.#isLive));
    this.#compactAt = Math.max(MIN_TO_COMPACT, 2 * this.#heap.length);
  }

  /** A sorted array is a heap. */
  #rebuild(deadlines: Deadline[]): void {
    this.#heap = deadlines.sort((a, b) => a.atMs - b.atMs);
  }

  #takeTop(): Deadline {
    const top = this.#heap[0]!;
    const moved = this.#heap.pop()!;
    if (this.#heap.length > 0) this.#siftDown(moved);
    return top;
  }

  #siftUp(from: number): void {
    const heap = this.#heap;
    const moved = heap[from]!;
    let at = from;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (heap[parent]!.atMs <= moved.atMs) break;
      heap[at] = heap[parent]!;
      at = parent;
    }
    heap[at] = moved;
  }

  #siftDown(moved: Deadline): void {
    const heap = this.#heap;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && heap[child + 1]!.atMs < heap[child]!.atMs) child++;
      if (heap[child]!.atMs >= moved.atMs) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = moved;
  }
}
