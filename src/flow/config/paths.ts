// Plain text arithmetic on paths, the way config values are written: no links are followed, `..` stays.
import { relative } from 'node:path';

/** Drops doubled slashes, `.` parts and a trailing slash; keeps `..`, which may cross a link. */
export function tidyPath(path: string): string {
  const isAbsolute = path.startsWith('/');
  const parts = path.split('/').filter((part) => part !== '' && part !== '.');
  return (isAbsolute ? '/' : '') + parts.join('/') || '.';
}

/** The path from the working directory where it is not absolute; tidied. */
export function absolutePath(path: string): string {
  return tidyPath(path.startsWith('/') ? path : `${process.cwd()}/${path}`);
}

/** The folder a path names its last part in. */
export function parentOf(path: string): string {
  const tidy = tidyPath(path);
  const cut = tidy.lastIndexOf('/');
  if (cut < 0) return '.';
  return cut === 0 ? '/' : tidy.slice(0, cut);
}

/** `path` relative to `root`, with `..` where it is outside. */
export function relativeTo(root: string, path: string): string {
  const tidy = tidyPath(path);
  const prefix = `${tidyPath(root)}/`;
  return tidy.startsWith(prefix) ? tidy.slice(prefix.length) : relative(root, tidy) || '.';
}
