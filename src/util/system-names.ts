// Names of signals and errors by their numbers on this system. Knows nothing of who met them.
import { constants } from 'node:os';

const ERRNO_NAMES = reverse(constants.errno);
const SIGNAL_NAMES = reverse(constants.signals);

/** Name of an errno, `EAGAIN`; its number where it has none. */
export function nameErrno(errno: number): string {
  return ERRNO_NAMES.get(errno) ?? `errno ${errno}`;
}

/** Name of a signal, `SIGTERM`; the real-time ones, which have none, by number. */
export function nameSignal(signal: number): string {
  return SIGNAL_NAMES.get(signal) ?? `SIG${signal}`;
}

function reverse(names: Readonly<Record<string, number>>): ReadonlyMap<number, string> {
  const reversed = new Map<number, string>();
  // The first name of a number is its usual one: SIGABRT before SIGIOT, EAGAIN before EWOULDBLOCK.
  for (const [name, number] of Object.entries(names)) if (!reversed.has(number)) reversed.set(number, name);
  return reversed;
}
