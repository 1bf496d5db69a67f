// Finds the config file that holds for a working directory. Reads nothing.
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/** Names looked for, the first that is there is taken. */
const NAMES = ['regatta.config.hjson', 'regatta.config.json'];

/**
 * The config file for a working directory: in it, or above it as far as the project's root (the directory with `.git`). Without a
 * project, only in it: what others have put above is none of ours.
 */
export function findConfigFile(cwd: string): string | null {
  for (const folder of foldersOf(cwd)) {
    const found = NAMES.map((name) => join(folder, name)).find((path) => existsSync(path));
    if (found !== undefined) return found;
  }
  return null;
}

function foldersOf(cwd: string): readonly string[] {
  const folders: string[] = [];
  for (let folder = resolve(cwd); ; folder = dirname(folder)) {
    folders.push(folder);
    if (existsSync(join(folder, '.git'))) return folders;
    if (dirname(folder) === folder) return folders.slice(0, 1);
  }
}
