// Says how tests did from run to run, and how far that depends on chance. Reads only.
import type { HistoryFile, Value } from './history-file.js';
import { SECOND_TRY, STATUS_CODE } from './schema.js';

/** Of the groups of jobs that should have ended alike, second tries among them, how many did not. */
export interface Flakiness {
  /** Groups of at least two. */
  readonly repeated: number;
  /** Of these, groups in which some passed and some did not. */
  readonly mixed: number;
}

/** How a test did in all the runs whose jobs are kept. */
export interface TestRecord {
  readonly name: string;
  readonly block: string | null;
  readonly tool: string | null;
  readonly target: string;
  /** Number of runs it was in. */
  readonly runs: number;
  readonly passed: number;
  /** Failed, or outran its time limit; second tries count neither here nor above. */
  readonly failed: number;
  /** Jobs of one seed and one revision of the sources: a mix means that the outcome is not determined by these. */
  readonly by_seed: Flakiness;
  /** Jobs of one revision: a mix means that the outcome depends on the seed, or on chance. */
  readonly by_revision: Flakiness;
  /** Mean run time of passed jobs; null when none passed. */
  readonly mean_s: number | null;
}

const REVISION = "coalesce(iif(run.revision LIKE '%+dirty', run.no, run.revision), '')";

/**
 * The tests that match a condition on the table `test`, the most flaky first. An unknown revision counts as one; of changed
 * files nobody knows whether the next run had the same, so each run with such is of a revision of its own.
 * @param where - SQL with `values` bound to its parameters; a constant of ours.
 */
export function readTests(file: HistoryFile, where: string, ...values: readonly Value[]): TestRecord[] {
  const passed = `job.status = ${STATUS_CODE.passed}`;
  const records = file
    .read(
      `WITH wanted AS (SELECT * FROM test WHERE ${where}),
       by_seed AS (
         SELECT job.test, job.seed, ${REVISION} AS revision,
           count(*) AS tries, sum(${passed} OR job.status = ${STATUS_CODE.passed + SECOND_TRY}) AS good,
           sum(job.status < ${SECOND_TRY}) AS jobs, sum(${passed}) AS passed, sum(iif(${passed}, job.duration_ms, 0)) AS ms
         FROM job JOIN run ON run.no = job.run WHERE job.test IN (SELECT no FROM wanted)
         GROUP BY job.test, job.seed, ${REVISION}),
       by_revision AS (
         SELECT test, sum(tries) AS tries, sum(good) AS good, sum(jobs) AS jobs, sum(passed) AS passed, sum(ms) AS ms,
           sum(tries > 1) AS repeated, sum(good > 0 AND good < tries) AS mixed
         FROM by_seed GROUP BY test, revision),
       by_run AS (
         SELECT test, count(DISTINCT run) AS runs FROM job WHERE test IN (SELECT no FROM wanted) GROUP BY test)
       SELECT name, block, tool, target,
         max(by_run.runs), sum(passed), sum(jobs),
         sum(repeated), sum(mixed), sum(tries > 1), sum(good > 0 AND good < tries), sum(ms)
       FROM by_revision JOIN wanted ON wanted.no = by_revision.test JOIN by_run ON by_run.test = wanted.no GROUP BY wanted.no ORDER BY wanted.no`,
      ...values,
    )
    .map(toRecord);
  return records.sort((a, b) => rank(b) - rank(a));
}

/** Chance weighs more than a dependence on the seed. */
function rank({ by_seed: bySeed, by_revision: byRevision }: TestRecord): number {
  return share(bySeed) * 2 + share(byRevision);
}

/** Part of the repeated groups that were mixed, 0 to 1. */
export function share({ repeated, mixed }: Flakiness): number {
  return repeated === 0 ? 0 : mixed / repeated;
}

function toRecord(row: readonly Value[]): TestRecord {
  const [name, block, tool, target, ...figures] = row;
  const [runs = 0, passed = 0, jobs = 0, seedRepeated = 0, seedMixed = 0, repeated = 0, mixed = 0, ms = 0] =
    figures.map(Number);
  return {
    name: String(name),
    block: block === '' ? null : String(block),
    tool: tool === '' ? null : String(tool),
    target: String(target),
    runs,
    passed,
    failed: jobs - passed,
    by_seed: { repeated: seedRepeated, mixed: seedMixed },
    by_revision: { repeated, mixed },
    mean_s: passed === 0 ? null : Math.round(ms / passed) / 1000,
  };
}
