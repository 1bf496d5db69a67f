// `regatta kill`: stops a run that is driven somewhere on this machine, or ends what a dead one has left.
import { setTimeout as delay } from 'node:timers/promises';
import type { RawOptions } from '../../flow/options/read-options.js';
import { findHolder, lockRun, stateOf, type RunHolder } from '../../journal/run-lock.js';
import { UserError } from '../../model/problem.js';
import { endLeftovers } from '../end-leftovers.js';
import { ExitCode } from '../exit-codes.js';
import { findRun } from '../find-run.js';
import type { CliStreams } from '../main.js';
import { reachRun } from '../reachable-run.js';
import { listRounds } from '../repro/repro-round.js';
import { readLookup } from '../read-lookup.js';
import { readRunRecord } from '../run-record.js';

/** How often a run that was told to stop is looked at. */
const LOOK_MS = 50;

/** What a run gets beyond its own grace to end in good order; then it is told again, and then it is killed. */
const MARGIN_MS = 10_000;

/**
 * Returns when nothing of the run is left.
 * @param named - A run id or directory; undefined: the run started last.
 * @throws UserError when there is no such run, or it is driven from another machine.
 */
export async function killCommand(
  named: string | undefined,
  raw: RawOptions,
  streams: CliStreams,
): Promise<ExitCode> {
  const path = findRun(named, readLookup(raw).scratchRoot);
  const run = await reachRun(await readRunRecord(path));
  if (run.trouble !== null) {
    streams.stderr.write(
      `regatta: warning: what needs neither config file nor plugins is ended: ${run.trouble}\n`,
    );
  }
  const holder = findHolder(path);
  const state = holder === null ? 'dead' : stateOf(holder);
  const id = run.record.origin.run_id;
  if (holder !== null && state === 'unknown') {
    throw new UserError({
      code: 'run-elsewhere',
      message: `run ${id} is driven by process ${holder.pid} on ${holder.host}`,
      hint: `use regatta kill there`,
    });
  }
  if (holder !== null && state === 'alive') {
    await stopHolder(holder, run.options.killGraceS * 1000 + MARGIN_MS);
    streams.stderr.write(`regatta: run ${id} was stopped\n`);
  }
  const left: string[] = [];
  for (const each of [path, ...listRounds(path)]) left.push(...(await endRest(each)));
  for (const line of left) streams.stderr.write(`regatta: warning: still there: ${line}\n`);
  if (left.length > 0) return ExitCode.JOBS_FAILED;
  streams.stderr.write(`regatta: nothing of run ${id} is left\n`);
  return ExitCode.OK;
}

/** @returns What could not be ended of the run in `path`, a line each. */
async function endRest(path: string): Promise<readonly string[]> {
  const lock = lockRun(path);
  try {
    return await endLeftovers(await reachRun(await readRunRecord(path)), lock.session);
  } finally {
    lock.release();
  }
}

/** Asks as a user would who presses Ctrl-C, again by force, and at last kills it: its keeper then ends the jobs. */
async function stopHolder(holder: RunHolder, waitMs: number): Promise<void> {
  for (const signal of ['SIGTERM', 'SIGTERM', 'SIGKILL'] as const) {
    try {
      process.kill(holder.pid, signal);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ESRCH') return;
      throw new UserError({
        code: 'not-allowed',
        message: `process ${holder.pid}, which drives the run, may not be signalled by this user`,
        hint: 'it belongs to somebody else',
      });
    }
    const giveUpAt = performance.now() + waitMs;
    while (performance.now() < giveUpAt) {
      if (stateOf(holder) === 'dead') return;
      await delay(LOOK_MS);
    }
  }
}
