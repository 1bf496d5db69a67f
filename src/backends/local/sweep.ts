// Ends by force every process of a run that can be found, whoever started it. The last resort at the end of a run,
// and the means to clean up after a dead one. Knows no job.
import { setTimeout as delay } from 'node:timers/promises';
import type { ProcessInfo } from './process-table.js';
import {
  describeProcess,
  findByTokenPrefix,
  findDescendants,
  makeTokenPrefix,
  signalProcess,
} from './process-table.js';
import { KILL_WAIT_MS } from './take-down.js';

const LOOK_MS = 10;

/** How far a sweep goes beyond the processes that carry the run's token. */
export interface SweepOptions {
  /** Also the descendants of this process, whatever their environment says. Default false. */
  readonly descendants?: boolean;
}

/**
 * Kills (SIGKILL) until nothing of the run is found any more, for at most 2 s.
 *
 * @param scope - A run id, or what `makeScope` gives for one session of it.
 * @returns What is left, as `pid command`; empty as a rule.
 */
export async function sweepRun(scope: string, options: SweepOptions = {}): Promise<readonly string[]> {
  const prefix = makeTokenPrefix(scope);
  const find = (): readonly ProcessInfo[] =>
    options.descendants === true
      ? [...findByTokenPrefix(prefix), ...findDescendants()]
      : findByTokenPrefix(prefix);
  const giveUpAt = performance.now() + KILL_WAIT_MS;
  for (let found = find(); found.length > 0; found = find()) {
    if (performance.now() > giveUpAt) return [...new Set(found.map(({ pid }) => describeProcess(pid)))];
    for (const { pid } of found) signalProcess(pid, 'SIGKILL');
    await delay(LOOK_MS);
  }
  return [];
}
