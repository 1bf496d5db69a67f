// Builds the graph of a run from a list of job specs and validates it; every problem is collected, none runs anything.
import type { JobSource, JobSpec } from '../model/job-spec.js';
import type { Problem } from '../model/problem.js';
import { suggestName } from '../util/nearest.js';
import { findCycles, formatCycle } from './cycle.js';
import { reverseEdges, type EdgeTable, type JobGraph } from './graph.js';
import { ProblemCollector } from './problem-collector.js';
import { findPathConflicts, type PathSetting } from './validate-paths.js';
import { SpecValidator } from './validate-spec.js';

/** What the jobs are checked against. */
export interface BuildOptions extends PathSetting {
  /** Names of the backends jobs may ask for. */
  readonly backends: ReadonlySet<string>;
  /** Limits of resources that cannot grow; a job that asks for more is an error. Absent or null: unlimited. */
  readonly resourceLimits?: Readonly<Record<string, number | null>>;
  /**
   * What to do with a resource that has no entry in `resourceLimits`: nothing, tell `warn`, or an error. Default `ignore`; but of one
   * that has an entry in other capitals `warn` is told.
   */
  readonly onMissingResource?: 'ignore' | 'warn' | 'error';
  /** Receives warnings. Default: nobody does. */
  readonly warn?: (problem: Problem) => void;
}

/**
 * The graph of `source`.
 * @throws UserError with every problem found: bad fields, duplicate names, unknown dependencies and backends, impossible
 * resources, shared paths, cycles. Linear in jobs and edges; never recursive.
 */
export function buildGraph(source: JobSource, options: BuildOptions): JobGraph {
  const { jobs } = source;
  const collector = new ProblemCollector(source);
  const indexOf = indexJobs(jobs, collector);
  checkSpecs(jobs, collector);
  checkBackends(jobs, options.backends, collector);
  checkResources(jobs, options, collector);
  for (const { job, problem } of findPathConflicts(jobs, options)) collector.add(job, problem);
  const dependencies = collectEdges(source, indexOf, collector);
  const dependents = reverseEdges(dependencies);
  checkCycles(findCycles(dependencies, dependents), jobs, collector);
  collector.throwIfAny();
  return { jobs, dependencies, dependents, indexOf };
}

function indexJobs(jobs: readonly JobSpec[], collector: ProblemCollector): Map<string, number> {
  const indexOf = new Map<string, number>();
  for (const [job, spec] of jobs.entries()) {
    if (indexOf.has(spec.fullName)) {
      collector.add(job, { code: 'duplicate-job', message: `there are two jobs named "${spec.fullName}"` });
    } else {
      indexOf.set(spec.fullName, job);
    }
  }
  return indexOf;
}

function checkSpecs(jobs: readonly JobSpec[], collector: ProblemCollector): void {
  const validator = new SpecValidator();
  for (const [job, spec] of jobs.entries()) {
    validator.validate(spec, (problem) => {
      collector.add(job, problem);
    });
  }
}

function checkBackends(
  jobs: readonly JobSpec[],
  backends: ReadonlySet<string>,
  collector: ProblemCollector,
): void {
  for (const [job, spec] of jobs.entries()) {
    if (spec.backend === null || backends.has(spec.backend)) continue;
    collector.add(job, {
      code: 'unknown-backend',
      message: `job "${spec.fullName}" names the unknown backend "${spec.backend}"`,
      hint: suggestName(spec.backend, backends) ?? `known: ${[...backends].join(', ')}`,
    });
  }
}

function checkResources(jobs: readonly JobSpec[], options: BuildOptions, collector: ProblemCollector): void {
  const limits = options.resourceLimits ?? {};
  const missing = new Map<string, number>();
  for (const [job, spec] of jobs.entries()) {
    for (const [name, amount] of Object.entries(spec.resources)) {
      const limit = Object.hasOwn(limits, name) ? limits[name]! : undefined;
      if (limit === undefined) {
        if (!missing.has(name)) missing.set(name, job);
      } else if (limit !== null && (amount ?? Infinity) > limit) {
        collector.add(job, {
          code: 'impossible-resource',
          message: `job "${spec.fullName}" needs ${amount ?? 'an unlimited amount'} of resource "${name}", of which there are ${limit}`,
          hint: `raise the limit (--resource ${name}=N) or lower what the job asks for`,
        });
      }
    }
  }
  const limited = new Map(Object.keys(limits).map((name) => [foldName(name), name]));
  for (const [name, job] of missing) {
    // Who gave this limit meant to limit something: that nothing is limited is told in any case.
    const meant = limited.get(foldName(name));
    const problem = {
      code: 'missing-resource',
      message: `job "${jobs[job]!.fullName}" uses resource "${name}", which has no limit`,
      hint:
        meant === undefined
          ? `give it one: --resource ${name}=N`
          : `the limit that is given is for "${meant}"; did you mean --resource ${name}=N?`,
    };
    if (options.onMissingResource === 'error') collector.add(job, problem);
    else if (options.onMissingResource === 'warn' || meant !== undefined) options.warn?.(problem);
  }
}

/** What is the same for names that are easily taken for each other. */
function foldName(name: string): string {
  return name.trim().toLowerCase();
}

function collectEdges(
  { jobs, mayHaveLost }: JobSource,
  indexOf: ReadonlyMap<string, number>,
  collector: ProblemCollector,
): EdgeTable {
  const offsets = new Int32Array(jobs.length + 1);
  const targets: number[] = [];
  const suggest = makeSuggester(indexOf);
  for (const [job, spec] of jobs.entries()) {
    const from = targets.length;
    const seen = spec.dependencies.length > 8 ? new Set<number>() : undefined;
    for (const name of spec.dependencies) {
      const target = indexOf.get(name);
      if (target === undefined) {
        if (mayHaveLost?.(name) === true) continue;
        collector.addLazily(job, 'unknown-dependency', () => ({
          message: `job "${spec.fullName}" depends on the unknown job "${name}"`,
          hint: suggest(name),
        }));
      } else if (seen === undefined ? targets.indexOf(target, from) === -1 : !seen.has(target)) {
        seen?.add(target);
        targets.push(target);
      }
    }
    offsets[job + 1] = targets.length;
  }
  return { offsets, targets: Int32Array.from(targets) };
}

/** Names compared at most in search of those that were meant: about a second's worth. */
const MAX_COMPARISONS = 100_000;

/** Asks whether a name was meant that is like an unknown one; answers while that costs little. */
function makeSuggester(indexOf: ReadonlyMap<string, number>): (name: string) => string | undefined {
  const known = new Map<string, string | undefined>();
  return (name) => {
    if (known.has(name)) return known.get(name);
    if ((known.size + 1) * indexOf.size > MAX_COMPARISONS) return undefined;
    const hint = suggestName(name, indexOf.keys());
    known.set(name, hint);
    return hint;
  };
}

function checkCycles(
  cycles: readonly (readonly number[])[],
  jobs: readonly JobSpec[],
  collector: ProblemCollector,
): void {
  for (const cycle of cycles) {
    const names = cycle.map((job) => jobs[job]!.fullName);
    collector.add(cycle[0]!, {
      code: names.length === 1 ? 'self-dependency' : 'cycle',
      message:
        names.length === 1
          ? `job "${names[0]!}" depends on itself`
          : `${names.length} jobs depend on each other in a cycle: ${formatCycle(names)}`,
    });
  }
}
