// Takes an earlier run up again, or looks at it, with the options it was started with. Starts nothing.
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Past } from '../driver/run.js';
import type { RawOptions } from '../flow/options/read-options.js';
import { UserError } from '../model/problem.js';
import type { RunEvent } from '../model/run-event.js';
import { checkJobs, type CheckedJobs } from './check-jobs.js';
import { RUN_COMMAND_OPTIONS } from './option-tables.js';
import { readRunOptions, type RunOptions } from './run-options.js';
import { openSite } from './site/site.js';
import { recordedBackendOf, replayRun, type RunOrigin, type RunRecord } from './run-record.js';

/** A recorded run, with its jobs checked as they were when it started. */
export interface PastRun {
  readonly record: RunRecord;
  readonly options: RunOptions;
  readonly checked: CheckedJobs;
}

/**
 * Options of a run that is taken up again: as they were given then, and on top of them what is given now. Paths mean what they meant
 * where they were given, whatever the working directory is later on.
 */
export function combineOptions({ options, cwd }: RunOrigin, given: RawOptions): RawOptions {
  return { ...pinFiles(options, cwd), ...pinFiles(given, process.cwd()) };
}

function pinFiles(options: RawOptions, cwd: string): RawOptions {
  const pinned: Record<string, RawOptions[string]> = { ...options };
  for (const { field, metavar } of RUN_COMMAND_OPTIONS) {
    const value = options[field];
    if (metavar === 'FILE' && typeof value === 'string' && value !== '-') pinned[field] = resolve(cwd, value);
  }
  return pinned;
}

/** @throws UserError when the jobs cannot run with these options. */
export async function checkPastRun(record: RunRecord, given: RawOptions): Promise<PastRun> {
  const { site, raw } = await openSite(combineOptions(record.origin, given), process.cwd());
  const options = readRunOptions(raw, process.env, site);
  const setting = { scratchRoot: record.origin.scratch_root, warn: () => undefined };
  return { record, options, checked: checkJobs(record.source, options, setting) };
}

/** What a run that is taken up again starts from. */
export function recallPast({ record, checked }: PastRun): Past {
  const { state, source } = record;
  const stands = (event: RunEvent, session: number): boolean => {
    switch (event.kind) {
      case 'run-resumed':
      case 'limits-changed':
        return true;
      case 'job-changed':
        return state.stands(event.job) && state.isCurrent(event.job, session);
      default:
        return false;
    }
  };
  return {
    events: replayRun(record, source.jobs.map(checked.backendOf), stands),
    recovery: state.recover(),
  };
}

/**
 * All that is on record of a run, but for what was thrown away when it was taken up again. Needs nothing but the record: a config
 * file or a plugin that is gone is no hindrance.
 */
export function replayPastRun(record: RunRecord): Iterable<RunEvent> {
  const { state, source } = record;
  const isCurrent = (event: RunEvent, session: number): boolean =>
    event.kind === 'job-changed'
      ? state.isCurrent(event.job, session)
      : event.kind !== 'stop-asked' || session === state.session;
  const backends = source.jobs.map((spec) => recordedBackendOf(record, spec));
  return replayRun(record, backends, isCurrent);
}

/** @throws UserError when what jobs that passed have made is gone, and jobs that are still to run need it. */
export function checkOutput({ record, checked }: PastRun): void {
  const { state, source, origin } = record;
  if (!existsSync(origin.scratch_root)) throw scratchGone(`the scratch root ${origin.scratch_root} is gone`);
  const needed = new Set(source.jobs.flatMap((spec, job) => (state.stands(job) ? [] : spec.dependencies)));
  for (const [job, spec] of source.jobs.entries()) {
    const hasOutput = checked.backendOf(spec) !== 'fake' && state.stands(job);
    if (!hasOutput || !needed.has(spec.fullName) || existsSync(spec.odir)) continue;
    throw scratchGone(`the output of ${spec.fullName} is gone: ${spec.odir}`);
  }
}

function scratchGone(message: string): UserError {
  return new UserError({
    code: 'scratch-gone',
    message: `the run cannot go on: ${message}`,
    hint: 'start a new run',
  });
}
