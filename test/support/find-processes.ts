// Finds running processes by what stands in their command line, or by their parent. Knows nothing of what they do.
import { readdirSync, readFileSync } from 'node:fs';

/**
 * Processes whose command line holds `mark`.
 *
 * @param mark - Part of a command line, as `/proc` has it: with a NUL after each argument.
 * @returns Their pids.
 */
export function findProcesses(mark: string): string[] {
  return filterProcesses('cmdline', (commandLine) => commandLine.includes(mark));
}

/** Pids of the children of a process, those included that have ended and were not waited for. */
export function findChildren(parent: number): string[] {
  // After the name, which may hold anything, come the state and the parent.
  return filterProcesses(
    'stat',
    (stat) => stat.slice(stat.lastIndexOf(')')).split(' ')[2] === String(parent),
  );
}

function filterProcesses(file: 'cmdline' | 'stat', isWanted: (text: string) => boolean): string[] {
  return readdirSync('/proc').filter((pid) => {
    if (!/^\d+$/.test(pid)) return false;
    try {
      return isWanted(readFileSync(`/proc/${pid}/${file}`, 'utf8'));
    } catch {
      // It ended between the two looks.
      return false;
    }
  });
}
