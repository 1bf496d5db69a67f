// Names a run and makes its directory under the scratch root. Knows nothing of what the run does.
import { randomBytes } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, openSync, realpathSync, writeFileSync } from 'node:fs';
import { readFile, rename, symlink, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../model/problem.js';
import { makeDirectories } from '../util/make-directories.js';
import { messageOf } from '../util/message-of.js';
import { TEXT_AT_ONCE } from '../util/read-at-once.js';
import { syncDirectory } from '../util/sync-directory.js';
import { FLOW_RECORD_FILE, FLOW_RESULTS_FILE, type FlowRecord } from '../results/flow-record.js';
import { writeFileWhole } from '../results/write-file.js';
import { LATEST_LINK, RUNS_FOLDER } from './find-run.js';

/** A run id: sorts by start time, unique among runs that start together. */
export function createRunId(now: Date): string {
  const stamp = now.toISOString().replaceAll(/[-:]/g, '').replace('T', '-').slice(0, 15);
  return `${stamp}-${randomBytes(3).toString('hex')}`;
}

/** Where the files of a run are; made with its links when the run starts. */
export interface RunDirectory {
  readonly path: string;
  /** run.json: how the run was started. */
  readonly facts: string;
  /** The jobs, as a job list. */
  readonly jobs: string;
  readonly journal: string;
  /** Ends of local jobs, kept by whoever runs them. */
  readonly ends: string;
  /** Directory of files that jobs share. */
  readonly shared: string;
  readonly results: string;
  readonly junit: string;
  readonly trace: string;
  readonly report: string;
  readonly metrics: string;
  /** What history made of the run's failures; only where there is a history. */
  readonly triage: string;
  /** Only of a flow config, as is the next. */
  readonly flow: string;
  readonly flowResults: string;
  /** Directory of the batch backends' files; theirs alone. */
  readonly batch: string;
}

/** What a run's directory begins with. */
export interface FirstFacts {
  /** What run.json says of the run; anything JSON can hold. */
  readonly facts: Readonly<Record<string, unknown>>;
  /** Whether to return only when they, and the directory's own name, are on the disk. */
  readonly isSynced: boolean;
}

/**
 * Makes `<scratchRoot>/.regatta/<runId>` with `run.json`, and points `latest` at it.
 * @throws UserError when the scratch root cannot be written.
 */
export async function makeRunDirectory(
  scratchRoot: string,
  runId: string,
  { facts, isSynced }: FirstFacts,
): Promise<RunDirectory> {
  const parent = join(scratchRoot, RUNS_FOLDER);
  const directory = nameFiles(join(parent, runId));
  try {
    makeDirectories(directory.path);
    writeFirst(directory.facts, `${JSON.stringify(facts, null, 2)}\n`, isSynced);
    await pointLatestAt(parent, runId);
    // The run's own directory is synced with its journal, which is made last.
    if (isSynced) for (const above of [parent, scratchRoot]) syncDirectory(above);
  } catch (error) {
    throw refuseScratch(scratchRoot, error);
  }
  return directory;
}

/** Writes a file from which a run is taken up. @throws the system's error. */
export function writeFirst(path: string, text: string, isSynced: boolean): void {
  const file = openSync(path, 'w');
  try {
    writeFileSync(file, text);
    if (isSynced) fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** The files of the run whose directory this is; not all of them need be there. */
export function nameFiles(path: string): RunDirectory {
  return {
    path,
    facts: join(path, 'run.json'),
    jobs: join(path, 'jobs.jsonl'),
    journal: join(path, 'journal.jsonl'),
    ends: join(path, 'ends.jsonl'),
    shared: join(path, 'shared'),
    results: join(path, 'results.json'),
    junit: join(path, 'junit.xml'),
    trace: join(path, 'trace.json'),
    report: join(path, 'report.html'),
    metrics: join(path, 'metrics.json'),
    triage: join(path, 'triage.json'),
    flow: join(path, FLOW_RECORD_FILE),
    flowResults: join(path, FLOW_RESULTS_FILE),
    batch: join(path, 'batch'),
  };
}

/** Whether the path leads to a file from which reports of the run are made, or the run is taken up. */
export function isOfRecord(directory: RunDirectory, path: string): boolean {
  const { facts, jobs, journal, ends, results, metrics, triage, flow, flowResults } = directory;
  const record = [facts, jobs, journal, ends, results, metrics, triage, flow, flowResults];
  const target = findRealPath(path);
  return target !== undefined && record.some((file) => findRealPath(file) === target);
}

function findRealPath(path: string): string | undefined {
  return existsSync(path) ? realpathSync(path) : undefined;
}

/**
 * Adds to run.json what is known only once the run goes on.
 * @returns One line when that could not be written; the run is none the worse.
 */
export async function addFacts(
  directory: RunDirectory,
  facts: Readonly<Record<string, unknown>>,
): Promise<string | undefined> {
  let known: Record<string, unknown>;
  try {
    known = JSON.parse(await readFile(directory.facts, TEXT_AT_ONCE)) as Record<string, unknown>;
  } catch (error) {
    return `cannot add to ${directory.facts}: ${messageOf(error)}`;
  }
  const text = `${JSON.stringify({ ...known, ...facts }, null, 2)}\n`;
  return (await writeFileWhole(directory.facts, [text]))?.message;
}

/** What to tell the user of a scratch root that cannot be written. */
export function refuseScratch(scratchRoot: string, error: unknown): UserError {
  if (error instanceof UserError) return error;
  return unwritable(`cannot write the scratch root ${scratchRoot}: ${messageOf(error)}`, error);
}

/**
 * Keeps the record of a flow with its run.
 * @throws UserError when it cannot be written.
 */
export async function writeFlowRecord(directory: RunDirectory, record: FlowRecord): Promise<void> {
  const failure = await writeFileWhole(directory.flow, [JSON.stringify(record), '\n']);
  if (failure !== undefined) throw unwritable(failure.message);
}

function unwritable(message: string, cause?: unknown): UserError {
  return new UserError(
    { code: 'unwritable-scratch', message, hint: 'choose another one with --scratch-root' },
    { cause },
  );
}

/** Replaces the link in one step, so that a reader always finds a run. */
async function pointLatestAt(parent: string, runId: string): Promise<void> {
  const fresh = join(parent, `${LATEST_LINK}.${runId}`);
  await symlink(runId, fresh);
  try {
    await rename(fresh, join(parent, LATEST_LINK));
  } catch (error) {
    await unlink(fresh);
    throw error;
  }
}
