// Where the record of a run is kept, and reading it back: how it was started, its jobs, and what its journal comes to.
// Knows nothing of how a run goes on.
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { open } from 'node:fs/promises';
import type { RawOptions } from '../flow/options/read-options.js';
import { formatJobLines, parseJobList, readBytes } from '../joblist/index.js';
import { readJournal, RecordState, type JournalEnd } from '../journal/index.js';
import type { JobSource, JobSpec } from '../model/job-spec.js';
import { UserError } from '../model/problem.js';
import type { RunEvent } from '../model/run-event.js';
import type { FlowRecord } from '../results/flow-record.js';
import type { Revision } from '../results/run-facts.js';
import { writeChunks } from '../results/write-file.js';
import { readFlowRecord } from '../results/read-flow-record.js';
import { messageOf } from '../util/message-of.js';
import { READ_AT_ONCE, readTextAtOnce } from '../util/read-at-once.js';
import { DRY_RUN, LOCAL } from './backend-names.js';
import type { ChosenFailure } from './repro/choose-failures.js';
import { nameFiles, type RunDirectory } from './run-directory.js';
import { isRecord } from '../util/is-record.js';

/** What the journal has of the kept jobs. */
const DIGEST = 'sha256';

/** Name and version of run.json. */
export const RUN_SCHEMA = 'regatta.run/1';

/** What run.json must say for a run to be taken up again. */
export interface RunOrigin {
  readonly run_id: string;
  /** INPUT as it was given, and where relative paths of the command line start from. */
  readonly input: string;
  readonly cwd: string;
  readonly scratch_root: string;
  /** Revision of the tree that held the input; null when there was none. */
  readonly git: Revision | null;
  /** Number of jobs. */
  readonly jobs: number;
  /** Options as they were given, by field. */
  readonly options: RawOptions;
  /** What random seeds were derived from; null for a job list, which has its own. */
  readonly entropy: string | null;
  /** Backend of jobs that name none; of old records it is not known. */
  readonly default_backend?: string;
  /** What is in force on each backend; not there while the run has not begun. */
  readonly backends?: Readonly<Record<string, { readonly spawn?: unknown } | undefined>>;
  /** Of a run that tries failures of another one again: the id of that one, and which they are. */
  readonly repro?: { readonly of: string; readonly failures: readonly ChosenFailure[] };
}

/** A run as its record has it. */
export interface RunRecord {
  readonly directory: RunDirectory;
  readonly origin: RunOrigin;
  readonly source: JobSource;
  readonly state: RecordState;
  readonly end: JournalEnd;
}

/** The jobs of a run, and how to keep them. */
export interface KeptJobs {
  readonly jobs: readonly JobSpec[];
  /** Absolute. */
  readonly scratchRoot: string;
  /** Whether they must be on the disk when it is said that they are written. */
  readonly isSynced: boolean;
}

/**
 * Keeps the jobs of a run for whoever takes it up again. Only the user may read them: exports may hold secrets.
 * @returns The digest of the file, for the journal.
 * @throws the system's error.
 */
export async function writeJobs(path: string, { jobs, scratchRoot, isSynced }: KeptJobs): Promise<string> {
  const file = await open(path, 'wx', 0o600);
  try {
    const hash = createHash(DIGEST);
    await writeChunks(file, formatJobLines(jobs, scratchRoot), hash);
    if (isSynced) await file.sync();
    return hash.digest('hex');
  } finally {
    await file.close();
  }
}

/**
 * Reads the record of a run.
 * @throws UserError when it is missing, foreign, damaged, or of a newer Regatta.
 */
export async function readRunRecord(path: string): Promise<RunRecord> {
  const directory = nameFiles(path);
  const origin = readOrigin(directory.facts);
  for (const file of [directory.jobs, directory.journal]) if (!existsSync(file)) throw incomplete(path, file);
  const { scratch_root: scratchRoot } = origin;
  const bytes = await readBytes(directory.jobs, directory.jobs, READ_AT_ONCE);
  const digest = createHash(DIGEST).update(bytes).digest('hex');
  const source = await parseJobList(bytes, {
    ...{ file: directory.jobs, format: 'lines', scratchRoot, cwd: scratchRoot },
  });
  const state = new RecordState(source.jobs.length);
  const entries = readJournal(directory.journal, { runId: origin.run_id, jobs: source.jobs.length });
  for (let next = entries.next(); ; next = entries.next()) {
    if (next.done === true) {
      // One flipped bit makes another job of a job, and leaves a good job list.
      if (next.value.jobsDigest !== digest) throw jobsChanged(directory.jobs);
      return { directory, origin, source, state, end: next.value };
    }
    state.take(next.value);
  }
}

