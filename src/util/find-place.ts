// Finds where paths really lie, whatever links lead there. Looks at the disk, once for each directory; changes nothing.
import { realpathSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/**
 * A function that gives the place of an absolute path: links in what is above it are followed, as far as that is there. What the last
 * part names is left alone, for it is that which is moved when the path is.
 */
export function createPlaceFinder(): (path: string) => string {
  const found = new Map<string, string>();
  const follow = (directory: string): string => {
    let real = found.get(directory);
    if (real === undefined) {
      try {
        real = realpathSync.native(directory);
      } catch {
        // Not there yet, or not ours to look at.
        real = placeOf(directory);
      }
      found.set(directory, real);
    }
    return real;
  };
  const placeOf = (path: string): string => {
    const above = dirname(path);
    return above === path ? path : join(follow(above), basename(path));
  };
  return placeOf;
}
