// The tables of the history, and the one place that knows their version. Knows no run and no query.

/** Version of the tables; a file says its own in `user_version`. */
export const HISTORY_VERSION = 1;

/** Marks a database as a history of ours (`application_id`), so that no other is written to by mistake. */
export const APPLICATION_ID = 0x52_47_54_41;

/** How a job ended, as a number in `job.status`. */
export const STATUS_CODE = { passed: 0, failed: 1, killed: 2 } as const;

/** Added to the status of a second try, which counts for flakiness and for nothing else. */
export const SECOND_TRY = 4;

/**
 * - `run`: one row a run; its jobs are the rows `first_job` to `last_job` of `job`, until they are dropped for want of room.
 * - `test`: what jobs are known by from run to run. Empty texts stand for none.
 * - `job`: only of those that tell something of their test: it passed, failed, or was killed for its own sake. Second tries
 *   are among those of their run, without a duration and a bucket.
 * - `bucket`: failures of one signature. `gone_in`: the run in which its tests were run and none failed so any more.
 * - `sighting`: how often a bucket was seen in a run.
 * - `bucket_test`: the tests that failed so in the last run in which any did.
 */
export const CREATE_TABLES = `
  CREATE TABLE run (
    no INTEGER PRIMARY KEY, run_id TEXT NOT NULL UNIQUE, started_at_ms INTEGER NOT NULL, ended_at_ms INTEGER,
    exit_code INTEGER, revision TEXT, input TEXT,
    total INTEGER NOT NULL, passed INTEGER NOT NULL, failed INTEGER NOT NULL, killed INTEGER NOT NULL,
    first_job INTEGER NOT NULL, last_job INTEGER NOT NULL);
  CREATE TABLE test (
    no INTEGER PRIMARY KEY, name TEXT NOT NULL, block TEXT NOT NULL, tool TEXT NOT NULL, target TEXT NOT NULL);
  CREATE TABLE job (
    no INTEGER PRIMARY KEY, run INTEGER NOT NULL, test INTEGER NOT NULL, seed INTEGER, status INTEGER NOT NULL,
    duration_ms INTEGER, bucket INTEGER);
  CREATE TABLE bucket (no INTEGER PRIMARY KEY, signature TEXT NOT NULL UNIQUE, gone_in INTEGER);
  CREATE TABLE sighting (
    bucket INTEGER NOT NULL, run INTEGER NOT NULL, count INTEGER NOT NULL, PRIMARY KEY (bucket, run)) WITHOUT ROWID;
  CREATE TABLE bucket_test (
    bucket INTEGER NOT NULL, test INTEGER NOT NULL, PRIMARY KEY (bucket, test)) WITHOUT ROWID;
  PRAGMA application_id = ${APPLICATION_ID};
  PRAGMA user_version = ${HISTORY_VERSION};
`;
