// Joins limits that were in force one after the other. Pure.
import type { Limits } from '../model/run-event.js';

type Table = Readonly<Record<string, number | null>>;

/** For each limited thing the larger of the two limits; unlimited (null, or not named) is larger than any number. */
export function widenLimits(one: Limits, other: Limits): Limits {
  return {
    run: wider(one.run, other.run),
    backends: widenTable(one.backends, other.backends),
    resources: widenTable(one.resources, other.resources),
  };
}

function widenTable(one: Table, other: Table): Table {
  const names = Object.keys(one).filter((name) => Object.hasOwn(other, name));
  return Object.fromEntries(names.map((name) => [name, wider(one[name] ?? null, other[name] ?? null)]));
}

function wider(one: number | null, other: number | null): number | null {
  return one === null || other === null ? null : Math.max(one, other);
}
