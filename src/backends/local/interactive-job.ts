// Runs a job at the user's terminal: in the foreground, its output shown and copied to the log.
// Started by the run itself, not by the launcher, which has no terminal. Knows no backend.
import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { setTimeout as delay } from 'node:timers/promises';
import type { JobEnd } from '../../model/outcome.js';
import { codeOf, describeCode } from '../scratch/system-error.js';
import type { StartOrder } from './launcher-messages.js';
import { TOKEN_VARIABLE } from './process-table.js';

/** How long output may still come once the process has ended, from processes it left behind. */
const DRAIN_MS = 500;

/** What an interactive job needs of its surroundings. */
export interface InteractiveSetting {
  readonly environment: Readonly<Record<string, string>>;
  readonly token: string;
  readonly stdout: NodeJS.WritableStream;
  readonly stderr: NodeJS.WritableStream;
}

/** A job at the terminal. */
export interface InteractiveJob {
  readonly pid: number;
  /** Whether its process has ended. */
  readonly hasEnded: () => boolean;
  /** Resolves when its process has ended and its output is in the log; never rejects. */
  readonly end: Promise<JobEnd>;
}

/**
 * Starts the command with the terminal as its standard input, in the run's own process group.
 *
 * @throws Error of the system when it cannot be started.
 */
export async function startInteractive(
  order: StartOrder,
  setting: InteractiveSetting,
): Promise<InteractiveJob> {
  const child = spawn('/bin/sh', ['-c', order.cmd], {
    cwd: order.odir,
    env: { ...setting.environment, ...order.exports, PWD: order.odir, [TOKEN_VARIABLE]: setting.token },
    stdio: ['inherit', 'pipe', 'pipe'],
  });
  const log = createWriteStream(order.logPath);
  let logError: string | null = null;
  log.on('error', (error) => {
    logError = `cannot write the log ${order.logPath}: ${describeCode(codeOf(error))}`;
  });
  child.stdout.on('data', (chunk: Buffer) => {
    setting.stdout.write(chunk);
    log.write(chunk);
  });
  child.stderr.on('data', (chunk: Buffer) => {
    setting.stderr.write(chunk);
    log.write(chunk);
  });
  const end = new Promise<JobEnd>((resolve) => {
    child.once('exit', (exitCode, signal) => {
      const drained = Promise.all([finished(child.stdout), finished(child.stderr)]).catch(() => undefined);
      void Promise.race([drained, delay(DRAIN_MS, undefined, { ref: false })]).then(() => {
        child.stdout.destroy();
        child.stderr.destroy();
        log.end();
        const settle = (): void => {
          if (logError !== null) resolve({ kind: 'not-launched', message: logError });
          else if (signal !== null) resolve({ kind: 'signalled', signal });
          else resolve({ kind: 'exited', exitCode: exitCode ?? 0 });
        };
        finished(log).then(settle, settle);
      });
    });
  });
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', reject);
  });
  return {
    pid: child.pid ?? 0,
    hasEnded: () => child.exitCode !== null || child.signalCode !== null,
    end,
  };
}
