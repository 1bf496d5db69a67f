// Finds where values, given by their paths, stand in JSON text. Knows no job.
import { LineCounter, type Place } from './line-counter.js';
import { walkJson, type Segment } from './walk-json.js';

/** Keys and indices from the outermost value inwards. */
export type JsonPath = readonly (string | number)[];

/** A path or a beginning of one that is looked for. */
interface Wanted {
  readonly next: Map<Segment, Wanted>;
  place?: Place;
}

/**
 * The place of each path's value, in one walk; for a path that does not lead to a value, that of the innermost value
 * on its way. A value of a doubled key is found at its last place, which is the one that counts.
 *
 * @param text - Valid JSON.
 */
export function locatePaths(text: string, paths: readonly JsonPath[]): Place[] {
  const root: Wanted = { next: new Map() };
  for (const path of paths) want(root, path);
  const counter = new LineCounter(text);
  const inside: (Wanted | undefined)[] = [];
  walkJson(text, {
    begin: (segment, offset) => {
      const wanted = inside.length === 0 ? root : inside.at(-1)?.next.get(segment);
      if (wanted !== undefined) wanted.place = counter.placeAt(offset);
      inside.push(wanted);
    },
    end: () => inside.pop(),
  });
  return paths.map((path) => placeOf(root, path));
}

function want(root: Wanted, path: JsonPath): void {
  let at = root;
  for (const segment of path) {
    const known = at.next.get(segment);
    const next: Wanted = known ?? { next: new Map() };
    if (known === undefined) at.next.set(segment, next);
    at = next;
  }
}

function placeOf(root: Wanted, path: JsonPath): Place {
  let place: Place = { line: 1, column: 1 };
  let at: Wanted | undefined = root;
  for (const segment of [undefined, ...path]) {
    if (segment !== undefined) at = at?.next.get(segment);
    place = at?.place ?? place;
  }
  return place;
}
