// Forces the entries of a directory onto the disk. Knows nothing of the files in it.
import { closeSync, fsyncSync, openSync } from 'node:fs';

/** File systems say one of these when directories are nothing that they could be asked to sync. */
const NOTHING_TO_SYNC = new Set(['EINVAL', 'ENOTSUP', 'EISDIR']);

/**
 * Returns when the names in a directory are on the disk: a file that was synced may still be lost with its name.
 * @throws the system's error.
 */
export function syncDirectory(path: string): void {
  try {
    const directory = openSync(path, 'r');
    try {
      fsyncSync(directory);
    } finally {
      closeSync(directory);
    }
  } catch (error) {
    if (!NOTHING_TO_SYNC.has((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}
