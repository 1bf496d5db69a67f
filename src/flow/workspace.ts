// Where a flow run happens: project root, scratch root, branch and time stamps. Knows git only as a program.
import { execFile } from 'node:child_process';
import { realpathSync, statSync } from 'node:fs';
import { UserError, type Problem } from '../model/index.js';
import type { FlowOptions } from './options/options.js';
import { absolutePath } from './config/paths.js';

/** Places and times that all configs of a load share. */
export interface Workspace {
  /** Absolute path. */
  readonly projRoot: string;
  /** Absolute path; need not exist. */
  readonly scratchRoot: string;
  /** Without `/`. */
  readonly branch: string;
  /** `20261124_093000`, UTC. */
  readonly timestamp: string;
  /** `Tuesday November 24 2026 09:30:00 UTC`. */
  readonly timestampLong: string;
}

/** What {@link findWorkspace} needs to know. */
export interface WorkspaceInput {
  readonly options: FlowOptions;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly now: Date;
}

/**
 * Finds the workspace; asks git only for what the options leave open.
 *
 * @returns The workspace, and warnings about what had to be guessed.
 * @throws UserError `no-project-root` when there is neither an option nor a git work tree; `bad-option` for a branch `..`.
 */
export async function findWorkspace(
  input: WorkspaceInput,
): Promise<{ workspace: Workspace; warnings: Problem[] }> {
  const { options, env, now } = input;
  const [gitRoot, gitBranch] = await Promise.all([
    options.projRoot === undefined ? askGit('rev-parse', '--show-toplevel') : '',
    options.branch === undefined ? askGit('rev-parse', '--abbrev-ref', 'HEAD') : '',
  ]);
  const projRoot = absolutePath(options.projRoot ?? gitRoot);
  if ((options.projRoot ?? gitRoot) === '') {
    throw new UserError({
      code: 'no-project-root',
      message: 'the working directory is in no git work tree, so the project root is unknown',
      hint: 'pass --proj-root',
    });
  }
  const warnings: Problem[] = [];
  if (options.branch === '.' || options.branch === '..') {
    throw new UserError({
      code: 'bad-option',
      message: `--branch ${options.branch} would lead out of its folder below the scratch root`,
    });
  }
  const branch = (options.branch ?? gitBranch).replaceAll('/', '-');
  if (branch === '') {
    warnings.push({
      code: 'no-branch',
      message: 'no git branch found; using "default"',
      hint: 'pass --branch',
    });
  }
  const workspace = {
    projRoot,
    scratchRoot: findScratchRoot({ options, env, projRoot }, warnings),
    branch: branch === '' ? 'default' : branch,
    timestamp: shortStamp(now),
    timestampLong: longStamp(now),
  };
  return { workspace, warnings };
}

function findScratchRoot(
  where: { options: FlowOptions; env: WorkspaceInput['env']; projRoot: string },
  warnings: Problem[],
): string {
  if (where.options.scratchRoot !== undefined) return realPathOf(absolutePath(where.options.scratchRoot));
  const byDefault = `${where.projRoot}/scratch`;
  const fromEnv = where.env['SCRATCH_ROOT'];
  if (fromEnv === undefined || fromEnv === '') return byDefault;
  if (statSync(fromEnv, { throwIfNoEntry: false })?.isDirectory() === true) return absolutePath(fromEnv);
  warnings.push({
    code: 'scratch-root-missing',
    message: `$SCRATCH_ROOT is no folder: ${fromEnv}; using ${byDefault}`,
  });
  return byDefault;
}

/** Follows links as far as the path exists: the scratch root may not be there yet. */
function realPathOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    const cut = path.lastIndexOf('/');
    if (cut <= 0) return path;
    const parent = realPathOf(path.slice(0, cut));
    return `${parent === '/' ? '' : parent}${path.slice(cut)}`;
  }
}

/** Output of git, empty when it fails or is not installed: both mean that it does not know. */
function askGit(...args: string[]): Promise<string> {
  return new Promise((resolve) => {
    execFile('git', args, (error, stdout) => {
      resolve(error === null ? stdout.trim() : '');
    });
  });
}

function shortStamp(now: Date): string {
  const digits = now.toISOString().replace(/[-:]/g, '');
  return `${digits.slice(0, 8)}_${digits.slice(9, 15)}`;
}

const WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const MONTHS = [
  ...['January', 'February', 'March', 'April', 'May', 'June'],
  ...['July', 'August', 'September', 'October', 'November', 'December'],
];

function longStamp(now: Date): string {
  const weekday = WEEKDAYS[now.getUTCDay()] ?? '';
  const month = MONTHS[now.getUTCMonth()] ?? '';
  const day = String(now.getUTCDate()).padStart(2, '0');
  return `${weekday} ${month} ${day} ${now.getUTCFullYear()} ${now.toISOString().slice(11, 19)} UTC`;
}
