// Shows a file to the person at this machine, with the program the desktop has for it. Knows no reports.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { messageOf } from '../util/message-of.js';

/**
 * Starts the program and does not wait for its end.
 * @returns undefined, or why it could not be started, in one line.
 */
export async function openFile(path: string): Promise<string | undefined> {
  const program = process.platform === 'darwin' ? 'open' : 'xdg-open';
  const child = spawn(program, [path], { detached: true, stdio: 'ignore' });
  try {
    await once(child, 'spawn');
  } catch (error) {
    return `cannot show ${path}: ${messageOf(error)}`;
  }
  child.unref();
  return undefined;
}
