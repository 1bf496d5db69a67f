// Finds the waves that a simulation has left in its output directory. Knows their formats by the ends of their names only.
import { readdirSync } from 'node:fs';
import { extname, join } from 'node:path';
import { WAVE_FORMATS } from '../../flow/options/options.js';

/** The first file or directory of waves, by name; null when there is none, or no such directory. */
export function findWaves(odir: string): string | null {
  const endings: ReadonlySet<string> = new Set(WAVE_FORMATS.map((format) => `.${format}`));
  let names: readonly string[];
  try {
    names = readdirSync(odir);
  } catch {
    // A job that only pretended to run, or never did, has left no directory.
    return null;
  }
  const [first] = names.filter((name) => endings.has(extname(name))).sort();
  return first === undefined ? null : join(odir, first);
}
