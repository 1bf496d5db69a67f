// `regatta kill`: stops a run that is driven somewhere on this machine, or ends what a dead one has left.
import { setTimeout as delay } from 'node:timers/promises';
import type { RawOptions } from '../../flow/options/read-options.js';
import { findHolder, lockRun, stateOf, type RunHolder } from '../../journal/run-lock.js';
import { UserError } from '../../model/problem.js';
import { endLeftovers } from '../end-leftovers.js';
import { ExitCode } from '../exit-codes.js';
import { findRun } from '../find-run.js';
import type { CliStreams } from '../main.js';
import { reachRun, type ReachableRun } from '../reachable-run.js';
import { listRounds } from '../repro/repro-round.js';
import { readLookup } from '../read-lookup.js';

/** How often a run that was told to stop is looked at. */
const LOOK_MS = 50;

/** What a run gets beyond its own grace to end in good order; then it is told again, and then it is killed. */
const MARGIN_MS = 10_000;

/**
 * Returns when nothing of the run is left, as far as that can be known.
 * @param named - A run id or directory; undefined: the run started last.
 * @throws UserError when there is no such run, or it is driven from another machine.
 */
export async function killCommand(
  named: string | undefined,
  raw: RawOptions,
  streams: CliStreams,
): Promise<ExitCode> {
  const path = findRun(named, readLookup(raw).scratchRoot);
  const run = await reachRun(path);
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
  const rests: Rest[] = [];
  for (const each of [path, ...listRounds(path)]) rests.push(await endRest(each));
  return tell(id, rests, streams);
}

/** @returns The exit code. */
function tell(id: string, rests: readonly Rest[], streams: CliStreams): ExitCode {
  const limits = rests.flatMap(({ trouble, damage }) => [
    ...(trouble === null ? [] : [`what needs neither config file nor plugins is ended: ${trouble}`]),
    ...(damage === null ? [] : [`only what bears the name of the run is ended: ${damage}`]),
  ]);
  const left = rests.flatMap((rest) => rest.left);
  // What is wrong with the site is wrong for all of them.
  for (const limit of new Set(limits)) streams.stderr.write(`regatta: warning: ${limit}\n`);
  for (const line of left) streams.stderr.write(`regatta: warning: still there: ${line}\n`);
  if (left.length > 0) return ExitCode.JOBS_FAILED;
  const isSure = rests.every(({ damage }) => damage === null);
  streams.stderr.write(
    `regatta: nothing of run ${id} is left${isSure ? '' : ' that can be found without its record'}\n`,
  );
  return isSure ? ExitCode.OK : ExitCode.JOBS_FAILED;
}

interface Rest extends Pick<ReachableRun, 'trouble' | 'damage'> {
  /** What could not be ended, a line each. */
  readonly left: readonly string[];
}

/** Ends what there is of the run in `path`. */
async function endRest(path: string): Promise<Rest> {
  const lock = lockRun(path);
  try {
    // Once more: whoever drove it has gone on writing its record.
    const run = await reachRun(path);
    return { ...run, left: await endLeftovers(run, lock.session) };
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
