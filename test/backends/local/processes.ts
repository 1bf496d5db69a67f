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
