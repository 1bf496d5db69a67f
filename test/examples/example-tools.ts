// Runs what the example regression is made of, without the scheduler: its makefile, its scripts, its benches.
import { spawnSync } from 'node:child_process';
import { fromRepoRoot } from '../support/repo-root.js';

/** How a program ended and all it wrote. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The folder of the examples. */
export const EXAMPLES = fromRepoRoot('examples');

/**
 * Runs a program to its end in `cwd`; no shell is involved. Fails when it cannot be started.
 *
 * @param timeoutMs - After this long the program is killed, and its code is null. Default: never.
 */
export function runProgram(cwd: string, argv: readonly [string, ...string[]], timeoutMs = 0): Ended {
  const [program, ...args] = argv;
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    cwd,
    encoding: 'utf8',
    timeout: timeoutMs,
    killSignal: 'SIGKILL',
  });
  if (error && !isTimeout(error)) throw error;
  return { code: status, stdout, stderr };
}

function isTimeout(error: NodeJS.ErrnoException): boolean {
  return error.code === 'ETIMEDOUT';
}
