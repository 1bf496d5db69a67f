// Finds the repository's root from a test, wherever the tests are started.
import { fileURLToPath } from 'node:url';

/**
 * Resolves a path against the root of the repository.
 *
 * @param path - Relative to the root; may lead out of it (`../shared/x`).
 * @returns The absolute path; nothing says that it exists.
 */
export function fromRepoRoot(path: string): string {
  return fileURLToPath(new URL(`../../${path}`, import.meta.url));
}
