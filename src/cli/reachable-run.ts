// What of a recorded run can be reached from here to end it: all of its backends, or, where its config file or a plugin is gone or has
// changed, those that need neither; where its record is damaged, those that find what they have by the name of the run. Ends nothing
// itself.
import { existsSync, readdirSync } from 'node:fs';
import type { JobSpec } from '../model/job-spec.js';
import { formatProblem, UserError } from '../model/problem.js';
import { LOCAL } from './backend-names.js';
import type { CheckedJobs } from './check-jobs.js';
import { checkPastRun, combineOptions, type PastRun } from './past-run.js';
import { readRunOptions } from './run-options.js';
import { readBareRecord, readRunRecord, recordedBackendOf, type RunRecord } from './run-record.js';
import { namesOf, openSite, readBackendSettings } from './site/site.js';

/** A recorded run, and the backends it can be ended through. */
export interface ReachableRun extends Pick<PastRun, 'record' | 'options'> {
  readonly checked: Pick<CheckedJobs, 'backendNames' | 'settings' | 'backendOf'>;
  /** Why some of its backends, or what the site says of them, are not known, in one line each; null: all is as it was. */
  readonly trouble: string | null;
  /** Why its jobs, and what became of them, are not known, in one line; null: they are. */
  readonly damage: string | null;
}

/**
 * The run in `path`.
 * @throws UserError when it is not even known how it was started, or its options are no good for another reason than `trouble`.
 */
export async function reachRun(path: string): Promise<ReachableRun> {
  let record: RunRecord;
  try {
    record = await readRunRecord(path);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return reachDamaged(readBareRecord(path), error.problems.slice(0, 1).map(formatProblem).join(''));
  }
  return { ...(await reachRecorded(record)), damage: null };
}

/** Local jobs bear the name of the run, and so does what the backends have sent off whose files are in its directory. */
async function reachDamaged(record: RunRecord, damage: string): Promise<ReachableRun> {
  const run = await reachRecorded(record);
  const known = namesOf(run.options.site);
  const { batch } = record.directory;
  const used = existsSync(batch) ? readdirSync(batch).filter((name) => known.has(name)) : [];
  return { ...run, checked: { ...run.checked, backendNames: [LOCAL, ...used] }, damage };
}

async function reachRecorded(record: RunRecord): Promise<Omit<ReachableRun, 'damage'>> {
  try {
    return { ...(await checkPastRun(record, {})), trouble: null };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { ...(await reachBare(record)), trouble: error.message };
  }
}

/** Without the config file, plugins, and what the command line said of backends: it may be of those. */
async function reachBare(record: RunRecord): Promise<Omit<ReachableRun, 'trouble' | 'damage'>> {
  const noSite = { config: false, plugin: [], backendOpt: [] };
  const bare = combineOptions(record.origin, { ...noSite, backend: LOCAL, fake: false, local: false });
  const { site, raw } = await openSite(bare, process.cwd());
  const options = readRunOptions(raw, process.env, site);
  const known = namesOf(site);
  const backendOf = (spec: JobSpec): string => recordedBackendOf(record, spec);
  const backendNames = [...new Set(record.source.jobs.map(backendOf))].filter((name) => known.has(name));
  const settings = readBackendSettings(site, {});
  return { record, options, checked: { backendNames, settings, backendOf } };
}
