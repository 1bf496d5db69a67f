// Checks jobs against the options of a run and settles what runs where. Apart from the composition root, because showing a
// graph needs the check and none of the parts that run it.
import { join } from 'node:path';
import { buildGraph } from '../graph/build.js';
import type { JobGraph } from '../graph/graph.js';
import type { JobSource, JobSpec } from '../model/job-spec.js';
import { PartialInputError, UserError, type Problem } from '../model/problem.js';
import type { Limits } from '../model/run-event.js';
import { byWeight, rankJobs } from '../policy/priority.js';
import type { ExpectedDurations } from '../results/history/expected-durations.js';
import { RUNS_FOLDER } from './find-run.js';
import type { RunOptions } from './run-options.js';
import { createPlaceFinder } from '../util/find-place.js';
import { DRY_RUN, FAKE } from './backend-names.js';
import { namesOf, readBackendSettings, unknownBackend, type BackendSettings } from './site/site.js';

/** A checked graph with all that decides what runs where. Nothing has been run or written. */
export interface CheckedJobs {
  readonly graph: JobGraph;
  /** Scheduling order. */
  readonly order: Int32Array;
  readonly limits: Limits;
  readonly backendOf: (spec: JobSpec) => string;
  /** Names of the backends that have jobs. */
  readonly backendNames: readonly string[];
  /** Settings of all backends. */
  readonly settings: ReadonlyMap<string, BackendSettings>;
  /** How long a job took in past runs, where a history was asked. */
  readonly expectedMsOf?: ExpectedDurations;
}

/** What jobs are checked with beside the options of the run. */
export interface CheckSetting {
  /** Where the record of the run is kept, which no job may move away; null when it is not known. */
  readonly scratchRoot: string | null;
  readonly warn: (problem: Problem) => void;
}

/**
 * Checks jobs against the options of the run.
 * @throws UserError with everything that keeps them from running.
 */
export function checkJobs(
  source: JobSource,
  options: RunOptions,
  { scratchRoot, warn }: CheckSetting,
): CheckedJobs {
  const known = namesOf(options.site);
  if (!known.has(options.backend)) throw new UserError(unknownBackend(options.backend, known));
  const settings = readBackendSettings(options.site, options.backendOptions);
  const graph = buildGraph(source, {
    backends: known,
    resourceLimits: options.resources,
    onMissingResource: options.onMissingResource,
    ...(scratchRoot === null ? {} : { immovable: join(scratchRoot, RUNS_FOLDER) }),
    placeOf: createPlaceFinder(),
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
  const limits = settleLimits(options, backendNames, settings);
  return { graph, order: ranking.order, limits, backendOf, backendNames, settings };
}

/**
 * The default of `--max-parallel` is meant for one machine. Where jobs go to a batch engine it holds for the other backends, each, and
 * the engine decides how many of its jobs run at once.
 */
function settleLimits(
  { maxParallel, isMaxParallelGiven, resources }: RunOptions,
  backendNames: readonly string[],
  settings: ReadonlyMap<string, BackendSettings>,
): Limits {
  const isBatch = (name: string): boolean => (settings.get(name)?.batchFor ?? null) !== null;
  const isMixed = !isMaxParallelGiven && backendNames.some(isBatch);
  const limitOf = (name: string): number | null =>
    settings.get(name)?.maxJobs ?? (isMixed && name !== DRY_RUN ? maxParallel : null);
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
    checkJobs(error.readable, options, { scratchRoot: null, warn: () => undefined });
  } catch (more) {
    throw more instanceof UserError ? new UserError([...error.problems, ...more.problems]) : more;
  }
  throw error;
}
