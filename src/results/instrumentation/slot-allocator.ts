// Numbers the slots of a run: each job that starts gets the lowest free number. Knows nothing of jobs or limits.
import { IntHeap } from '../../util/int-heap.js';

/** Slots count from 1; as many as were ever taken at once. */
export class SlotAllocator {
  readonly #free = new IntHeap();
  #made = 0;

  take(): number {
    return this.#free.pop() ?? ++this.#made;
  }

  give(slot: number): void {
    this.#free.push(slot);
  }
}
