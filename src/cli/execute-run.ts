// Runs checked jobs to their end, as a new run or as one taken up again, and writes what came of it. Reads no input.
import { dirname } from 'node:path';
import type { SpareLauncher } from '../backends/index.js';
import { startRun, type Past, type RunControl } from '../driver/run.js';
import { watchSignals, watchSuspension, type StopSignal } from '../driver/signals.js';
import type { Journal, JournalOptions } from '../journal/index.js';
import type { RunEvent } from '../model/run-event.js';
import { createCoverageDropper } from '../results/coverage/drop-coverage.js';
import type { Collector } from '../results/collector.js';
import type { FlowRecord } from '../results/flow-record.js';
import type { Triage } from '../results/history/triage.js';
import type { RunFacts } from '../results/run-facts.js';
import type { Counts } from '../results/schema.js';
import { LOCAL, type CheckedJobs } from './check-jobs.js';
import { composeRecords, composeRun, type ComposedRun, type RunRecords } from './compose.js';
import { ExitCode } from './exit-codes.js';
import { findHistory, keepHistory } from './keep-history.js';
import type { CliStreams } from './main.js';
import { addFacts, type RunDirectory } from './run-directory.js';
import type { RunOptions } from './run-options.js';
import type { RunOrigin } from './run-record.js';
import { createWarner } from './show-problems.js';
import { traceRun } from './trace-run.js';
import { writeOutputs } from './write-outputs.js';

/** What is to be run. */
export interface RunSetting {
  readonly runId: string;
  readonly checked: CheckedJobs;
  readonly options: RunOptions;
  /** What the flow of the jobs needs kept; null for a job list. */
  readonly flow: FlowRecord | null;
  /** What run.json says of how the run was started. */
  readonly facts: Pick<RunFacts, 'git' | 'input'> & Pick<RunOrigin, 'backends'>;
  /** Where the run keeps its files; null for a dry run, which keeps none. */
  readonly kept: {
    readonly directory: RunDirectory;
    /** Number of this process among those that have driven the run, from 1. */
    readonly session: number;
    readonly openJournal: (options: JournalOptions) => Journal;
  } | null;
  /** What came before; undefined for a new run. */
  readonly past?: Past;
  /** A launcher process for local jobs that is coming up already; default: none is. */
  readonly spare?: SpareLauncher | null;
}

/**
 * Runs to the end, whatever it is.
 * @returns The exit code of the command.
 */
export async function executeRun(setting: RunSetting, streams: CliStreams): Promise<ExitCode> {
  const { flow, kept } = setting;
  const journalTrouble = new JournalTrouble();
  const more = flow === null || kept === null ? [] : [createCoverageDropper(flow)];
  const composed = composeRun(setting, { more, onJournalFailure: journalTrouble.note });
  const onStart = async (): Promise<void> => {
    if (kept === null) return;
    const trouble = await addFacts(kept.directory, { backends: composed.describeBackends() });
    if (trouble !== undefined) composed.plan.report(trouble);
  };
  return drive(composed, { journalTrouble, onStart }, async (signal) =>
    finish(composed.records, setting, { signal, streams }),
  );
}

/**
 * Writes what came of a run that is over, from its record: the process that brought it to its end may not have come so far.
 * @param events - All that is on record of it.
 * @returns The exit code that run had, or would have had.
 */
export async function concludeRun(
  setting: RunSetting,
  events: Iterable<RunEvent>,
  streams: CliStreams,
): Promise<ExitCode> {
  const records = composeRecords(() => setting.facts.backends?.[LOCAL]?.spawn);
  for (const event of events) for (const observer of records.observers) void observer.notify(event);
  return finish(records, setting, { signal: null, streams });
}

async function finish(
  { collector, measure }: RunRecords,
  { flow, facts, options, kept }: RunSetting,
  { signal, streams }: { readonly signal: StopSignal | null; readonly streams: CliStreams },
): Promise<ExitCode> {
  const exitCode = chooseExitCode(signal, collector.counts);
  const results = collector.build(exitCode);
  const isWritten = await writeOutputs(collector, results, {
    ...{ directory: kept?.directory ?? null, flow, options, streams, measure },
    keepHistory: async () =>
      kept === null ? null : recordInHistory(collector, exitCode, { ...kept, facts, options, streams }),
  });
  if (kept !== null) {
    const warn = createWarner(options.logLevel, streams);
    await traceRun(results, options.otlpEndpoint, warn);
  }
  return isWritten || exitCode !== ExitCode.OK ? exitCode : ExitCode.INTERNAL;
}

/** History knows a run by how it was started, whoever has driven it to its end. */
async function recordInHistory(
  collector: Collector,
  exitCode: ExitCode,
  place: Pick<RunSetting, 'options' | 'facts'> & {
    readonly directory: RunDirectory;
    readonly streams: CliStreams;
  },
): Promise<Triage | null> {
  const { directory, facts, options, streams } = place;
  const path = findHistory(options, dirname(directory.path));
  const run = { record: collector.record, counts: collector.counts, exitCode, facts };
  return keepHistory(path, run, createWarner(options.logLevel, streams));
}

/** Stops the run when its journal fails, which may be before there is anything to stop it by. */
class JournalTrouble {
  #control: RunControl | null = null;
  #message: string | null = null;

  readonly note = (message: string): void => {
    this.#message = message;
    this.#act();
  };

  attach(control: RunControl): void {
    this.#control = control;
    this.#act();
  }

  #act(): void {
    if (this.#message !== null) this.#control?.stop('stop', { kind: 'error', message: this.#message });
  }
}

/**
 * Runs to the end, and has what came of it written by `finish`, which is told the signal that stopped the run, if one did.
 * A signal after that changes nothing, but it must not end the process either: the results would be lost.
 */
async function drive<T>(
  { plan, judge }: ComposedRun,
  {
    journalTrouble,
    onStart,
  }: { readonly journalTrouble: JournalTrouble; readonly onStart: () => Promise<void> },
  finish: (signal: StopSignal | null) => Promise<T>,
): Promise<T> {
  try {
    const run = await startRun(plan);
    const signals = watchSignals(run.control);
    const endSuspension = watchSuspension(run.control);
    journalTrouble.attach(run.control);
    const noted = onStart();
    try {
      await run.ended;
      await noted;
      return await finish(signals.first());
    } finally {
      endSuspension();
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
