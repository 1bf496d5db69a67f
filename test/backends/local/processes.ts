// Looks for the processes of a run, apart from how the backend does it.
import { readdirSync, readFileSync } from 'node:fs';

/** Pids of living processes that carry the run's token in their environment. */
export function findProcesses(runId: string): readonly string[] {
  return readdirSync('/proc').filter((pid) => {
    if (!/^\d+$/.test(pid)) return false;
    try {
      return readFileSync(`/proc/${pid}/environ`, 'latin1').includes(`REGATTA_JOB=${runId}/`);
    } catch {
      // Gone meanwhile.
      return false;
    }
  });
}

/** Whether a process lives; a zombie, which waits for its parent, does not. */
export function isAlive(pid: number): boolean {
  try {
    return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'latin1'));
  } catch {
    // Gone.
    return false;
  }
}
