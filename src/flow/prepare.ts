// What has to be done to the scratch area before a flow runs: as data, and the doing of it. Knows no config.
import { rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { makeDirectories } from '../util/make-directories.js';

/** One step; paths are absolute. */
export type PrepareStep =
  /** Remove a file or folder, if it is there. */
  | { readonly kind: 'remove'; readonly path: string }
  /** Move a folder; what is at `to` is replaced. */
  | { readonly kind: 'move'; readonly path: string; readonly to: string }
  /** Make a folder that FuseSoC keeps out of. */
  | { readonly kind: 'make-scratch-root'; readonly path: string };

/**
 * Does the steps, one after the other.
 *
 * @throws Error of the file system; what was there and is gone meanwhile is no error.
 */
export async function prepareScratch(steps: readonly PrepareStep[]): Promise<void> {
  for (const step of steps) await perform(step);
}

async function perform(step: PrepareStep): Promise<void> {
  switch (step.kind) {
    case 'remove':
      await rm(step.path, { recursive: true, force: true });
      return;
    case 'move':
      await rm(step.to, { recursive: true, force: true });
      makeDirectories(dirname(step.to));
      await rename(step.path, step.to).catch(ignoreMissing);
      return;
    case 'make-scratch-root':
      makeDirectories(step.path);
      // FuseSoC looks for cores everywhere below the project; jobs must not find those of other jobs.
      await writeFile(join(step.path, 'FUSESOC_IGNORE'), '', { flag: 'a' });
      return;
  }
}

function ignoreMissing(error: unknown): void {
  if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
}
