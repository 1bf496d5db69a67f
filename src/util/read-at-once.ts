// Reading what should be a regular file, whatever lies in its place.
import { closeSync, constants, openSync, readFileSync } from 'node:fs';

/** Flags to open it with: opening a named pipe would wait for a writer, perhaps for ever; so it is an empty file. */
export const READ_AT_ONCE = constants.O_RDONLY | constants.O_NONBLOCK;

/** All of its text. @throws the system's error. */
export function readTextAtOnce(path: string): string {
  const file = openSync(path, READ_AT_ONCE);
  try {
    return readFileSync(file, 'utf8');
  } finally {
    closeSync(file);
  }
}
