// Keeps room for one class of large jobs that small ones would starve. Knows nothing of queues or gates.
import type { Constraints } from '../resources/constraints.js';
import type { Claim } from '../resources/ledger.js';

/** When the best job of a class became ready; undefined if there is none that could be submitted. */
export type ReadySince = (classIndex: number) => number | undefined;

const NOTHING: readonly number[] = [];

/** A class whose jobs need several units of a resource, or several resources. */
interface LargeClass {
  readonly index: number;
  /** What its jobs need of resources; slots are not kept for them. */
  readonly demand: Claim;
}

/**
 * Small jobs can starve a large one: each unit that is given back goes to one of them. So, once the best job of a large class
 * has been ready for `afterMs` and its resources are not free, they are kept for it: other jobs start only if they leave so much.
 * One class at a time, and each in its turn: the one that has not had room kept for longest. The room is given up when the job
 * starts, when there is no such job any more, when a lowered limit makes it impossible, and when its backend backs off.
 */
export class Reservation {
  readonly #constraints: Constraints;
  readonly #afterMs: number;
  /** Those that have not had a turn for longest first. */
  #large: LargeClass[];
  #current: LargeClass | null = null;
  #freed: readonly number[] = NOTHING;

  constructor(constraints: Constraints, afterMs: number) {
    this.#constraints = constraints;
    this.#afterMs = afterMs;
    this.#large = constraints.classes.flatMap(({ claim }, index) => {
      const demand = this.#resourcesOf(claim);
      const isLarge = demand.constraints.length > 1 || demand.amounts.some((amount) => amount > 1);
      return isLarge ? [{ index, demand }] : [];
    });
  }

  isFor(index: number): boolean {
    return this.#current?.index === index;
  }

  /** The class that room is kept for, after giving it up if its reason is gone. */
  keep(readySince: ReadySince, nowMs: number): number | undefined {
    if (this.#current !== null && !this.#isDue(this.#current, readySince, nowMs)) this.end();
    return this.#current?.index;
  }

  /** Gives up the room. */
  end(): void {
    this.#freed = this.#current?.demand.constraints ?? NOTHING;
    this.#current = null;
    this.#constraints.ledger.reserve(null);
  }

  /** Keeps room for the class whose turn it is, if room is kept for none. */
  consider(readySince: ReadySince, nowMs: number): void {
    if (this.#current !== null) return;
    const { ledger } = this.#constraints;
    const due = this.#large.find(
      (large) => this.#isDue(large, readySince, nowMs) && ledger.blocker(large.demand, false) !== undefined,
    );
    if (due === undefined) return;
    this.#current = due;
    ledger.reserve(due.demand);
    this.#large = [...this.#large.filter((large) => large !== due), due];
  }

  /** Constraints of which room was given up since this was last asked. */
  takeFreed(): readonly number[] {
    const freed = this.#freed;
    this.#freed = NOTHING;
    return freed;
  }

  #isDue({ index }: LargeClass, readySince: ReadySince, nowMs: number): boolean {
    const since = readySince(index);
    if (since === undefined || nowMs - since < this.#afterMs) return false;
    return this.#constraints.ledger.impossible(this.#constraints.classes[index]!.claim) === undefined;
  }

  #resourcesOf({ constraints, amounts }: Claim): Claim {
    const kept = constraints.flatMap((constraint, i) =>
      this.#constraints.names[constraint]!.kind === 'resource' ? [i] : [],
    );
    return { constraints: kept.map((i) => constraints[i]!), amounts: kept.map((i) => amounts[i]!) };
  }
}
