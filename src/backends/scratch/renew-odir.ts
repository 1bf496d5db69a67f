// Moves an output directory of an earlier run aside, and says which of the older ones are too many.
// Knows them by name only; touches no directory of another job.
import { readdirSync, renameSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/**
 * Renames `odir`, if there is one, to `<odir>_YYYYMMDD_HHMMSS` (local time of its last change), with `_2`, `_3` ...
 * where that is taken.
 *
 * @param maxOdirs - How many directories of the job to keep, the new one included; at least 1.
 * @returns The earlier directories that are too many, for the caller to remove.
 * @throws Error of the file system.
 */
export function renewOdir(odir: string, maxOdirs: number): readonly string[] {
  const stats = statSync(odir, { throwIfNoEntry: false });
  if (stats === undefined) return [];
  const parent = dirname(odir);
  const stem = `${basename(odir)}_`;
  const earlier = readdirSync(parent).filter(
    (name) => name.startsWith(stem) && isStamp(name.slice(stem.length)),
  );
  const name = findFreeName(`${stem}${formatStamp(stats.mtime)}`, new Set(earlier));
  renameSync(odir, join(parent, name));
  const old = [...earlier, name].sort(compareStamps);
  return old.slice(0, Math.max(0, old.length - (maxOdirs - 1))).map((one) => join(parent, one));
}

function isStamp(text: string): boolean {
  return /^\d{8}_\d{6}(_\d+)?$/.test(text);
}

function formatStamp(time: Date): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  const day = `${time.getFullYear()}${two(time.getMonth() + 1)}${two(time.getDate())}`;
  return `${day}_${two(time.getHours())}${two(time.getMinutes())}${two(time.getSeconds())}`;
}

function findFreeName(name: string, taken: ReadonlySet<string>): string {
  if (!taken.has(name)) return name;
  let copy = 2;
  while (taken.has(`${name}_${copy}`)) copy++;
  return `${name}_${copy}`;
}

/** By time, then by number: `_10` comes after `_9`. */
function compareStamps(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true });
}
