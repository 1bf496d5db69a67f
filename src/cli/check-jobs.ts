// Checks jobs against the options of a run and settles what runs where. Apart from the composition root, because showing a
// graph needs the check and none of the parts that run it.
import { buildGraph } from '../graph/build.js';
import type { JobGraph } from '../graph/graph.js';
import type { JobSource, JobSpec } from '../model/job-spec.js';
import { PartialInputError, UserError, type Problem } from '../model/problem.js';
import type { Limits } from '../model/run-event.js';
import { byWeight, rankJobs } from '../policy/priority.js';
import { suggestName } from '../util/nearest.js';
import type { RunOptions } from './run-options.js';

/** Backend of jobs that are only gone through the motions with. */
export const DRY_RUN = 'dry-run';
/** Backend of jobs that are pretended. */
export const FAKE = 'fake';

/** Backend of jobs that run on this machine. */
export const LOCAL = 'local';

/** Backends a job may ask for by name. */
const BACKEND_NAMES = new Set(['local', FAKE]);

/** A checked graph with all that decides what runs where. Nothing has been run or written. */
export interface CheckedJobs {
  readonly graph: JobGraph;
  /** Scheduling order. */
  readonly order: Int32Array;
  readonly limits: Limits;
  readonly backendOf: (spec: JobSpec) => string;
  /** Names of the backends that have jobs. */
  readonly backendNames: readonly string[];
}

/**
 * Checks jobs against the options of the run.
 * @throws UserError with everything that keeps them from running.
 */
export function checkJobs(
  source: JobSource,
  options: RunOptions,
  warn: (problem: Problem) => void,
): CheckedJobs {
  if (!BACKEND_NAMES.has(options.backend)) {
    throw new UserError({
      code: 'unknown-backend',
      message: `there is no backend named ${JSON.stringify(options.backend)}`,
      hint: suggestName(options.backend, BACKEND_NAMES) ?? `known: ${[...BACKEND_NAMES].join(', ')}`,
    });
  }
  const graph = buildGraph(source, {
    backends: BACKEND_NAMES,
    resourceLimits: options.resources,
    onMissingResource: options.onMissingResource,
    warn,
  });
  const ranking = rankJobs(graph.jobs, byWeight);
  if (ranking.kind === 'invalid') throw new UserError(ranking.problem);
  const backendOf = (spec: JobSpec): string =>
    options.dryRun || spec.dryRun ? DRY_RUN : (spec.backend ?? options.backend);
  const backendNames = [...new Set(graph.jobs.map(backendOf))];
  if (options.virtualClock && backendNames.includes('local')) {
    throw new UserError({
      code: 'virtual-clock',
      message: '--virtual-clock needs every job to be fake, but some run on this machine',
      hint: 'add --backend fake',
    });
  }
  const limits: Limits = {
    run: options.maxParallel,
    backends: Object.fromEntries(backendNames.map((name) => [name, null])),
    resources: options.resources,
  };
  return { graph, order: ranking.order, limits, backendOf, backendNames };
}

/**
 * For when INPUT could not be loaded. Where only some of its jobs are to blame, the others are checked all the same: everything
 * that is wrong is told in one round.
 * @throws always: `error`, or a UserError with its problems and those of the rest.
 */
export function failWithTheRest(error: unknown, options: RunOptions): never {
  if (!(error instanceof PartialInputError)) throw error;
  try {
    checkJobs(error.readable, options, () => undefined);
  } catch (more) {
    throw more instanceof UserError ? new UserError([...error.problems, ...more.problems]) : more;
  }
  throw error;
}
