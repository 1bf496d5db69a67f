// Sees to it that one process at a time drives a run. Knows nothing of what that process does.
//
// Each process that drives a run makes a file `lock.<n>` in its directory, with n one above the highest there is, by linking a finished
// file to that name: of several that try, one succeeds. The lock is held while its process lives, so nothing has to be removed
// after a SIGKILL, and nothing is ever taken away from a process that is alive. The number counts the sessions of the run.
import { randomBytes } from 'node:crypto';
import { linkSync, readdirSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../model/problem.js';
import { messageOf } from '../util/message-of.js';
import {
  findProcessState,
  identifySelf,
  type ProcessIdentity,
  type ProcessState,
} from '../util/process-identity.js';
import { quoteForShell } from '../util/quote-for-shell.js';
import { readTextAtOnce } from '../util/read-at-once.js';

const NAME = /^lock\.(\d+)$/;

/** Who drives, or drove, a run. */
export interface RunHolder extends ProcessIdentity {
  /** Number of the session, from 1. */
  readonly session: number;
}

/** A lock that this process holds; it ends with the process, or with `release`. */
export interface RunLock {
  /** Number of this session of the run, from 1. */
  readonly session: number;
  /** Lets another process have the run while this one lives. */
  readonly release: () => void;
}

/**
 * Takes the lock of a run.
 * @throws UserError `run-in-use` when another process drives the run, `unwritable-run` when its directory cannot be written.
 */
export function lockRun(directory: string): RunLock {
  try {
    return takeLock(directory);
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(
      {
        code: 'unwritable-run',
        message: `cannot write the directory of the run, ${directory}: ${messageOf(error)}`,
        hint: 'a run can only go on where its record can be kept',
      },
      { cause: error },
    );
  }
}

function takeLock(directory: string): RunLock {
  // Of a name that nobody else has: what a process of this number left may be the lock itself, under another name.
  const draft = join(directory, `.lock.${randomBytes(6).toString('hex')}`);
  writeFileSync(draft, `${JSON.stringify(identifySelf())}\n`, { flag: 'wx' });
  try {
    for (;;) {
      const last = lastSession(directory);
      refuseHeld(directory, last);
      // The one after the session that was looked at: what another process takes meanwhile is in the way.
      const session = last + 1;
      const path = join(directory, `lock.${session}`);
      try {
        linkSync(draft, path);
      } catch (error) {
        // Another process was faster: look at it.
        if ((error as NodeJS.ErrnoException).code === 'EEXIST') continue;
        throw error;
      }
      return {
        session,
        release: () => {
          try {
            writeFileSync(path, '\n');
          } catch {
            // The directory is gone, or its disk: the end of this process gives the lock back as well.
          }
        },
      };
    }
  } finally {
    unlinkSync(draft);
  }
}

/**
 * For what must not happen while a run is driven, and needs no lock of its own.
 * @throws UserError `run-in-use` when another process drives the run.
 */
export function refuseDriven(directory: string): void {
  refuseHeld(directory, lastSession(directory));
}

function refuseHeld(directory: string, session: number): void {
  const holder = readHolder(directory, session);
  if (holder !== null && stateOf(holder) !== 'dead') throw inUse(directory, holder);
}

/** Who holds, or last held, a run; null when it was given back, or never taken. */
export function findHolder(directory: string): RunHolder | null {
  return readHolder(directory, lastSession(directory));
}

function readHolder(directory: string, session: number): RunHolder | null {
  if (session === 0) return null;
  const path = join(directory, `lock.${session}`);
  let text: string;
  try {
    text = readTextAtOnce(path);
  } catch (error) {
    throw new UserError(
      {
        code: 'unreadable-lock',
        message: `cannot tell who drives the run: ${messageOf(error)}`,
        origin: { file: path },
      },
      { cause: error },
    );
  }
  try {
    return { ...(JSON.parse(text) as ProcessIdentity), session };
  } catch {
    // Given back, or lost in the death of the machine, and its holder with it.
    return null;
  }
}

/** Whether the holder of a run is at work; `unknown` when it is on another machine. */
export function stateOf(holder: RunHolder): ProcessState {
  return findProcessState(holder);
}

/** Sessions that a run has had; 0: none. */
function lastSession(directory: string): number {
  const numbers = readdirSync(directory).map((name) => Number(NAME.exec(name)?.[1] ?? 0));
  return Math.max(0, ...numbers);
}

function inUse(directory: string, holder: RunHolder): UserError {
  const isElsewhere = stateOf(holder) === 'unknown';
  return new UserError({
    code: 'run-in-use',
    message: `process ${holder.pid} on ${holder.host} is driving the run in ${directory}`,
    hint: isElsewhere
      ? `if that machine is gone for good, remove lock.${holder.session} there`
      : `wait until it has ended, or stop it: regatta kill ${quoteForShell(directory)}`,
  });
}
