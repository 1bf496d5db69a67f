// Shows a file to the person at this machine, with the program the desktop has for it. Knows no reports.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { messageOf } from '../util/message-of.js';

/** How long the program has to say that it cannot; one that shows the file itself may run for hours. */
const REFUSAL_MS = 3000;

/**
 * Starts the program and does not wait for the file to be closed.
 * @returns undefined, or why it could not be shown, in one line.
 */
export async function openFile(path: string): Promise<string | undefined> {
  const program = process.platform === 'darwin' ? 'open' : 'xdg-open';
  const child = spawn(program, [path], { detached: true, stdio: 'ignore' });
  try {
    await once(child, 'spawn');
  } catch (error) {
    return `cannot show ${path}: ${messageOf(error)}`;
  }
  const code = await exitCodeOf(child);
  child.unref();
  return code === null || code === 0 ? undefined : `cannot show ${path}: ${program}: exit code ${code}`;
}

/** Null when it still runs, or a signal has ended it. */
async function exitCodeOf(child: ChildProcess): Promise<number | null> {
  try {
    await once(child, 'exit', { signal: AbortSignal.timeout(REFUSAL_MS) });
  } catch {
    // It shows the file.
  }
  return child.exitCode;
}
