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
    this.#forEach(this.#reservation, (constraint) => (this.#reserved[constraint] = 0));
    this.#forEach(claim, (constraint, amount) => (this.#reserved[constraint] = amount));
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
    this.#forEach(claim, (constraint, amount) => (this.#used[constraint]! += amount));
  }

  release(claim: Claim): void {
    this.#forEach(claim, (constraint, amount) => (this.#used[constraint]! -= amount));
  }

  /** Unlimited amounts cannot be counted, so they are left out. */
  #forEach(claim: Claim | null, act: (constraint: number, amount: number) => void): void {
    if (claim === null) return;
    for (let i = 0; i < claim.constraints.length; i++) {
      if (claim.amounts[i] !== Infinity) act(claim.constraints[i]!, claim.amounts[i]!);
    }
  }
}
