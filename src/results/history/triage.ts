// Says of a run's failures what history knows: new, known or gone, and which of the failing tests are flaky. Reads only.
import type { BucketRepro } from '../buckets/repro.js';
import type { HistoryFile, Value } from './history-file.js';
import { readTests, type TestRecord } from './read-tests.js';

/** Name and version of triage.json. */
export const TRIAGE_SCHEMA = 'regatta.triage/1';

/** A run in which a bucket was seen. */
export interface Sighting {
  readonly run_id: string;
  /** When it started; ISO 8601 in UTC. */
  readonly started_at: string;
}

/**
 * What history knows of one bucket, as of a run:
 * - `new`: no earlier run had it.
 * - `known`: an earlier run had it.
 * - `gone`: the run ran all the tests that failed so last, and none failed so.
 */
export interface BucketTriage {
  readonly signature: string;
  readonly state: 'new' | 'known' | 'gone';
  /** Jobs in the run; 0 for one that is gone. */
  readonly count: number;
  /** Number of runs that had it so far, this one included. */
  readonly runs: number;
  readonly first_seen: Sighting;
  /** The last run but this one that had it; null for a new one. */
  readonly last_seen: Sighting | null;
  /** What came of running the first failure of a new one again; not there when it was not. */
  readonly repro?: BucketRepro;
}

/** What history knows of the failures of a run, up to that run. */
export interface Triage {
  readonly schema: typeof TRIAGE_SCHEMA;
  readonly run_id: string;
  /** New ones first, then known, then gone; the largest first. */
  readonly buckets: readonly BucketTriage[];
  /** The tests of the run's failed jobs, the most flaky first. */
  readonly tests: readonly TestRecord[];
}

const ORDER: Readonly<Record<BucketTriage['state'], number>> = { new: 0, known: 1, gone: 2 };

/** The triage of a recorded run. */
export function readTriage(file: HistoryFile, runId: string): Triage {
  const [[no = null, startedAtMs = null] = []] = file.read(
    'SELECT no, started_at_ms FROM run WHERE run_id = ?',
    runId,
  );
  const seen = file.read(
    `SELECT bucket.signature, run.run_id, run.started_at_ms, sighting.count, run.no = ?1
     FROM sighting JOIN run ON run.no = sighting.run JOIN bucket ON bucket.no = sighting.bucket
     WHERE (bucket.gone_in = ?1 OR bucket.no IN (SELECT bucket FROM sighting WHERE run = ?1))
       AND (run.no = ?1 OR run.started_at_ms <= ?2)
     ORDER BY bucket.no, run.started_at_ms, run.no = ?1`,
    no,
    startedAtMs,
  );
  const bySignature = new Map<string, Value[][]>();
  for (const row of seen) {
    const rows = bySignature.get(String(row[0]));
    if (rows === undefined) bySignature.set(String(row[0]), [row]);
    else rows.push(row);
  }
  const buckets = Array.from(bySignature, ([signature, rows]) => toBucket(signature, rows));
  buckets.sort((a, b) => ORDER[a.state] - ORDER[b.state] || b.count - a.count);
  const failed = `SELECT test FROM job WHERE run = ?1 AND bucket IS NOT NULL
    AND no BETWEEN (SELECT first_job FROM run WHERE no = ?1) AND (SELECT last_job FROM run WHERE no = ?1)`;
  return { schema: TRIAGE_SCHEMA, run_id: runId, buckets, tests: readTests(file, `no IN (${failed})`, no) };
}

/** @param seen - A row a sighting, oldest first: signature, run, start, count, whether it is the run in question. */
function toBucket(signature: string, seen: readonly (readonly Value[])[]): BucketTriage {
  const sightings = seen.map(([, runId, startedAtMs]) => ({
    run_id: String(runId),
    started_at: new Date(Number(startedAtMs)).toISOString(),
  }));
  const current = seen.findIndex(([, , , , isCurrent]) => isCurrent === 1);
  const others = sightings.filter((_, i) => i !== current);
  const first = sightings[0] ?? { run_id: '', started_at: '' };
  return {
    signature,
    state: current === -1 ? 'gone' : others.length === 0 ? 'new' : 'known',
    count: Number(seen[current]?.[3] ?? 0),
    runs: sightings.length,
    first_seen: first,
    last_seen: others.at(-1) ?? null,
  };
}
