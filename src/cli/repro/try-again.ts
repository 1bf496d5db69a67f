// Runs the first failure of each new bucket again, when a run is over, and says what that makes of the bucket. Writes no report.
import { lockRun } from '../../journal/run-lock.js';
import { messageOf } from '../../util/message-of.js';
import type { JobSpec } from '../../model/job-spec.js';
import type { RunEvent } from '../../model/run-event.js';
import { describeReason } from '../../model/reason.js';
import { judgeRepro, type BucketRepro } from '../../results/buckets/repro.js';
import { Collector } from '../../results/collector.js';
import { findSignature } from '../../results/buckets/signature.js';
import { hasEnded, type EndedRecord } from '../../results/job-table.js';
import type { Triage } from '../../results/history/triage.js';
import { formatResultsJson } from '../../results/results-json.js';
import type { RunRecord } from '../../results/run-record.js';
import { writeFileWhole } from '../../results/write-file.js';
import { composeRun } from '../compose.js';
import { driveRun, Trouble } from '../drive-run.js';
import { ExitCode } from '../exit-codes.js';
import type { CliStreams } from '../main.js';
import type { RunOptions } from '../run-options.js';
import { createWarner } from '../show-problems.js';
import { chooseFailures } from './choose-failures.js';
import { findWaves } from './find-waves.js';
import { makeReproJobs, type FailedRun } from './repro-jobs.js';
import { beginRound, hasBegun, placeOfRound, takeUpRound, type ReproRound } from './repro-round.js';

/** A run that is over, its results written and its failures looked up in the history. */
export interface FinishedRun extends Omit<FailedRun, 'jobs'> {
  /** Its directory. */
  readonly directory: string;
  readonly options: RunOptions;
  readonly record: RunRecord;
  readonly triage: Triage;
}

type Warn = ReturnType<typeof createWarner>;

/** What came of the second tries, by signature of the bucket; without those that were stopped. */
export type Repros = ReadonlyMap<string, BucketRepro>;

/**
 * Runs them, or what is left of them when an earlier process has begun to. Nothing that goes wrong harms the run: it is a warning.
 * @param most - Buckets to try, all processes together.
 */
export async function tryAgain(run: FinishedRun, most: number, streams: CliStreams): Promise<Repros> {
  const repros = new Map<string, BucketRepro>();
  const tried = new Set<string>();
  const warn = createWarner(run.options.logLevel, streams);
  try {
    for (let number = 1; ; number++) {
      const place = placeOfRound(run.directory, number);
      const round = hasBegun(place)
        ? await takeUpRound(place, optionsOfRounds(run))
        : await startRound(run, { place, tried, most: most - tried.size }, streams);
      if (round === null) break;
      const second = await runRound(round, run, warn);
      for (const { signature, job } of round.failures) {
        tried.add(signature);
        const repro = describe(job, run.record, second);
        if (repro !== null) repros.set(signature, repro);
      }
      if (repros.size < tried.size) break;
    }
  } catch (error) {
    warn({ code: 'no-repro', message: `new failures could not be run again: ${messageOf(error)}` });
  }
  const left = tried.size - repros.size;
  if (left > 0)
    streams.stderr.write(
      `regatta: ${countFailures(left)} not run again to the end: regatta resume goes on\n`,
    );
  return repros;
}

function optionsOfRounds({ options }: FinishedRun): RunOptions {
  return { ...options, failFast: null };
}

/** Null when there is nothing left to try. */
async function startRound(
  run: FinishedRun,
  {
    place,
    ...limits
  }: { readonly place: string; readonly tried: ReadonlySet<string>; readonly most: number },
  streams: CliStreams,
): Promise<ReproRound | null> {
  const { record, triage, origin } = run;
  const failures = chooseFailures(record, triage, limits);
  if (failures.length === 0) return null;
  streams.stderr.write(`regatta: running ${countFailures(failures.length)} of new kinds again\n`);
  const names = failures.map(({ job }) => job);
  const warn = createWarner(run.options.logLevel, streams);
  const source = await makeReproJobs({ ...run, jobs: record.specs }, names, { directory: place, warn });
  return beginRound({ place, origin, failures, source, options: optionsOfRounds(run) });
}

function countFailures(count: number): string {
  return `${count} failure${count === 1 ? '' : 's'}`;
}

/** @returns What came of its jobs. */
async function runRound(round: ReproRound, run: FinishedRun, warn: Warn): Promise<RunRecord> {
  const { directory, events } = round;
  const lock = lockRun(directory.path);
  try {
    const collector = events === null ? await driveRound(round, run, lock.session) : collect(events);
    const { passed, total } = collector.counts;
    const results = collector.build(passed === total ? ExitCode.OK : ExitCode.JOBS_FAILED);
    const failure = await writeFileWhole(directory.results, formatResultsJson(results));
    if (failure !== undefined) warn({ code: 'no-repro-results', message: failure.message });
    return collector.record;
  } finally {
    lock.release();
  }
}

async function driveRound(
  { runId, checked, directory, openJournal, past }: ReproRound,
  run: FinishedRun,
  session: number,
): Promise<Collector> {
  const trouble = new Trouble();
  const kept = { directory, session, openJournal };
  const setting = { runId, checked, kept, options: optionsOfRounds(run), ...(past && { past }) };
  const composed = composeRun(setting, { more: [], onTrouble: trouble.note });
  const nothing = async (): Promise<void> => undefined;
  await driveRun(composed, { trouble, onStart: nothing }, nothing);
  return composed.records.collector;
}

function collect(events: Iterable<RunEvent>): Collector {
  const collector = new Collector();
  for (const event of events) collector.notify(event);
  return collector;
}

/** Null when the job was stopped before it could tell. */
function describe(name: string, first: RunRecord, second: RunRecord): BucketRepro | null {
  const before = findEnd(name, first);
  const after = findEnd(name, second);
  const because = before?.end.reason ?? null;
  if (because === null || after === undefined) return null;
  const { reason, status } = after.end;
  const { seed, logPath, odir } = after.spec;
  const outcome = judgeRepro(because, reason);
  if (outcome === null) return null;
  return {
    ...{ outcome, job: name, seed, status },
    signature: reason === null ? null : findSignature(reason),
    message: reason === null ? null : describeReason(reason),
    log_path: logPath,
    waves: findWaves(odir),
  };
}

function findEnd(
  name: string,
  { specs, indexOf, jobs }: RunRecord,
): { spec: JobSpec; end: EndedRecord } | undefined {
  const job = indexOf.get(name) ?? -1;
  const spec = specs[job];
  const end = jobs.get(job);
  return spec !== undefined && hasEnded(end) ? { spec, end } : undefined;
}
