// Whether a program can be started by its path.
import { accessSync, constants, statSync } from 'node:fs';

/** Whether `path` is a file that this process may execute. */
export function isExecutableFile(path: string): boolean {
  if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true) return false;
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    // Not executable for us: as good as absent.
    return false;
  }
}
