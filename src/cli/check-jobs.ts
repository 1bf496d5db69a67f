// Checks jobs against the options of a run and settles what runs where. Apart from the composition root, because showing a
// graph needs the check and none of the parts that run it.
import { BATCH_ENGINES } from '../backends/batch/engines/index.js';
import {
  DEFAULT_BATCH_SETTINGS,
  readBatchSettings,
  type BatchSettings,
} from '../backends/batch/batch-settings.js';
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
const BACKEND_NAMES = new Set(['local', FAKE, ...BATCH_ENGINES.map(({ name }) => name)]);

/** A checked graph with all that decides what runs where. Nothing has been run or written. */
export interface CheckedJobs {
  readonly graph: JobGraph;
  /** Scheduling order. */
  readonly order: Int32Array;
  readonly limits: Limits;
  readonly backendOf: (spec: JobSpec) => string;
  /** Names of the backends that have jobs. */
  readonly backendNames: readonly string[];
  /** Settings of the batch backends among them. */
  readonly batchSettings: ReadonlyMap<string, BatchSettings>;
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
  const batchSettings = readAllBatchSettings(options.backendOptions);
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
  if (options.virtualClock && backendNames.some((name) => name !== DRY_RUN && name !== FAKE)) {
    throw new UserError({
      code: 'virtual-clock',
      message: '--virtual-clock needs every job to be fake, but some run on a real backend',
      hint: 'add --backend fake',
    });
  }
  const limits = settleLimits(options, backendNames, batchSettings);
  return { graph, order: ranking.order, limits, backendOf, backendNames, batchSettings };
}

/** @throws UserError with everything that is wrong with what was said of backends. */
function readAllBatchSettings(given: RunOptions['backendOptions']): ReadonlyMap<string, BatchSettings> {
  const problems: Problem[] = [];
  const known = new Map(BATCH_ENGINES.map((engine) => [engine.name, DEFAULT_BATCH_SETTINGS]));
  for (const [name, values] of Object.entries(given)) {
    const engine = BATCH_ENGINES.find((one) => one.name === name);
    if (engine === undefined) {
      problems.push({
        code: 'unknown-backend',
        message: `no backend named ${JSON.stringify(name)} takes options`,
        hint: suggestName(name, known.keys()) ?? `those that do: ${[...known.keys()].join(', ')}`,
      });
      continue;
    }
    try {
      known.set(name, readBatchSettings(engine, values));
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      problems.push(...error.problems);
    }
  }
  if (problems.length > 0) throw new UserError(problems);
  return known;
}

/**
 * The default of `--max-parallel` is meant for one machine. Where jobs go to a batch engine it holds for the other backends, each, and
 * the engine decides how many of its jobs run at once.
 */
function settleLimits(
  { maxParallel, isMaxParallelGiven, resources }: RunOptions,
  backendNames: readonly string[],
  batchSettings: ReadonlyMap<string, BatchSettings>,
): Limits {
  const isMixed = !isMaxParallelGiven && backendNames.some((name) => batchSettings.has(name));
  const limitOf = (name: string): number | null =>
    batchSettings.get(name)?.maxJobs ?? (isMixed && name !== DRY_RUN ? maxParallel : null);
  return {
    run: isMixed ? null : maxParallel,
    backends: Object.fromEntries(backendNames.map((name) => [name, limitOf(name)])),
    resources,
  };
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
