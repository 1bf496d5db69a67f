// The merged coverage databases of earlier runs: which are kept, and under what name. Looks, and changes nothing.
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parentOf } from '../config/paths.js';

/** Databases of earlier runs that are kept beside the new one. */
const KEPT = 6;

/** One folder of an earlier run. */
interface EarlierMerge {
  /** Where it is. */
  readonly now: string;
  /** Where it will be when the new run merges: the last run's makes room. */
  readonly then: string;
}

/** What becomes of the folders of earlier runs. */
export interface MergeHistory {
  /** Newest first. */
  readonly kept: readonly EarlierMerge[];
  /** Too old. */
  readonly dropped: readonly EarlierMerge[];
}

/**
 * Looks at the folders beside a merged database, itself included.
 *
 * @param mergedDir - Where the new run will write.
 * @param timestamp - Names the last run's database once it has made room.
 */
export function mergeHistory(mergedDir: string, timestamp: string): MergeHistory {
  const parent = parentOf(mergedDir);
  const folders = foldersIn(parent).map((now) => {
    const isLast = now === mergedDir;
    const time = isLast ? Infinity : statSync(now).ctimeMs;
    return { now, then: isLast ? join(parent, timestamp) : now, time };
  });
  folders.sort((a, b) => (a.time === b.time ? (a.now < b.now ? 1 : -1) : b.time - a.time));
  const all = folders.map(({ now, then }) => ({ now, then }));
  return { kept: all.slice(0, KEPT), dropped: all.slice(KEPT) };
}

function foldersIn(parent: string): string[] {
  try {
    return readdirSync(parent, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => join(parent, entry.name));
  } catch {
    // No run has merged coverage here yet.
    return [];
  }
}
