// `regatta run`: loads the input, runs its jobs to the end, and writes what came of it.
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { startRun } from '../../driver/run.js';
import { watchSignals, type StopSignal } from '../../driver/signals.js';
import { prepareScratch } from '../../flow/prepare.js';
import type { RawOptions } from '../../flow/options/read-options.js';
import { formatGraph } from '../../graph/export.js';
import type { JobSpec, Tool } from '../../model/job-spec.js';
import { createCoverageDropper } from '../../results/coverage/drop-coverage.js';
import type { Revision } from '../../results/run-facts.js';
import type { Counts } from '../../results/schema.js';
import { checkJobs } from '../check-jobs.js';
import { composeRun, type ComposedRun } from '../compose.js';
import { ExitCode } from '../exit-codes.js';
import { toFlowRecord } from '../flow-record-maker.js';
import { loadInput, type LoadedInput } from '../load-input.js';
import type { CliStreams } from '../main.js';
import { createRunId, makeRunDirectory, writeFlowRecord, type RunDirectory } from '../run-directory.js';
import { readRunOptions, type RunOptions } from '../run-options.js';
import { createWarner } from '../show-problems.js';
import { readRevision } from '../revision.js';
import { readVersion } from '../version.js';
import { writeOutputs } from '../write-outputs.js';
import { listCommand } from './list.js';

/**
 * Runs INPUT.
 * @throws UserError before anything has run.
 */
export async function runCommand(input: string, raw: RawOptions, streams: CliStreams): Promise<ExitCode> {
  const options = readRunOptions(raw, process.env);
  if (options.list !== null) return listCommand([input, ...options.list], raw, streams);
  // Asked beside the reading of the input, which takes longer.
  const revision = options.dryRun ? null : readRevision(input === '-' ? process.cwd() : dirname(input));
  const loaded = await loadInput(input, options.flow, {});
  const warn = createWarner(options.logLevel, streams);
  loaded.warnings.forEach(warn);
  const checked = checkJobs(loaded.source, options, warn);
  const runId = createRunId(new Date());
  const flow = loaded.flow === null ? null : toFlowRecord(loaded.flow);
  let directory: RunDirectory | null = null;
  if (options.dryRun) {
    for (const piece of formatGraph(checked.graph, 'text')) streams.stdout.write(piece);
  } else {
    const facts = describeRun(runId, input, { loaded, options, revision: await revision });
    directory = await makeRunDirectory(loaded.scratchRoot, runId, facts);
    if (flow !== null) await writeFlowRecord(directory, flow);
    if (loaded.flow !== null) await prepareScratch(loaded.flow.prepare);
  }
  const more = flow === null || options.dryRun ? [] : [createCoverageDropper(flow)];
  const composed = composeRun(checked, options, { runId, more });
  return drive(composed, async (signal) => {
    const exitCode = chooseExitCode(signal, composed.collector.counts);
    const isWritten = await writeOutputs(composed.collector, exitCode, {
      directory,
      options,
      streams,
      measure: composed.measure,
    });
    return isWritten || exitCode !== ExitCode.OK ? exitCode : ExitCode.INTERNAL;
  });
}

interface RunBasis {
  readonly loaded: LoadedInput;
  readonly options: RunOptions;
  readonly revision: Revision | null;
}

/** What run.json says; facts that hold from the start. */
function describeRun(
  runId: string,
  input: string,
  { loaded, options, revision }: RunBasis,
): Record<string, unknown> {
  return {
    schema: 'regatta.run/1',
    run_id: runId,
    regatta_version: readVersion(),
    node_version: process.version,
    host: hostname(),
    pid: process.pid,
    cwd: process.cwd(),
    command: process.argv.slice(2),
    input,
    git: revision,
    tools: listTools(loaded.source.jobs),
    flow: loaded.flow?.flow ?? null,
    scratch_root: loaded.scratchRoot,
    jobs: loaded.source.jobs.length,
    max_parallel: options.maxParallel,
    resources: options.resources,
    default_backend: options.backend,
    on_head_death: options.onHeadDeath,
    kill_grace_s: options.killGraceS,
  };
}

/** Each tool that jobs name, once. */
function listTools(jobs: readonly JobSpec[]): Tool[] {
  const tools = new Map<string, Tool>();
  for (const { tool } of jobs) if (tool !== null) tools.set(`${tool.name} ${tool.version}`, tool);
  return [...tools.values()];
}

/**
 * Runs to the end, and has what came of it written by `finish`, which is told the signal that stopped the run, if one did.
 * A signal after that changes nothing, but it must not end the process either: the results would be lost.
 */
async function drive<T>(
  { plan, judge }: ComposedRun,
  finish: (signal: StopSignal | null) => Promise<T>,
): Promise<T> {
  try {
    const run = await startRun(plan);
    const signals = watchSignals(run.control);
    try {
      await run.ended;
      return await finish(signals.first());
    } finally {
      signals.release();
    }
  } finally {
    await judge.close();
  }
}

function chooseExitCode(signal: StopSignal | null, counts: Counts): ExitCode {
  if (signal !== null) return ExitCode[signal];
  return counts.passed === counts.total ? ExitCode.OK : ExitCode.JOBS_FAILED;
}
