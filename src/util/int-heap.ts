// A binary min-heap of 32-bit integers in one typed array. Knows nothing of what they mean.

/** Min-heap of int32 values; push and pop cost O(log n), and 4 to 8 bytes a value. */
export class IntHeap {
  #items = new Int32Array(16);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** The smallest value, or undefined when empty. */
  peek(): number | undefined {
    return this.#size === 0 ? undefined : this.#items[0];
  }

  push(value: number): void {
    if (this.#size === this.#items.length) {
      const grown = new Int32Array(this.#size * 2);
      grown.set(this.#items);
      this.#items = grown;
    }
    const items = this.#items;
    let at = this.#size++;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = items[parent]!;
      if (above <= value) break;
      items[at] = above;
      at = parent;
    }
    items[at] = value;
  }

  /** Takes out the smallest value, or returns undefined when empty. */
  pop(): number | undefined {
    if (this.#size === 0) return undefined;
    const items = this.#items;
    const smallest = items[0];
    const moved = items[--this.#size]!;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= this.#size) break;
      if (child + 1 < this.#size && items[child + 1]! < items[child]!) child++;
      if (items[child]! >= moved) break;
      items[at] = items[child]!;
      at = child;
    }
    items[at] = moved;
    return smallest;
  }

  /** The values, in heap order, not sorted; for checks. */
  values(): Int32Array {
    return this.#items.slice(0, this.#size);
  }
}
