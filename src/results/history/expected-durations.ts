// What past runs say of how long jobs take. Reads only.
import type { JobSpec } from '../../model/job-spec.js';
import type { HistoryFile } from './history-file.js';
import { testKey, testOf } from './past-run.js';
import { STATUS_CODE } from './schema.js';

/** Only so many of the latest jobs are looked at, so that asking takes no time to speak of. */
const JOBS_ASKED = 200_000;

/** Mean run time, in milliseconds, of the latest passed jobs of the spec's test; null when none is known. */
export type ExpectedDurations = (spec: JobSpec) => number | null;

/** Asks once, for all tests. */
export function readExpectedDurations(file: HistoryFile): ExpectedDurations {
  const rows = file.read(
    `SELECT test.name, test.block, test.tool, test.target, recent.ms
     FROM (
       SELECT test, avg(duration_ms) AS ms FROM job
       WHERE no > (SELECT max(no) FROM job) - ${JOBS_ASKED} AND status = ${STATUS_CODE.passed} GROUP BY test) AS recent
     JOIN test ON test.no = recent.test`,
  );
  const known = new Map(
    rows.map(([name, block, tool, target, ms]) => [
      testKey({ name: String(name), block: String(block), tool: String(tool), target: String(target) }),
      Number(ms),
    ]),
  );
  return (spec) => known.get(testKey(testOf(spec))) ?? null;
}
