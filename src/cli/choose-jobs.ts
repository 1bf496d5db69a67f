// Makes the jobs for another run out of those of an earlier one: some of them, and with waves where the flow has them.
import type { RawOptions } from '../flow/options/read-options.js';
import type { JobSource } from '../model/job-spec.js';
import { UserError } from '../model/problem.js';
import { systemWordsOf } from '../util/message-of.js';
import { loadInput } from './load-input.js';
import { readRunOptions } from './run-options.js';
import type { RunOrigin } from './run-record.js';

/** Options that make a flow's jobs write waves in this format: every test's, whatever the config's limit on them. */
export function withWaves(raw: RawOptions, format: string): RawOptions {
  return { ...raw, waves: format, maxWaves: '1000000000' };
}

/**
 * The jobs of a run as its flow config makes them with other options; the same seeds come from the same entropy. The working
 * directory becomes the one the run was started in: relative paths mean what they meant then.
 *
 * @throws UserError when the run was none of a flow config, its directory is gone, or the config does not make its jobs with
 * these options.
 */
export async function reloadJobs(
  { entropy, input, cwd }: RunOrigin,
  raw: RawOptions,
  scratchRoot: string,
): Promise<JobSource> {
  if (entropy === null) {
    throw new UserError({
      code: 'no-waves',
      message:
        '--waves needs a run of a flow config; this one ran a job list, which says itself what jobs do',
      hint: 'leave --waves out',
    });
  }
  enter(cwd);
  const { flow } = readRunOptions(raw, process.env);
  const { source } = await loadInput(input, { ...flow, scratchRoot }, { entropy });
  return source;
}

function enter(cwd: string): void {
  try {
    process.chdir(cwd);
  } catch (error) {
    throw new UserError(
      {
        code: 'no-waves',
        message: `cannot enter ${cwd}, where the run was started: ${systemWordsOf(error)}`,
        hint: 'leave --waves out',
      },
      { cause: error },
    );
  }
}

/**
 * Jobs of these names, and all they depend on, in their order.
 * @throws UserError when one is missing.
 */
export function selectJobs({ jobs, locate }: JobSource, names: readonly string[]): JobSource {
  const byName = new Map(jobs.map((spec) => [spec.fullName, spec]));
  const missing = names.filter((name) => !byName.has(name));
  if (missing.length > 0) {
    throw new UserError({
      code: 'config-changed',
      message: `the config no longer makes the job ${missing[0] ?? ''}${missing.length > 1 ? ` and ${missing.length - 1} others` : ''}`,
      hint: 'it was changed since the run; start a new one',
    });
  }
  const wanted = new Set(names);
  // Grows while it is walked: a Set's iteration reaches what is added on the way.
  for (const name of wanted)
    for (const dependency of byName.get(name)?.dependencies ?? []) wanted.add(dependency);
  const kept = jobs.flatMap((spec, job) => (wanted.has(spec.fullName) ? [{ spec, job }] : []));
  return { jobs: kept.map(({ spec }) => spec), locate: (index) => locate(kept[index]?.job ?? -1) };
}
