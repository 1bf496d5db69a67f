// Writes one run into the history. Knows nothing of what is read from it later, but what makes a bucket gone.
import type { HistoryFile, Value } from './history-file.js';
import { testKey, type PastRun, type TestName } from './past-run.js';
import { SECOND_TRY, STATUS_CODE } from './schema.js';

/** Most jobs kept, some 25 MB. The oldest runs lose theirs first; what is known of runs and buckets stays. */
const MAX_JOBS = 1_000_000;

/**
 * Records a run. One that was recorded before, and went on since, is replaced.
 * @param maxJobs - Most jobs kept of all runs together.
 */
export function recordRun(file: HistoryFile, run: PastRun, maxJobs = MAX_JOBS): void {
  file.write(() => {
    const no = replaceRun(file, run);
    const found = insertJobs(file, no, run);
    insertSightings(file, no, found);
    markGone(file, no, run.startedAtMs);
    dropOldJobs(file, maxJobs);
  });
}

/** Writes the row of the run, and removes what an earlier record of it left. */
function replaceRun(file: HistoryFile, run: PastRun): number {
  const [old] = file.read('SELECT no, first_job, last_job FROM run WHERE run_id = ?', run.runId);
  let no = Number(file.read('SELECT coalesce(max(no), 0) + 1 FROM run')[0]?.[0]);
  if (old !== undefined) {
    const [oldNo = null, first = null, last = null] = old;
    no = Number(oldNo);
    file.change('DELETE FROM job WHERE no BETWEEN ? AND ?', first, last);
    file.change('DELETE FROM sighting WHERE run = ?', no);
    file.change('UPDATE bucket SET gone_in = NULL WHERE gone_in = ?', no);
    file.execute('DELETE FROM bucket WHERE no NOT IN (SELECT bucket FROM sighting)');
    file.change('DELETE FROM run WHERE no = ?', no);
  }
  const { total, passed, failed, killed } = run.counts;
  const { runId, startedAtMs, endedAtMs, exitCode, revision, input } = run;
  const times = [Math.round(startedAtMs), endedAtMs === null ? null : Math.round(endedAtMs)];
  const runs = file.inserter('run', 13);
  runs.add(no, runId, ...times, exitCode, revision, input, total, passed, failed, killed, 0, -1);
  runs.flush();
  return no;
}

/** A bucket of the run: how often it was seen, and in which tests. */
interface Found {
  count: number;
  readonly tests: Set<number>;
}

/** @returns The buckets of the run, by number. */
function insertJobs(file: HistoryFile, no: number, run: PastRun): Map<number, Found> {
  const tests = new Numbering(file, 'SELECT name, block, tool, target, no FROM test', (row) =>
    testKey(toTestName(row)),
  );
  const buckets = new Numbering(file, 'SELECT signature, no FROM bucket', ([signature]) => String(signature));
  const found = new Map<number, Found>();
  const first = Number(file.read('SELECT coalesce(max(no), 0) + 1 FROM job')[0]?.[0]);
  const newTests = file.inserter('test', 5);
  const newBuckets = file.inserter('bucket', 3);
  const jobs = file.inserter('job', 7);
  let next = first;
  const numberTest = (test: TestName): number =>
    tests.numberOf(testKey(test), (added) => {
      newTests.add(added, test.name, test.block, test.tool, test.target);
    });
  for (const { test, seed, status, durationMs, signature } of run.jobs) {
    const testNo = numberTest(test);
    const bucketNo =
      signature === null
        ? null
        : buckets.numberOf(signature, (added) => {
            newBuckets.add(added, signature, null);
          });
    jobs.add(next++, no, testNo, seed, STATUS_CODE[status], durationMs, bucketNo);
    if (bucketNo === null) continue;
    const bucket = found.get(bucketNo) ?? { count: 0, tests: new Set() };
    found.set(bucketNo, bucket);
    bucket.count++;
    bucket.tests.add(testNo);
  }
  for (const { test, seed, status } of run.secondTries ?? []) {
    jobs.add(next++, no, numberTest(test), seed, STATUS_CODE[status] + SECOND_TRY, null, null);
  }
  for (const inserter of [newTests, newBuckets, jobs]) inserter.flush();
  file.change('UPDATE run SET first_job = ?, last_job = ? WHERE no = ?', first, next - 1, no);
  return found;
}

/** Numbers of known things; new ones get the next. */
class Numbering {
  readonly #numbers = new Map<string, number>();
  #next = 1;

  /** @param sql - Selects what is known, its number last. */
  constructor(file: HistoryFile, sql: string, keyOf: (row: readonly Value[]) => string) {
    for (const row of file.each(sql)) {
      const no = Number(row.at(-1));
      this.#numbers.set(keyOf(row), no);
      this.#next = Math.max(this.#next, no + 1);
    }
  }

  numberOf(key: string, add: (no: number) => void): number {
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    const no = this.#next++;
    this.#numbers.set(key, no);
    add(no);
    return no;
  }
}

function toTestName([name, block, tool, target]: readonly Value[]): TestName {
  return { name: String(name), block: String(block), tool: String(tool), target: String(target) };
}

function insertSightings(file: HistoryFile, no: number, found: ReadonlyMap<number, Found>): void {
  const sightings = file.inserter('sighting', 3);
  const bucketTests = file.inserter('bucket_test', 2);
  for (const [bucket, { count, tests }] of found) {
    sightings.add(bucket, no, count);
    file.change('UPDATE bucket SET gone_in = NULL WHERE no = ?', bucket);
    file.change('DELETE FROM bucket_test WHERE bucket = ?', bucket);
    for (const test of tests) bucketTests.add(bucket, test);
  }
  sightings.flush();
  bucketTests.flush();
}

/**
 * A bucket is gone when every test that failed so last has run again and none failed so: what was not run tells nothing. Buckets
 * that a later run has seen, when an earlier one went on after it, are none of its business.
 */
function markGone(file: HistoryFile, no: number, startedAtMs: number): void {
  file.change(
    `UPDATE bucket SET gone_in = ?1
     WHERE gone_in IS NULL
       AND NOT EXISTS (
         SELECT 1 FROM sighting JOIN run ON run.no = sighting.run
         WHERE sighting.bucket = bucket.no AND run.started_at_ms >= ?2)
       AND NOT EXISTS (
         SELECT 1 FROM bucket_test WHERE bucket_test.bucket = bucket.no AND bucket_test.test NOT IN (
           SELECT test FROM job WHERE run = ?1 AND status IN (${STATUS_CODE.passed}, ${STATUS_CODE.failed})
             AND job.no BETWEEN (SELECT first_job FROM run WHERE no = ?1) AND (SELECT last_job FROM run WHERE no = ?1)))`,
    no,
    Math.round(startedAtMs),
  );
}

function dropOldJobs(file: HistoryFile, maxJobs: number): void {
  const [[count = 0] = []] = file.read('SELECT count(*) FROM job');
  let surplus = Number(count) - maxJobs;
  if (surplus <= 0) return;
  for (const [no = null, first = null, last = null] of file.read(
    'SELECT no, first_job, last_job FROM run WHERE last_job >= first_job ORDER BY started_at_ms, no',
  )) {
    if (surplus <= 0) break;
    file.change('DELETE FROM job WHERE no BETWEEN ? AND ?', first, last);
    file.change('UPDATE run SET first_job = 0, last_job = -1 WHERE no = ?', no);
    surplus -= Number(last) - Number(first) + 1;
  }
}
