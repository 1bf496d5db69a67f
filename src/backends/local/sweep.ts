// Ends by force every process of a run that can be found, whoever started it. The last resort at the end of a run,
// and the means to clean up after a dead one. Knows no job.
import { setTimeout as delay } from 'node:timers/promises';
import { listCgroup } from './cgroup.js';
import type { ProcessInfo } from './process-table.js';
import {
  describeLiving,
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
  /** Also what is in these control groups, whatever became of it. Default none. */
  readonly cgroups?: readonly string[];
}

/**
 * Kills (SIGKILL) until nothing of the run is found any more, for at most 2 s.
 *
 * @param scope - A run id, or what `makeScope` gives for one session of it.
 * @returns What is left, as `pid command`; empty as a rule.
 */
export async function sweepRun(scope: string, options: SweepOptions = {}): Promise<readonly string[]> {
  const prefix = makeTokenPrefix(scope);
  const find = (): readonly number[] => [
    ...toPids(findByTokenPrefix(prefix)),
    ...(options.descendants === true ? toPids(findDescendants()) : []),
    ...(options.cgroups ?? []).flatMap(listCgroup),
  ];
  const giveUpAt = performance.now() + KILL_WAIT_MS;
  // A chain of processes, each of which starts the next, can slip through one look: two must find nothing.
  for (let found = find(), isSure = false; found.length > 0 || !isSure; found = find()) {
    isSure = found.length === 0;
    if (performance.now() > giveUpAt) return describeLiving(found);
    for (const pid of found) signalProcess(pid, 'SIGKILL');
    await delay(LOOK_MS);
  }
  return [];
}

function toPids(processes: readonly ProcessInfo[]): number[] {
  return processes.map(({ pid }) => pid);
}
