// Reading what should be a regular file, whatever lies in its place.
import { closeSync, constants, openSync, readFileSync } from 'node:fs';

/** Flags to open it with: opening a named pipe would wait for a writer, perhaps for ever; so it is an empty file. */
export const READ_AT_ONCE = constants.O_RDONLY | constants.O_NONBLOCK;

/** Options of `fs/promises` to read all of its text with. */
export const TEXT_AT_ONCE = { encoding: 'utf8', flag: READ_AT_ONCE } as const;

/** All of its text, without waiting; the types of `readFileSync` allow for no such flag. @throws the system's error. */
export function readTextAtOnce(path: string): string {
  const file = openSync(path, READ_AT_ONCE);
  try {
    return readFileSync(file, 'utf8');
  } finally {
    closeSync(file);
  }
}
