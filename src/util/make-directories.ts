// Makes a directory and those above it. In place of Node's own recursive mkdir, which never returns where a file system
// refuses new directories with ENOENT, as /proc does (seen on Node 20.20).
import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Makes `path`, and what is missing above it; one that is there already, or a link to one, is fine.
 *
 * @throws Error of the file system. `EEXIST`: something else than a directory is in the way.
 */
export function makeDirectories(path: string): void {
  try {
    mkdirSync(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST' && isDirectory(path)) return;
    const parent = dirname(path);
    if (code !== 'ENOENT' || isDirectory(parent)) throw error;
    makeDirectories(parent);
    // Once more at most: the parent is there now, so a second ENOENT is final.
    makeDirectories(path);
  }
}

function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
