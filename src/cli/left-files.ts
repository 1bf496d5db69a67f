// Looks for what a job of an earlier run has left on disk: its log, and the script that runs it again.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { SCRIPT_FILE } from '../backends/index.js';
import type { JobResult } from '../results/schema.js';
import { quoteForShell } from '../util/quote-for-shell.js';

/** The command that runs it again; null when it left no script: it never ran, only pretended to, or its directory is gone. */
export function findReproduceCommand({ odir }: JobResult): string | null {
  const script = join(odir, SCRIPT_FILE);
  return odir !== '' && existsSync(script) ? `sh ${quoteForShell(script)}` : null;
}

/** Whether its log is there: it may never have been written, or may be gone. */
export function hasLog({ log_path: path }: JobResult): boolean {
  return existsSync(path);
}
