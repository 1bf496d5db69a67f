// Makes the jobs that try failures a second time: with waves where the flow has them, else as they were. Runs nothing.
import { WAVE_FORMATS } from '../../flow/options/options.js';
import type { JobSource, JobSpec } from '../../model/job-spec.js';
import { UserError, type Problem } from '../../model/problem.js';
import type { FlowRecord } from '../../results/flow-record.js';
import { reloadJobs, selectJobs, withWaves } from '../choose-jobs.js';
import type { RunOrigin } from '../run-record.js';
import { moveToSecondPlace } from './second-place.js';

/** The target whose jobs simulate; others have no waves. */
const SIMULATING_TARGET = 'run';

/** The run whose failures are tried again. */
export interface FailedRun {
  readonly jobs: readonly JobSpec[];
  readonly origin: RunOrigin;
  /** Null for a job list. */
  readonly flow: FlowRecord | null;
}

/**
 * The jobs, each in a place of its own, with what has to be made anew for them.
 *
 * Waves take another build as a rule, and the one that is there may be somebody's: so jobs with waves get their builds too, below
 * `directory`. Where the config no longer makes them, they are tried without.
 *
 * @param names - Full names.
 * @param directory - Of the second tries; its links lead to them.
 */
export async function makeReproJobs(
  { jobs, origin, flow }: FailedRun,
  names: readonly string[],
  { directory, warn }: { readonly directory: string; readonly warn: (problem: Problem) => void },
): Promise<JobSource> {
  const wanted = new Set(names);
  const failed = jobs.filter(({ fullName }) => wanted.has(fullName));
  const format = origin.options['waves'] === undefined && flow !== null ? findWaveFormat(flow) : null;
  const simulations = format === null ? [] : failed.filter(({ target }) => target === SIMULATING_TARGET);
  const withTheirBuilds: JobSpec[] = [];
  if (format !== null && simulations.length > 0) {
    try {
      // Without what it builds itself, a run would look for its build where none is.
      const raw = { ...withWaves(origin.options, format), runOnly: false };
      const reloaded = await reloadJobs(origin, raw, `${directory}/scratch`);
      withTheirBuilds.push(
        ...selectJobs(
          reloaded,
          simulations.map(({ fullName }) => fullName),
        ).jobs,
      );
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      warn({ code: 'no-waves', message: `failures are run again without waves: ${error.message}` });
    }
  }
  const made = new Set(withTheirBuilds.map(({ fullName }) => fullName));
  const others = failed.filter(({ fullName }) => !made.has(fullName));
  const place = { others: jobs, scratchRoot: origin.scratch_root };
  const all = [...withTheirBuilds, ...others.map((spec) => moveToSecondPlace(spec, place))];
  // The links of the workspace stay those of the run.
  return {
    jobs: all.map((spec) => Object.freeze({ ...spec, linksDir: directory })),
    locate: () => undefined,
  };
}

/** The first format that every block takes which says what it takes; null when none says so. */
function findWaveFormat({ blocks }: FlowRecord): string | null {
  const lists = blocks.flatMap(({ report_keys: { supported_wave_formats: formats } }) =>
    Array.isArray(formats) && formats.length > 0 ? [formats as readonly unknown[]] : [],
  );
  const [first = []] = lists;
  const common = first.find((format) => lists.every((list) => list.includes(format)));
  return WAVE_FORMATS.find((known) => known === common) ?? null;
}
