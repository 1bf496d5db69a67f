// Says why a process could not be started: the system names only an error, not what it was about. Changes nothing on disk.
import { accessSync, closeSync, constants, openSync, statSync } from 'node:fs';
import { codeOf, describeCode } from '../scratch/system-error.js';
import type { SpawnOrder } from './spawner.js';

/** One line: what could not be done, with what, and why. */
export function describeLaunchError(order: SpawnOrder, code: string): string {
  if (code === 'E2BIG') {
    const bytes = [...order.argv, ...Object.entries(order.variables).flat()].reduce(
      (sum, text) => sum + Buffer.byteLength(text) + 1,
      0,
    );
    return `its command and exports (${bytes} bytes, beside the run's own environment) are more than the system can pass to a process (E2BIG)`;
  }
  return (
    complain(`cannot enter the directory ${order.cwd}`, () => {
      if (!statSync(order.cwd).isDirectory()) throw Object.assign(new Error(), { code: 'ENOTDIR' });
      accessSync(order.cwd, constants.X_OK);
    }) ??
    complain(`cannot write the log ${order.logPath}`, () => {
      closeSync(openSync(order.logPath, 'a'));
    }) ??
    `cannot run ${order.program}: ${describeCode(code)}`
  );
}

function complain(what: string, attempt: () => void): string | undefined {
  try {
    attempt();
    return undefined;
  } catch (error) {
    return `${what}: ${describeCode(codeOf(error))}`;
  }
}
