// One round of trying failures of a run again: where it is kept, how it is begun and taken up. Runs nothing.
//
// A round is a whole run in a directory within that of the run, `repro-1`; there are further ones when a run that was resumed
// has failed in further ways. It has a journal of its own: that of the run was closed when the run ended, and goes on saying
// what it said. A round without a journal has started nothing and is begun afresh.
import { existsSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Journal, type JournalOptions } from '../../journal/index.js';
import type { Past } from '../../driver/run.js';
import type { JobSource } from '../../model/job-spec.js';
import type { RunEvent } from '../../model/run-event.js';
import { syncDirectory } from '../../util/sync-directory.js';
import { checkJobs, type CheckedJobs } from '../check-jobs.js';
import { recallPast, replayPastRun } from '../past-run.js';
import { nameFiles, writeFirst, type RunDirectory } from '../run-directory.js';
import type { RunOptions } from '../run-options.js';
import { readRunRecord, writeJobs, type RunOrigin } from '../run-record.js';
import type { ChosenFailure } from './choose-failures.js';

/** A round that can be run, or that has been. */
export interface ReproRound {
  readonly runId: string;
  readonly directory: RunDirectory;
  readonly failures: readonly ChosenFailure[];
  readonly checked: CheckedJobs;
  readonly openJournal: (options: JournalOptions) => Journal;
  /** What came before; undefined for a new one. */
  readonly past?: Past;
  /** All that is on record of a round that is over; null while there is something left to be run. */
  readonly events: Iterable<RunEvent> | null;
}

/** Directory of a round of the run in `directory`; rounds count from 1. */
export function placeOfRound(directory: string, round: number): string {
  return join(directory, `repro-${round}`);
}

/** The rounds of the run in `directory` that have begun. */
export function listRounds(directory: string): string[] {
  const places: string[] = [];
  for (let round = 1; hasBegun(placeOfRound(directory, round)); round++)
    places.push(placeOfRound(directory, round));
  return places;
}

/** Whether anything of the round in `place` may have run. */
export function hasBegun(place: string): boolean {
  return existsSync(nameFiles(place).journal);
}

/** Options of a run that a round of it does not have: outputs of the run, and when to stop it. */
const NOT_INHERITED = new Set(['results', 'junit', 'prometheus', 'failFast', 'rerunNewBuckets']);

/** What a round is begun with. */
export interface NewRound {
  readonly place: string;
  readonly origin: RunOrigin;
  readonly failures: readonly ChosenFailure[];
  readonly source: JobSource;
  readonly options: RunOptions;
}

/** Writes all that the round can be taken up from. Rejects with the system's error. */
export async function beginRound(round: NewRound): Promise<ReproRound> {
  const { place, origin, failures, source, options } = round;
  const directory = nameFiles(place);
  const facts = describeRound(round);
  const checked = checkJobs(source, options, { scratchRoot: null, warn: () => undefined });
  await rm(place, { recursive: true, force: true });
  await mkdir(place);
  const { jobs } = source;
  const isSynced = options.durability !== 'off';
  writeFirst(directory.facts, `${JSON.stringify(facts, null, 2)}\n`, isSynced);
  const scratchRoot = origin.scratch_root;
  const jobsDigest = await writeJobs(directory.jobs, { jobs, scratchRoot, isSynced });
  // The round's own directory is synced with its journal, which is made last.
  if (isSynced) syncDirectory(dirname(place));
  return {
    ...{ runId: facts.run_id, directory, failures, checked, events: null },
    openJournal: (settings) =>
      Journal.create(settings, { runId: facts.run_id, jobs: jobs.length, jobsDigest }),
  };
}

function describeRound({ place, origin, failures, source }: NewRound): RunOrigin {
  const options = Object.entries(origin.options).filter(([field]) => !NOT_INHERITED.has(field));
  return {
    ...origin,
    // No name of a job of the run begins so: whoever looks for those of the run finds none of these.
    run_id: `${origin.run_id}_${place.slice(place.lastIndexOf('/') + 1)}`,
    jobs: source.jobs.length,
    options: Object.fromEntries(options),
    repro: { of: origin.run_id, failures },
  };
}

/**
 * Reads a round that has begun.
 * @throws UserError when its record cannot be read, or its jobs cannot run any more.
 */
export async function takeUpRound(place: string, options: RunOptions): Promise<ReproRound> {
  const record = await readRunRecord(place);
  const { directory, origin, source, state, end } = record;
  const checked = checkJobs(source, options, { scratchRoot: null, warn: () => undefined });
  const run = { record, options, checked };
  return {
    ...{ runId: origin.run_id, directory, checked },
    failures: origin.repro?.failures ?? [],
    events: state.isComplete ? replayPastRun(record) : null,
    openJournal: (settings) => Journal.reopen(settings, end.validBytes),
    ...(state.begin === null || state.isComplete ? {} : { past: recallPast(run) }),
  };
}
