// Keeps one copy of equal small values, frozen, so that 100,000 jobs with one environment hold it once. Knows no job.

/** Above this many different values the table starts afresh: they are then hardly shared. */
const MAX_KEPT = 1024;

type Shareable = readonly string[] | Readonly<Record<string, unknown>>;

/** A table of values read from JSON, flat or nearly so. */
export class ShareTable<T extends Shareable> {
  readonly #kept = new Map<string, T>();
  #last: T | undefined;

  /** `value`, or an equal one that was there before; frozen, not deeply. */
  share(value: T): T {
    // Neighbours in a list are mostly alike, and comparing is cheaper than making a key.
    if (this.#last !== undefined && areEqual(this.#last, value)) return this.#last;
    const key = JSON.stringify(value);
    let kept = this.#kept.get(key);
    if (kept === undefined) {
      if (this.#kept.size >= MAX_KEPT) this.#kept.clear();
      kept = Object.freeze(value);
      this.#kept.set(key, kept);
    }
    this.#last = kept;
    return kept;
  }
}

/** The same names, or indices, with identical values; values that are objects never are. */
function areEqual(a: Shareable, b: Shareable): boolean {
  if (isList(a)) return isList(b) && a.length === b.length && a.every((item, at) => item === b[at]);
  if (isList(b)) return false;
  let surplus = 0;
  for (const name in a) {
    if (!Object.hasOwn(b, name) || a[name] !== b[name]) return false;
    surplus++;
  }
  for (const name in b) if (Object.hasOwn(b, name)) surplus--;
  return surplus === 0;
}

function isList(value: Shareable): value is readonly string[] {
  return Array.isArray(value);
}
