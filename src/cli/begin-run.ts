// Begins a new run: names it, makes its directory with all that it can be taken up from, and runs it. Loads no input.
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { SpareLauncher } from '../backends/index.js';
import { Journal, type JournalOptions } from '../journal/index.js';
import { lockRun, type RunLock } from '../journal/run-lock.js';
import type { JobSource } from '../model/job-spec.js';
import type { RawOptions } from '../flow/options/read-options.js';
import type { FlowRecord } from '../results/flow-record.js';
import type { Revision } from '../results/run-facts.js';
import type { CheckedJobs } from './check-jobs.js';
import { executeRun } from './execute-run.js';
import { RUNS_FOLDER } from './find-run.js';
import { findTeacher, orderByLearned } from './learned-order.js';
import type { ExitCode } from './exit-codes.js';
import type { CliStreams } from './main.js';
import { prepareOutputs } from './prepare-outputs.js';
import {
  createRunId,
  makeRunDirectory,
  refuseScratch,
  writeFlowRecord,
  type RunDirectory,
} from './run-directory.js';
import type { RunOptions } from './run-options.js';
import { RUN_SCHEMA, writeJobs, type RunOrigin } from './run-record.js';
import { readVersion } from './version.js';

/** A run that is to begin. */
export interface NewRun {
  /** INPUT as it was given. */
  readonly input: string;
  readonly source: JobSource;
  readonly checked: CheckedJobs;
  readonly options: RunOptions;
  /** The options as they were given. */
  readonly raw: RawOptions;
  readonly scratchRoot: string;
  /** What random seeds were derived from; null when none were. */
  readonly entropy: string | null;
  /** What the flow of the jobs needs kept; null for a job list. */
  readonly flow: FlowRecord | null;
  /** Further facts for run.json. */
  readonly facts: { readonly git: Revision | null } & Readonly<Record<string, unknown>>;
  /** Prepares the scratch area, before the first job. */
  readonly prepare: () => Promise<void>;
  /** A launcher process for local jobs that is coming up already; default: none is. */
  readonly spare?: SpareLauncher | null;
}

/**
 * Runs it to its end.
 * @throws UserError when its files cannot be written; nothing has run then.
 */
export async function beginRun(run: NewRun, streams: CliStreams): Promise<ExitCode> {
  const runId = createRunId(new Date());
  const { options, flow, spare = null } = run;
  const teacher = findTeacher(options, join(run.scratchRoot, RUNS_FOLDER));
  const checked = await orderByLearned(run.checked, teacher);
  const facts = describeRun(runId, run);
  await prepareOutputs(options);
  if (options.dryRun) return executeRun({ runId, checked, options, flow, facts, kept: null }, streams);
  const directory = await makeRunDirectory(run.scratchRoot, runId, {
    facts: { ...facts },
    isSynced: options.durability !== 'off',
  });
  const { lock, jobsDigest } = await keepJobs(directory, run);
  try {
    if (flow !== null) await writeFlowRecord(directory, flow);
    await run.prepare();
    const { session } = lock;
    const jobs = run.source.jobs.length;
    const openJournal = (settings: JournalOptions): Journal => {
      try {
        return Journal.create(settings, { runId, jobs, jobsDigest });
      } catch (error) {
        throw refuseScratch(run.scratchRoot, error);
      }
    };
    return await executeRun(
      { runId, checked, options, flow, facts, spare, kept: { directory, session, openJournal } },
      streams,
    );
  } finally {
    lock.release();
  }
}

async function keepJobs(
  directory: RunDirectory,
  { source, scratchRoot, options }: NewRun,
): Promise<{ readonly lock: RunLock; readonly jobsDigest: string }> {
  try {
    const { jobs } = source;
    const isSynced = options.durability !== 'off';
    const jobsDigest = await writeJobs(directory.jobs, { jobs, scratchRoot, isSynced });
    return { lock: lockRun(directory.path), jobsDigest };
  } catch (error) {
    throw refuseScratch(scratchRoot, error);
  }
}

/** What run.json says; facts that hold from the start. */
function describeRun(runId: string, run: NewRun): RunOrigin {
  const { options, input, source, raw, entropy, scratchRoot } = run;
  const facts = {
    schema: RUN_SCHEMA,
    run_id: runId,
    regatta_version: readVersion(),
    node_version: process.version,
    host: hostname(),
    pid: process.pid,
    cwd: process.cwd(),
    command: process.argv.slice(2),
    input,
    flow: run.flow?.flow ?? null,
    scratch_root: scratchRoot,
    jobs: source.jobs.length,
    max_parallel: options.maxParallel,
    resources: options.resources,
    default_backend: options.backend,
    on_head_death: options.onHeadDeath,
    kill_grace_s: options.killGraceS,
    durability: options.durability,
    options: raw,
    entropy,
  };
  return { ...facts, ...run.facts };
}
