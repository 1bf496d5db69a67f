// Finds dependency cycles and words their paths, without recursion. Knows nothing of what the jobs are.
import { rowOf, type EdgeTable } from './graph.js';

/**
 * Cycles of the graph, one for each tangle found (not every elementary cycle); empty when it is acyclic.
 * Each is a list of jobs in which each depends on the next and the last on the first. Linear in jobs and edges.
 */
export function findCycles(dependencies: EdgeTable, dependents: EdgeTable): number[][] {
  const size = dependencies.offsets.length - 1;
  const tangle: Tangle = {
    dependencies,
    tangled: peel(dependencies, dependents),
    visit: new Int32Array(size),
  };
  const cycles: number[][] = [];
  for (let start = 0; start < size; start++) {
    if (tangle.tangled[start] === 0 || tangle.visit[start] !== 0) continue;
    const cycle = walk(start, tangle);
    if (cycle !== undefined) cycles.push(cycle);
  }
  return cycles;
}

/** Marks what is left when jobs without unfinished dependencies are taken away again and again. */
function peel(dependencies: EdgeTable, dependents: EdgeTable): Uint8Array {
  const size = dependencies.offsets.length - 1;
  const left = new Int32Array(size);
  const tangled = new Uint8Array(size).fill(1);
  const free: number[] = [];
  for (let job = 0; job < size; job++) {
    left[job] = dependencies.offsets[job + 1]! - dependencies.offsets[job]!;
    if (left[job] === 0) free.push(job);
  }
  for (let job = free.pop(); job !== undefined; job = free.pop()) {
    tangled[job] = 0;
    for (const dependent of rowOf(dependents, job)) {
      if (--left[dependent]! === 0) free.push(dependent);
    }
  }
  return tangled;
}

/** What the walks share: the jobs that cannot be peeled off, and the walk that visited each first (0: none). */
interface Tangle {
  readonly dependencies: EdgeTable;
  readonly tangled: Uint8Array;
  readonly visit: Int32Array;
}

/** Follows first tangled dependencies until a job of this walk (a cycle) or of an earlier one is met. */
function walk(start: number, { dependencies, tangled, visit }: Tangle): number[] | undefined {
  const walkId = start + 1;
  const path: number[] = [];
  let job = start;
  while (visit[job] === 0) {
    visit[job] = walkId;
    path.push(job);
    // A tangled job has a tangled dependency: otherwise it would have been peeled off.
    job = rowOf(dependencies, job).find((dependency) => tangled[dependency] === 1)!;
  }
  return visit[job] === walkId ? path.slice(path.indexOf(job)) : undefined;
}

/** `a -> b -> a`; the middle of a long path is left out and counted. */
export function formatCycle(names: readonly string[]): string {
  const shown = 12;
  const path =
    names.length <= shown
      ? names
      : [
          ...names.slice(0, shown / 2),
          `... ${String(names.length - shown)} more ...`,
          ...names.slice(-shown / 2),
        ];
  return [...path, names[0]].join(' -> ');
}
