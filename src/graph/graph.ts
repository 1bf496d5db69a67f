// The indexed dependency graph of a run: jobs as integers, edges as flat arrays. Built by `build.ts`, which validates.
import type { JobSpec } from '../model/job-spec.js';

/** Edges of a graph in compressed rows: the targets of `i` are `targets[offsets[i]] .. targets[offsets[i + 1] - 1]`. */
export interface EdgeTable {
  /** One entry a job plus one. */
  readonly offsets: Int32Array;
  readonly targets: Int32Array;
}

/** A validated, acyclic graph of jobs; job `i` is `jobs[i]`, in declaration order. */
export interface JobGraph {
  readonly jobs: readonly JobSpec[];
  /** Job -> the jobs it depends on, each once. */
  readonly dependencies: EdgeTable;
  /** Job -> the jobs that depend on it. */
  readonly dependents: EdgeTable;
  /** Index of a job by its full name. */
  readonly indexOf: ReadonlyMap<string, number>;
}

/** The targets of one row, as a view. */
export function rowOf(table: EdgeTable, row: number): Int32Array {
  return table.targets.subarray(table.offsets[row], table.offsets[row + 1]);
}

/** Turns every edge round. */
export function reverseEdges(table: EdgeTable): EdgeTable {
  const size = table.offsets.length - 1;
  const offsets = new Int32Array(size + 1);
  for (const target of table.targets) offsets[target + 1]!++;
  for (let i = 0; i < size; i++) offsets[i + 1]! += offsets[i]!;
  const next = offsets.slice();
  const targets = new Int32Array(table.targets.length);
  for (let row = 0; row < size; row++) {
    for (let at = table.offsets[row]!; at < table.offsets[row + 1]!; at++) {
      targets[next[table.targets[at]!]!++] = row;
    }
  }
  return { offsets, targets };
}
