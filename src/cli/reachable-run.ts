// What of a recorded run can be reached from here to end it: all of its backends, or, where its config file or a plugin is gone or has
// changed, those that need neither. Ends nothing itself.
import type { JobSpec } from '../model/job-spec.js';
import { UserError } from '../model/problem.js';
import { LOCAL } from './backend-names.js';
import type { CheckedJobs } from './check-jobs.js';
import { checkPastRun, combineOptions, type PastRun } from './past-run.js';
import { readRunOptions } from './run-options.js';
import { recordedBackendOf, type RunRecord } from './run-record.js';
import { namesOf, openSite, readBackendSettings } from './site/site.js';

/** A recorded run, and the backends it can be ended through. */
export interface ReachableRun extends Pick<PastRun, 'record' | 'options'> {
  readonly checked: Pick<CheckedJobs, 'backendNames' | 'settings' | 'backendOf'>;
  /** Why some of its backends, or what the site says of them, are not known, in one line each; null: all is as it was. */
  readonly trouble: string | null;
}

/** @throws UserError when the options of the run are no good for another reason. */
export async function reachRun(record: RunRecord): Promise<ReachableRun> {
  try {
    return { ...(await checkPastRun(record, {})), trouble: null };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { ...(await reachBare(record)), trouble: error.message };
  }
}

/** Without the config file, plugins, and what the command line said of backends: it may be of those. */
async function reachBare(record: RunRecord): Promise<Omit<ReachableRun, 'trouble'>> {
  const bare = combineOptions(record.origin, { config: false, plugin: [], backendOpt: [], backend: LOCAL });
  const { site, raw } = await openSite(bare, process.cwd());
  const options = readRunOptions(raw, process.env, site);
  const known = namesOf(site);
  const backendOf = (spec: JobSpec): string => recordedBackendOf(record, spec);
  const backendNames = [...new Set(record.source.jobs.map(backendOf))].filter((name) => known.has(name));
  const settings = readBackendSettings(site, {});
  return { record, options, checked: { backendNames, settings, backendOf } };
}
