// The four directories of links of one workspace. Knows the disk; knows neither runs nor the order of changes.
import { lstatSync, renameSync, symlinkSync, unlinkSync } from 'node:fs';
import { lstat, readdir, unlink } from 'node:fs/promises';
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

/** Old links removed at once: Node has four threads for that, and others need one too. */
const REMOVALS_AT_ONCE = 3;

/**
 * `running/ passed/ failed/ killed/` below one directory. Links in them are ours; anything else there is left alone.
 * Single links are made, moved and removed synchronously: one system call, which costs less than to hand it to a thread.
 */
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
  add(status: LinkStatus, { name, target }: Link): void {
    const path = join(this.root, status, name);
    try {
      symlinkSync(target, path);
    } catch (error) {
      if (!hasCode(error, 'EEXIST') || !lstatSync(path).isSymbolicLink()) throw error;
      unlinkSync(path);
      symlinkSync(target, path);
    }
  }

  /** Moves a link from one status to another in one step; makes it anew if somebody removed it. */
  move(link: Link, from: LinkStatus, to: LinkStatus): void {
    try {
      renameSync(join(this.root, from, link.name), join(this.root, to, link.name));
    } catch (error) {
      if (!hasCode(error, 'ENOENT')) throw error;
      this.add(to, link);
    }
  }

  /** Removes a link; one that is gone already is fine. */
  remove(status: LinkStatus, { name }: Link): void {
    try {
      unlinkSync(join(this.root, status, name));
    } catch (error) {
      if (!hasCode(error, 'ENOENT')) throw error;
    }
  }

  async #removeLinks(directory: string): Promise<void> {
    const entries = await readdir(directory, { withFileTypes: true });
    const links = entries.filter((entry) => entry.isSymbolicLink()).map((entry) => entry.name);
    const next = links.values();
    const removeRest = async (): Promise<void> => {
      for (const name of next) {
        // One that somebody else removed meanwhile is as gone as it should be.
        await unlink(join(directory, name)).catch((error: unknown) => {
          if (!hasCode(error, 'ENOENT')) throw error;
        });
      }
    };
    await Promise.all(Array.from({ length: REMOVALS_AT_ONCE }, removeRest));
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
