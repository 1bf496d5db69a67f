// Which earlier run a command is about, as its options say it. Reads nothing of what is in it.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { RawOptions } from '../flow/options/read-options.js';
import { findRun, RUNS_FOLDER } from './find-run.js';

/** Where runs are kept unless the user says otherwise. */
const DEFAULT_ROOT = 'scratch';

/** Parts a command's options into where to look for its run and the rest. */
export function readLookup(raw: RawOptions): { readonly scratchRoot: string; readonly given: RawOptions } {
  const { scratchRoot, ...given } = raw;
  return { scratchRoot: typeof scratchRoot === 'string' ? scratchRoot : findDefaultRoot(), given };
}

/** Directory of the run that a command about a job means. @throws UserError when there is no such run. */
export function findRunOfJob(raw: RawOptions): string {
  const { scratchRoot, given } = readLookup(raw);
  return findRun(typeof given['run'] === 'string' ? given['run'] : undefined, scratchRoot);
}

/** A flow config's runs are under `$SCRATCH_ROOT`, where that is set. */
function findDefaultRoot(): string {
  const { SCRATCH_ROOT: root = '' } = process.env;
  const hasRuns = (path: string): boolean => existsSync(join(path, RUNS_FOLDER));
  return root !== '' && hasRuns(root) && !hasRuns(DEFAULT_ROOT) ? root : DEFAULT_ROOT;
}
