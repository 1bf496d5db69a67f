// Runs many crash cases, some at a time, each in a folder of its own that is removed when all went well.
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { runCrashCase, type CrashCase, type CrashReport, type Outcome } from './crash-case.js';

/** Cases at once. Each is a few processes that mostly wait for one another. */
const WIDTH = 4;

/**
 * @param dir - Folder for all of them.
 * @param expected - What the run comes to when nobody disturbs it.
 * @throws Error of the first case whose promises were not kept; its folder stays.
 */
export async function runCases(
  dir: string,
  cases: readonly CrashCase[],
  expected: Outcome,
): Promise<CrashReport[]> {
  const reports: CrashReport[] = [];
  const queue = [...cases.entries()];
  const work = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const [at, crashCase] = next;
      const folder = join(dir, `case-${at}`);
      mkdirSync(folder, { recursive: true });
      try {
        reports[at] = await runCrashCase(folder, crashCase, expected);
      } catch (error) {
        queue.length = 0;
        throw error;
      }
      rmSync(folder, { recursive: true, maxRetries: 5, retryDelay: 20 });
    }
  };
  const ends = await Promise.allSettled(Array.from({ length: WIDTH }, work));
  const failed = ends.find((end) => end.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
  return reports;
}
