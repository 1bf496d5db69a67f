// Asks git which revision a folder is at. Knows nothing of runs.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Revision } from '../results/run-facts.js';

/** A tree that takes longer to look through is not waited for: the run is what matters. */
const PATIENCE_MS = 3000;

/** A change a line; a tree with more changed files than this holds is dirty all the same, but then nothing is known of it. */
const MAX_OUTPUT_BYTES = 1 << 24;

/**
 * The revision checked out in the folder's repository; null without a repository, a commit, or git, or when git is slow.
 * Takes no lock in the repository and starts none of its hooks.
 */
export async function readRevision(folder: string): Promise<Revision | null> {
  const ask = ['status', '--porcelain=v2', '--branch', '--untracked-files=no'];
  const argv = ['--no-optional-locks', '-c', 'core.fsmonitor=false', '-C', folder, ...ask];
  try {
    const { stdout } = await promisify(execFile)('git', argv, {
      timeout: PATIENCE_MS,
      maxBuffer: MAX_OUTPUT_BYTES,
    });
    return parseStatus(stdout);
  } catch {
    // No git, no repository: a run needs neither.
    return null;
  }
}

function parseStatus(text: string): Revision | null {
  const lines = text.split('\n');
  const find = (name: string): string | undefined =>
    lines.find((line) => line.startsWith(`# branch.${name} `))?.slice(`# branch.${name} `.length);
  const commit = find('oid');
  const branch = find('head') ?? null;
  if (commit === undefined || commit === '(initial)') return null;
  return {
    commit,
    branch: branch === '(detached)' ? null : branch,
    dirty: lines.some((line) => line !== '' && !line.startsWith('#')),
  };
}
