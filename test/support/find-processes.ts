// Finds running processes by what stands in their command line; knows nothing of who started them.
import { readdirSync, readFileSync } from 'node:fs';

/**
 * Processes whose command line holds `mark`.
 *
 * @param mark - Part of a command line, as `/proc` has it: with a NUL after each argument.
 * @returns Their pids.
 */
export function findProcesses(mark: string): string[] {
  return readdirSync('/proc').filter((pid) => {
    if (!/^\d+$/.test(pid)) return false;
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(mark);
    } catch {
      // It ended between the two looks.
      return false;
    }
  });
}
