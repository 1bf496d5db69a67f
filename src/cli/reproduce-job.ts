// Words the command that runs a job of an earlier run again, from what the run left on disk.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { SCRIPT_FILE } from '../backends/index.js';
import type { JobResult } from '../results/schema.js';
import { quoteForShell } from '../util/quote-for-shell.js';

/** The command, or null when the job left no script: it never ran, only pretended to, or its directory is gone. */
export function findReproduceCommand({ odir }: JobResult): string | null {
  const script = join(odir, SCRIPT_FILE);
  return odir !== '' && existsSync(script) ? `sh ${quoteForShell(script)}` : null;
}
