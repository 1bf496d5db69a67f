// Finds the known name a mistyped one was probably meant to be.

/** The candidate closest to `name` by edit distance, if close enough to be a likely typo; the first of equals. */
export function nearestName(name: string, candidates: Iterable<string>): string | undefined {
  let best: string | undefined;
  // A third of the letters may be wrong: a name of one or two letters is like any other of its length.
  let bestDistance = Math.floor(name.length / 3) + 1;
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - name.length) >= bestDistance) continue;
    const distance = editDistance(name, candidate, bestDistance);
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** The question that offers the candidate nearest to a mistyped name; undefined when none is near. */
export function suggestName(name: string, candidates: Iterable<string>): string | undefined {
  const nearest = nearestName(name, candidates);
  return nearest === undefined ? undefined : `did you mean "${nearest}"?`;
}

/** Edits from `a` to `b`: a letter put in, left out, replaced, or swapped with the next. Cut off: `limit` means "too far". */
function editDistance(a: string, b: string, limit: number): number {
  let beforePrevious = new Uint32Array(b.length + 1);
  let previous = Uint32Array.from(beforePrevious, (_, j) => j);
  let row = new Uint32Array(b.length + 1);
  let previousLeast = 0;
  for (let i = 1; i <= a.length; i++) {
    row[0] = i;
    let least = i;
    for (let j = 1; j <= b.length; j++) {
      const isSame = a[i - 1] === b[j - 1];
      let distance = Math.min(previous[j - 1]! + (isSame ? 0 : 1), previous[j]! + 1, row[j - 1]! + 1);
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (isSwap) distance = Math.min(distance, beforePrevious[j - 2]! + 1);
      row[j] = distance;
      if (distance < least) least = distance;
    }
    // A swap reaches two rows back.
    if (least >= limit && previousLeast >= limit) return limit;
    previousLeast = least;
    [beforePrevious, previous, row] = [previous, row, beforePrevious];
  }
  return previous[b.length]!;
}
