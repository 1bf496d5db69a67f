// How short a run could have been at best, with the same jobs taking the same time. Pure; knows no clock and no scheduler.
import type { JobSpec } from '../model/job-spec.js';
import type { Limits } from '../model/run-event.js';

/** A run that has ended, by job index. */
export interface FinishedRun {
  readonly specs: readonly JobSpec[];
  /** Index of each job by its full name. */
  readonly indexOf: ReadonlyMap<string, number>;
  readonly backends: readonly string[];
  readonly limits: Limits;
  /** Run time of each job in milliseconds; 0 for one that never ran. */
  readonly runtimesMs: ArrayLike<number>;
}

/** One reason why the run cannot be shorter. */
export interface BoundTerm {
  /** `slots`: all work over the run's or a backend's slots; `resource`: work times units over capacity. */
  readonly kind: 'critical-path' | 'slots' | 'backend-slots' | 'resource';
  /** Name of the backend or resource; empty for the others. */
  readonly name: string;
  readonly ms: number;
}

/** The best makespan there is no way below. It may not be reachable. */
export interface LowerBound {
  readonly ms: number;
  /** All terms, largest first; of equals, as named above. */
  readonly terms: readonly BoundTerm[];
  /** Indices of the longest chain of jobs, each depending on the one before. */
  readonly criticalPath: readonly number[];
}

/** The largest of: the longest chain of dependencies, the work over the slots, and each resource's use over its capacity. */
export function findLowerBound(run: FinishedRun): LowerBound {
  const path = findCriticalPath(run);
  const terms: BoundTerm[] = [{ kind: 'critical-path', name: '', ms: path.ms }, ...findLoads(run)];
  terms.sort((a, b) => b.ms - a.ms);
  return { ms: terms[0]?.ms ?? 0, terms, criticalPath: path.jobs };
}

/** Work over capacity, for each thing with a limit above 0. */
function findLoads({ specs, backends, limits, runtimesMs }: FinishedRun): BoundTerm[] {
  let total = 0;
  const byBackend = new Map<string, number>();
  const byResource = new Map<string, number>();
  specs.forEach((spec, job) => {
    const ms = runtimesMs[job] ?? 0;
    total += ms;
    add(byBackend, backends[job] ?? '', ms);
    for (const [name, amount] of Object.entries(spec.resources)) add(byResource, name, ms * (amount ?? 0));
  });
  const terms: BoundTerm[] = [];
  const addTerm = (term: BoundTerm, limit: number | null | undefined): void => {
    if (typeof limit === 'number' && limit > 0) terms.push({ ...term, ms: term.ms / limit });
  };
  addTerm({ kind: 'slots', name: '', ms: total }, limits.run);
  for (const [name, ms] of byBackend) addTerm({ kind: 'backend-slots', name, ms }, limits.backends[name]);
  for (const [name, ms] of byResource) addTerm({ kind: 'resource', name, ms }, limits.resources[name]);
  return terms;
}

function add(sums: Map<string, number>, name: string, amount: number): void {
  sums.set(name, (sums.get(name) ?? 0) + amount);
}

/** Longest chain, by a pass over the jobs in an order in which dependencies come first. */
function findCriticalPath(run: FinishedRun): { ms: number; jobs: number[] } {
  const { specs, indexOf, runtimesMs } = run;
  const finish = new Float64Array(specs.length);
  const previous = new Int32Array(specs.length).fill(-1);
  let last = -1;
  for (const job of sortByDependencies(run)) {
    let start = 0;
    for (const name of specs[job]?.dependencies ?? []) {
      const dependency = indexOf.get(name) ?? -1;
      const end = finish[dependency] ?? 0;
      if (end <= start) continue;
      start = end;
      previous[job] = dependency;
    }
    finish[job] = start + (runtimesMs[job] ?? 0);
    if (last < 0 || (finish[job] ?? 0) > (finish[last] ?? 0)) last = job;
  }
  const jobs: number[] = [];
  for (let job = last; job >= 0; job = previous[job] ?? -1) jobs.push(job);
  return { ms: last < 0 ? 0 : (finish[last] ?? 0), jobs: jobs.reverse() };
}

/** The jobs in an order in which dependencies come first. Dependencies that are not in the run do not count. */
function sortByDependencies({ specs, indexOf }: FinishedRun): Int32Array {
  // Of each job the dependents that were read last, and before each of those the one read before: lists without objects.
  const lastDependent = new Int32Array(specs.length).fill(-1);
  const edges: { readonly dependents: number[]; readonly previous: number[] } = {
    dependents: [],
    previous: [],
  };
  const waitsFor = new Int32Array(specs.length);
  const order = new Int32Array(specs.length);
  let sorted = 0;
  for (const [job, { dependencies }] of specs.entries()) {
    for (const name of dependencies) {
      const dependency = indexOf.get(name);
      if (dependency === undefined) continue;
      edges.previous.push(lastDependent[dependency] ?? -1);
      lastDependent[dependency] = edges.dependents.push(job) - 1;
      waitsFor[job] = (waitsFor[job] ?? 0) + 1;
    }
    if (waitsFor[job] === 0) order[sorted++] = job;
  }
  for (let at = 0; at < sorted; at++) {
    for (let edge = lastDependent[order[at] ?? -1] ?? -1; edge >= 0; edge = edges.previous[edge] ?? -1) {
      const dependent = edges.dependents[edge] ?? -1;
      const left = (waitsFor[dependent] ?? 0) - 1;
      waitsFor[dependent] = left;
      if (left === 0) order[sorted++] = dependent;
    }
  }
  return order;
}
