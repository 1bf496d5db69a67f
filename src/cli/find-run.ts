// Finds the directory of an earlier run by what the user calls it. Reads nothing of what is in it.
import { existsSync, readdirSync, realpathSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { UserError } from '../model/problem.js';
import { suggestName } from '../util/nearest.js';

/** Folder of a scratch root that holds the directories of its runs. */
export const RUNS_FOLDER = '.regatta';

/** Link in that folder to the run that was started last; stands for that run where a run id is asked for. */
export const LATEST_LINK = 'latest';

/** How many run ids a message names. */
const IDS_NAMED = 3;

/**
 * The directory of a run, as an absolute path without links: `latest` may point elsewhere a moment later.
 *
 * @param named - A run id, a run directory, the results.json in one, or undefined: the run started last.
 * @param scratchRoot - Where the run was started with; ids and the last run are looked up there.
 * @throws UserError `unknown-run` that names the nearest ids, or says where there are runs at all.
 */
export function findRun(named: string | undefined, scratchRoot: string): string {
  const runs = join(resolve(scratchRoot), RUNS_FOLDER);
  if (named === undefined)
    return realRun(join(runs, LATEST_LINK)) ?? refuse(describeNoRuns(runs, scratchRoot));
  // What holds a slash is no id, so that no id leads out of the folder of runs.
  const byId = /[/\0]|^\.*$/.test(named) ? undefined : realRun(join(runs, named));
  return byId ?? realRun(resolve(named)) ?? refuse(describeUnknown(named, runs));
}

/** The real path of a directory that a run has made; undefined for anything else. */
function realRun(path: string): string | undefined {
  const directory = basename(path) === 'results.json' ? dirname(path) : path;
  const isRun = ['run.json', 'results.json'].some((file) => existsSync(join(directory, file)));
  return isRun ? realpathSync(directory) : undefined;
}

interface Refusal {
  readonly message: string;
  readonly hint: string;
}

function refuse(refusal: Refusal): never {
  throw new UserError({ code: 'unknown-run', ...refusal });
}

function describeNoRuns(runs: string, scratchRoot: string): Refusal {
  const ids = listIds(runs);
  if (ids.length > 0) return { message: `no run is marked as the last one in ${runs}`, hint: nameIds(ids) };
  return {
    message: `no run in ${scratchRoot}`,
    hint: 'give the directory of a run, or the place it was started with by --scratch-root',
  };
}

function describeUnknown(named: string, runs: string): Refusal {
  const ids = listIds(runs);
  const hint =
    ids.length === 0
      ? `no runs in ${runs}; --scratch-root names another place to look in`
      : (suggestName(named, ids) ?? nameIds(ids));
  return { message: `there is no run ${JSON.stringify(named)}`, hint };
}

/** The latest first. */
function listIds(runs: string): string[] {
  if (!existsSync(runs)) return [];
  return readdirSync(runs)
    .filter((id) => id !== LATEST_LINK && realRun(join(runs, id)) !== undefined)
    .sort()
    .reverse();
}

function nameIds(ids: readonly string[]): string {
  const more = ids.length > IDS_NAMED ? `, and ${ids.length - IDS_NAMED} more` : '';
  return `the latest: ${ids.slice(0, IDS_NAMED).join(', ')}${more}`;
}