/**
 * The record of a run as if nothing were known but how it was started, for when the rest cannot be read.
 * @throws UserError when that cannot be read either.
 */
export function readBareRecord(path: string): RunRecord {
  const directory = nameFiles(path);
  const source: JobSource = { jobs: [], locate: () => ({ file: directory.jobs }) };
  const end: JournalEnd = { validBytes: 0, tornBytes: 0, jobsDigest: '' };
  return { directory, origin: readOrigin(directory.facts), source, state: new RecordState(0), end };
}

/**
 * What the flow of a run has kept; null when it was a job list.
 * @throws UserError when it cannot be read: the run could not go on as it began.
 */
export async function readKeptFlow(path: string): Promise<FlowRecord | null> {
  const reading = await readFlowRecord(path);
  if (reading.kind === 'unusable') {
    throw new UserError({ code: 'bad-run-record', message: reading.notice, hint: 'start a new run' });
  }
  return reading.kind === 'read' ? reading.record : null;
}

/** Backend of a job, by the record alone: what the config file or a plugin says now may be something else, or gone. */
export function recordedBackendOf({ origin }: RunRecord, { dryRun, backend }: JobSpec): string {
  return dryRun ? DRY_RUN : (backend ?? origin.default_backend ?? LOCAL);
}

/**
 * The events of a run, from `run-started`. They are read from its journal once more, so that none is kept.
 *
 * @param backends - Backend of each job.
 * @param isWanted - Picks what to tell; sessions count from 0.
 */
export function* replayRun(
  { directory, origin, source, state }: RunRecord,
  backends: readonly string[],
  isWanted: (event: RunEvent, session: number) => boolean,
): Generator<RunEvent> {
  const { begin } = state;
  if (begin === null) return;
  const { run_id: runId } = origin;
  yield { kind: 'run-started', ...begin, runId, jobs: source.jobs, backends };
  let session = 0;
  for (const entry of readJournal(directory.journal, { runId, jobs: source.jobs.length })) {
    if (entry.kind !== 'event') continue;
    if (entry.event.kind === 'run-resumed') session++;
    if (isWanted(entry.event, session)) yield entry.event;
  }
}

function readOrigin(path: string): RunOrigin {
  let value: unknown;
  try {
    value = JSON.parse(readTextAtOnce(path));
  } catch (error) {
    throw new UserError({
      code: 'bad-run-record',
      message: `cannot read how the run was started: ${messageOf(error)}`,
      origin: { file: path },
      hint: 'start a new run',
    });
  }
  const facts: Partial<Record<string, unknown>> = isRecord(value) ? value : {};
  const [format, version] = String(facts['schema']).split('/');
  const [ownFormat, ownVersion] = RUN_SCHEMA.split('/');
  if (format === ownFormat && version !== ownVersion) {
    throw new UserError({
      code: 'bad-run-record',
      message: `it has format version ${version ?? ''}; this Regatta reads version ${ownVersion ?? ''}`,
      origin: { file: path },
      hint: 'use the Regatta that began the run, or a newer one',
    });
  }
  if (format !== ownFormat || !isOrigin(facts)) {
    throw new UserError({
      code: 'bad-run-record',
      message: 'it does not say how a run was started',
      origin: { file: path },
      hint: 'it was written by an older Regatta, or by something else; start a new run',
    });
  }
  return facts;
}

function isOrigin(facts: object): facts is RunOrigin {
  const { run_id, input, cwd, scratch_root, git, entropy, options, default_backend, repro } =
    facts as Partial<Record<keyof RunOrigin, unknown>>;
  return (
    [run_id, input, cwd, scratch_root, default_backend ?? ''].every(isText) &&
    isRecord(git ?? {}) &&
    isText(entropy ?? '') &&
    isRecord(options) &&
    Object.values(options).every(isOptionValue) &&
    (repro === undefined || (isRecord(repro) && isText(repro['of']) && Array.isArray(repro['failures'])))
  );
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isOptionValue(value: unknown): boolean {
  return isText(value) || typeof value === 'boolean' || (Array.isArray(value) && value.every(isText));
}

function jobsChanged(file: string): UserError {
  return new UserError({
    code: 'jobs-changed',
    message: 'these are not the jobs that the run began with',
    origin: { file },
    hint: 'they were changed by something else than Regatta; restore the file, or start a new run',
  });
}

function incomplete(path: string, file: string): UserError {
  return new UserError({
    code: 'no-journal',
    message: `the run in ${path} has no ${file.slice(path.length + 1)}`,
    hint: 'it had not begun, or its files were removed; start a new run',
  });
}
