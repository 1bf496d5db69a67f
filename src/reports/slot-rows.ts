// Finds for each job of a run the slot it is drawn in. Pure; knows times, not jobs.

/** Gives each job the lowest row that is free from its start on. Jobs come in the order of their starts. */
export class SlotRows {
  /** When each row's last job ends. */
  readonly #endsMs: number[] = [];
  /** For each node of a binary tree over the rows, the earliest end below it; row `i` is node `leaves + i`. */
  #earliest: number[] = [Infinity, Infinity];
  #leaves = 1;

  /** The row of a job with these times, and whether no job was in it before. */
  take(startMs: number, endMs: number): { row: number; isNew: boolean } {
    const free = this.#findFree(startMs);
    const row = free ?? this.#endsMs.length;
    this.#endsMs[row] = endMs;
    if (row >= this.#leaves) this.#grow();
    for (let node = this.#leaves + row, end = endMs; node >= 1; node >>= 1) {
      this.#earliest[node] = end;
      end = Math.min(end, this.#earliest[node ^ 1] ?? Infinity);
    }
    return { row, isNew: free === undefined };
  }

  #findFree(startMs: number): number | undefined {
    if ((this.#earliest[1] ?? Infinity) > startMs) return undefined;
    let node = 1;
    while (node < this.#leaves) {
      node *= 2;
      if ((this.#earliest[node] ?? Infinity) > startMs) node++;
    }
    return node - this.#leaves;
  }

  #grow(): void {
    this.#leaves *= 2;
    this.#earliest = new Array<number>(this.#leaves * 2).fill(Infinity);
    this.#endsMs.forEach((end, row) => {
      this.#earliest[this.#leaves + row] = end;
    });
    for (let node = this.#leaves - 1; node >= 1; node--) {
      const [left = Infinity, right = Infinity] = this.#earliest.slice(2 * node, 2 * node + 2);
      this.#earliest[node] = Math.min(left, right);
    }
  }
}
