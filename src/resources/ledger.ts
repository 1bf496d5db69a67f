// Counts what is in use of each limited thing: run slots, backend slots, resource units. Knows nothing of jobs or queues.

/** Amounts a job takes: constraint indices and, beside each, how much (Infinity: fits only without a limit). */
export interface Claim {
  readonly constraints: readonly number[];
  readonly amounts: readonly number[];
}

/**
 * Book of constraints, each with a limit (Infinity: none) and an amount in use. A limit may be set below what is in use:
 * then nothing fits until enough is given back. At most one claim can be reserved: other claims must leave room for it.
 */
export class Ledger {
  readonly #limits: number[] = [];
  readonly #used: number[] = [];
  readonly #reserved: number[] = [];
  #reservation: Claim | null = null;

  /** Adds a constraint and returns its index. */
  add(limit: number): number {
    this.#limits.push(limit);
    this.#used.push(0);
    this.#reserved.push(0);
    return this.#limits.length - 1;
  }

  get size(): number {
    return this.#limits.length;
  }

  limit(constraint: number): number {
    return this.#limits[constraint]!;
  }

  used(constraint: number): number {
    return this.#used[constraint]!;
  }

  setLimit(constraint: number, limit: number): void {
    this.#limits[constraint] = limit;
  }

  /** Makes all claims but the owner's leave room for `claim`, or for none. Replaces an earlier reservation. */
  reserve(claim: Claim | null): void {
    if (this.#reservation !== null) book(this.#reserved, this.#reservation, -1);
    if (claim !== null) book(this.#reserved, claim, 1);
    this.#reservation = claim;
  }

  /** The first constraint that keeps `claim` from fitting now, or undefined. The owner of the reservation may use it. */
  blocker(claim: Claim, isOwner: boolean): number | undefined {
    for (let i = 0; i < claim.constraints.length; i++) {
      const constraint = claim.constraints[i]!;
      const kept = isOwner ? 0 : this.#reserved[constraint]!;
      if (this.#used[constraint]! + kept + claim.amounts[i]! > this.#limits[constraint]!) return constraint;
    }
    return undefined;
  }

  /** What is neither in use nor kept for a reservation; below 0 after a limit was lowered. */
  free(constraint: number): number {
    return this.#limits[constraint]! - this.#used[constraint]! - this.#reserved[constraint]!;
  }

  /** The first constraint whose whole limit is too small for `claim`, or undefined. */
  impossible(claim: Claim): number | undefined {
    return claim.constraints.find((constraint, i) => claim.amounts[i]! > this.#limits[constraint]!);
  }

  take(claim: Claim): void {
    book(this.#used, claim, 1);
  }

  release(claim: Claim): void {
    book(this.#used, claim, -1);
  }
}

/** Unlimited amounts cannot be counted, so they are left out. */
function book(amounts: number[], { constraints, amounts: claimed }: Claim, times: 1 | -1): void {
  for (let i = 0; i < constraints.length; i++) {
    if (claimed[i] !== Infinity) amounts[constraints[i]!]! += times * claimed[i]!;
  }
}
