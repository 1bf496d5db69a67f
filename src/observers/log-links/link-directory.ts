// The four directories of links of one workspace. Knows the disk; knows neither runs nor the order of changes.
import { lstat, readdir, rename, symlink, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { makeDirectories } from '../../util/make-directories.js';

/** Directories of links, by the status of the jobs they point at. */
export const LINK_STATUSES = ['running', 'passed', 'failed', 'killed'] as const;
export type LinkStatus = (typeof LINK_STATUSES)[number];

/** A link: its name, safe as a path component, and the absolute path it points at. */
export interface Link {
  readonly name: string;
  readonly target: string;
}

/** File-system operations under way at once: Node has four threads for them, and others need one too. */
export const OPERATIONS_AT_ONCE = 3;

/** `running/ passed/ failed/ killed/` below one directory. Links in them are ours; anything else there is left alone. */
export class LinkDirectory {
  /** @param root - The workspace's `linksDir`. */
  constructor(readonly root: string) {}

  /**
   * Makes the four directories and removes the symbolic links of earlier runs in them.
   *
   * @throws Error when a directory cannot be made or read, or is itself a link: that would lead out of the workspace.
   */
  async prepare(): Promise<void> {
    for (const status of LINK_STATUSES) {
      const directory = join(this.root, status);
      makeDirectories(directory);
      if ((await lstat(directory)).isSymbolicLink()) throw new Error(`${directory} is a symbolic link`);
      await this.#removeLinks(directory);
    }
  }

  /** Makes a link, in place of one that is there already. */
  async add(status: LinkStatus, { name, target }: Link): Promise<void> {
    const path = join(this.root, status, name);
    try {
      await symlink(target, path);
    } catch (error) {
      if (!hasCode(error, 'EEXIST') || !(await lstat(path)).isSymbolicLink()) throw error;
      await unlink(path);
      await symlink(target, path);
    }
  }

  /** Moves a link from one status to another in one step; makes it anew if somebody removed it. */
  async move(link: Link, from: LinkStatus, to: LinkStatus): Promise<void> {
    try {
      await rename(join(this.root, from, link.name), join(this.root, to, link.name));
    } catch (error) {
      if (!hasCode(error, 'ENOENT')) throw error;
      await this.add(to, link);
    }
  }

  /** Removes a link; one that is gone already is fine. */
  async remove(status: LinkStatus, { name }: Link): Promise<void> {
    await removeLink(join(this.root, status, name));
  }

  async #removeLinks(directory: string): Promise<void> {
    const entries = await readdir(directory, { withFileTypes: true });
    const links = entries.filter((entry) => entry.isSymbolicLink()).map((entry) => entry.name);
    const next = links.values();
    const removeRest = async (): Promise<void> => {
      for (const name of next) await removeLink(join(directory, name));
    };
    await Promise.all(Array.from({ length: OPERATIONS_AT_ONCE }, removeRest));
  }
}

async function removeLink(path: string): Promise<void> {
  try {
    await unlink(path);
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw error;
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
