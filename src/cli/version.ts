// Tells the version of the installed package; knows nothing of the command line.
import { readFileSync } from 'node:fs';

/**
 * Reads the version from the package's own package.json, which lies two folders up both from `src/cli` and
 * from `dist/cli`.
 *
 * @returns The semantic version, for example `0.1.0`.
 * @throws Error when package.json is missing or names no version: the installation is damaged.
 */
export function readVersion(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  const parsed: unknown = JSON.parse(text);
  if (
    typeof parsed === 'object' &&
    parsed !== null &&
    'version' in parsed &&
    typeof parsed.version === 'string'
  ) {
    return parsed.version;
  }
  throw new Error('package.json of regatta names no version');
}
