// Turns a priority function into one total order of the jobs. Knows nothing of readiness or limits.
import type { JobSpec } from '../model/job-spec.js';
import type { Problem } from '../model/problem.js';

/** A priority: a number, or a tuple compared element by element. All jobs of a run must have the same shape. */
export type Priority = number | readonly (number | string)[];

/** Gives a job its priority; larger goes first. Called once a job, before anything runs. */
export type PriorityFunction = (spec: JobSpec) => Priority;

/** The default: the job's own weight. */
export const byWeight: PriorityFunction = (spec) => spec.weight;

/** Jobs in scheduling order, or what is wrong with the priority function (first offender only). */
export type Ranking =
  | { readonly kind: 'ranked'; /** Job indices, first to schedule first. */ readonly order: Int32Array }
  | { readonly kind: 'invalid'; readonly job: number; readonly problem: Problem };

/**
 * Ranks jobs by priority, largest first; ties keep declaration order.
 * A function that throws, or gives NaN or mixed shapes, is a problem that names the job; it never escapes.
 */
export function rankJobs(jobs: readonly JobSpec[], priorityOf: PriorityFunction): Ranking {
  const priorities: Priority[] = [];
  let shape: string | undefined;
  for (const [job, spec] of jobs.entries()) {
    let priority: unknown;
    try {
      priority = priorityOf(spec);
    } catch (error) {
      const thrown = typeof error === 'string' ? error : formatValue(error);
      return invalid(job, spec, `threw ${error instanceof Error ? error.message : thrown}`);
    }
    const found = describeShape(priority);
    if (found === undefined) return invalid(job, spec, `gave ${formatValue(priority)}`);
    shape ??= found;
    if (found !== shape) return invalid(job, spec, `gave a ${found} after a ${shape}`);
    priorities.push(priority as Priority);
  }
  const order = Int32Array.from(jobs.keys());
  if (!priorities.every((priority) => priority === priorities[0])) {
    order.sort((a, b) => comparePriorities(priorities[b], priorities[a]) || a - b);
  }
  return { kind: 'ranked', order };
}

function invalid(job: number, spec: JobSpec, what: string): Ranking {
  return {
    kind: 'invalid',
    job,
    problem: {
      code: 'invalid-priority',
      message: `the priority function ${what} for job "${spec.fullName}"`,
      hint: 'return a number, or a tuple of numbers and strings, of one shape for all jobs',
    },
  };
}

function describeShape(priority: unknown): string | undefined {
  if (typeof priority === 'number') return Number.isNaN(priority) ? undefined : 'number';
  if (!Array.isArray(priority)) return undefined;
  const parts: string[] = [];
  for (const element of priority as unknown[]) {
    const valid = typeof element === 'string' || (typeof element === 'number' && !Number.isNaN(element));
    if (!valid) return undefined;
    parts.push(typeof element);
  }
  return `tuple of (${parts.join(', ')})`;
}

/** How deep arrays in arrays are shown; one may hold itself. */
const MAX_DEPTH = 3;

/** A value of any kind in words; calls nothing of it. */
function formatValue(value: unknown, depth = 0): string {
  if (Array.isArray(value)) {
    return depth === MAX_DEPTH
      ? '[...]'
      : `[${value.map((element) => formatValue(element, depth + 1)).join(', ')}]`;
  }
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'object' && value !== null) return 'an object';
  return typeof value === 'function' ? 'a function' : String(value);
}

function comparePriorities(a: Priority | undefined, b: Priority | undefined): number {
  if (typeof a === 'number' && typeof b === 'number') return compareElements(a, b);
  const left = a as readonly (number | string)[];
  const right = b as readonly (number | string)[];
  for (let i = 0; i < left.length; i++) {
    const order = compareElements(left[i]!, right[i]!);
    if (order !== 0) return order;
  }
  return 0;
}

function compareElements(a: number | string, b: number | string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
