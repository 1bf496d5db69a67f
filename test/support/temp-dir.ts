// Gives a test a fresh folder that is gone when the test ends; knows nothing of what is put there.
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/**
 * Makes a folder for the test that is running; call it inside the test, not in a hook.
 *
 * @returns Its real path (no symbolic links in it). The folder is removed when the test ends, passed or failed.
 */
export function makeTempDir(): string {
  const path = mkdtempSync(join(realpathSync(tmpdir()), 'regatta-test-'));
  onTestFinished(() => {
    // A job that is still dying may write once more while its folder is removed.
    rmSync(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 20 });
  });
  return path;
}
