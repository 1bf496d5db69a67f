// Tells a process from a later one with the same number. Reads /proc where there is one; knows no job.
import { existsSync, readFileSync } from 'node:fs';
import { hostname } from 'node:os';

/** A process, for as long as there are machines: numbers are given away again, times of a boot are not. */
export interface ProcessIdentity {
  readonly pid: number;
  readonly host: string;
  /** Names the boot of the machine; empty where that cannot be known. */
  readonly boot: string;
  /** When the process started, in clock ticks since the boot; null where that cannot be known. */
  readonly startTicks: number | null;
}

/** What is to be said of a process of this machine, alive or not: `unknown` when it is another machine's. */
export type ProcessState = 'alive' | 'dead' | 'unknown';

/** Who this process is. */
export function identifySelf(): ProcessIdentity {
  const { pid } = process;
  return { pid, host: hostname(), boot: readBoot(), startTicks: readStartTicks(pid) };
}

/** Whether a process still runs. */
export function findProcessState({ pid, host, boot, startTicks }: ProcessIdentity): ProcessState {
  if (host !== hostname()) return 'unknown';
  if (boot !== readBoot()) return 'dead';
  if (startTicks !== null) return readStartTicks(pid) === startTicks ? 'alive' : 'dead';
  try {
    process.kill(pid, 0);
    return 'alive';
  } catch (error) {
    // EPERM: there is such a process, of another user.
    return (error as NodeJS.ErrnoException).code === 'EPERM' ? 'alive' : 'dead';
  }
}

function readBoot(): string {
  const path = '/proc/sys/kernel/random/boot_id';
  return existsSync(path) ? readFileSync(path, 'utf8').trim() : '';
}

/** Null when there is no such process, or it has ended and only waits to be reaped. */
function readStartTicks(pid: number): number | null {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  } catch {
    // Gone, or no /proc here.
    return null;
  }
  // The command in parentheses may itself hold parentheses and spaces; the state is field 3, the start time field 22.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields[0] === 'Z' || fields[0] === 'X' ? null : Number(fields[19]);
}
