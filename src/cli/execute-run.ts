// Runs checked jobs to their end, as a new run or as one taken up again, and writes what came of it. Reads no input.
import { dirname } from 'node:path';
import type { SpareLauncher } from '../backends/index.js';
import type { Past } from '../driver/run.js';
import type { StopSignal } from '../driver/signals.js';
import type { Journal, JournalOptions } from '../journal/index.js';
import type { RunEvent } from '../model/run-event.js';
import { labelBuckets, type BucketRepro } from '../results/buckets/repro.js';
import { createCoverageDropper } from '../results/coverage/drop-coverage.js';
import type { Collector } from '../results/collector.js';
import type { FlowRecord } from '../results/flow-record.js';
import type { Triage } from '../results/history/triage.js';
import type { Counts, ResultsView } from '../results/schema.js';
import { LOCAL } from './backend-names.js';
import type { CheckedJobs } from './check-jobs.js';
import { composeRecords, composeRun, type RunRecords } from './compose.js';
import { driveRun, Trouble } from './drive-run.js';
import { ExitCode } from './exit-codes.js';
import { findHistory, keepHistory, type EndedRun } from './keep-history.js';
import type { CliStreams } from './main.js';
import { addFacts, type RunDirectory } from './run-directory.js';
import type { RunOptions } from './run-options.js';
import type { RunOrigin } from './run-record.js';
import { createWarner } from './show-problems.js';
import { traceRun } from './trace-run.js';
import { writeEarly, writeOutputs } from './write-outputs.js';

/** Where a run keeps its files. */
interface KeptRun {
  readonly directory: RunDirectory;
  /** Number of this process among those that have driven the run, from 1. */
  readonly session: number;
  readonly openJournal: (options: JournalOptions) => Journal;
}

/** What is to be run. */
export interface RunSetting {
  readonly runId: string;
  readonly checked: CheckedJobs;
  readonly options: RunOptions;
  /** What the flow of the jobs needs kept; null for a job list. */
  readonly flow: FlowRecord | null;
  /** What run.json says of how the run was started. */
  readonly facts: RunOrigin;
  /** Where the run keeps its files; null for a dry run, which keeps none. */
  readonly kept: KeptRun | null;
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
  const trouble = new Trouble();
  const more = flow === null || kept === null ? [] : [createCoverageDropper(flow)];
  const composed = composeRun(setting, { more, onTrouble: trouble.note });
  const onStart = async (): Promise<void> => {
    if (kept === null) return;
    const complaint = await addFacts(kept.directory, { backends: composed.describeBackends() });
    if (complaint !== undefined) composed.plan.report(complaint);
  };
  return driveRun(composed, { trouble, onStart }, async (signal) =>
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
  const records = composeRecords(setting.options.site, () => setting.facts.backends?.[LOCAL]?.spawn);
  for (const event of events) for (const observer of records.observers) void observer.notify(event);
  return finish(records, setting, { signal: null, streams });
}

async function finish(
  { collector, measure }: RunRecords,
  setting: RunSetting,
  { signal, streams }: { readonly signal: StopSignal | null; readonly streams: CliStreams },
): Promise<ExitCode> {
  const { flow, options, kept } = setting;
  const exitCode = chooseExitCode(signal, collector.counts);
  const plain = collector.build(exitCode);
  const askHistory = async (repros: Iterable<BucketRepro> = []): Promise<Triage | null> =>
    recordInHistory({ collector, exitCode, repros }, setting, streams);
  const most = options.rerunNewBuckets;
  // Who has stopped the run does not want more of it.
  const { results, keepHistory } =
    most === null || kept === null || signal !== null || exitCode === ExitCode.OK
      ? { results: plain, keepHistory: askHistory }
      : await tryFailuresAgain({ collector, plain, most, askHistory }, { ...setting, kept }, streams);
  const isWritten = await writeOutputs(collector, results, {
    ...{ directory: kept?.directory ?? null, flow, options, streams, measure, keepHistory },
  });
  if (kept !== null) {
    const warn = createWarner(options.logLevel, streams);
    await traceRun(results, options.otlpEndpoint, warn);
  }
  return isWritten || exitCode !== ExitCode.OK ? exitCode : ExitCode.INTERNAL;
}

/** Failures of a run that is over, and how many buckets of them to look into. */
interface Failures {
  readonly collector: Collector;
  readonly plain: ResultsView;
  readonly most: number;
  /** Records the run, with what came of second tries. */
  readonly askHistory: (repros?: Iterable<BucketRepro>) => Promise<Triage | null>;
}

/**
 * Runs first failures of new buckets again, and puts what came of it into results and triage. What the run has come to is
 * written before: nobody may have to wait for it, and nothing of it be lost, because of a second try.
 */
async function tryFailuresAgain(
  { collector, plain, most, askHistory }: Failures,
  { kept, facts: origin, flow, options }: RunSetting & { readonly kept: KeptRun },
  streams: CliStreams,
): Promise<{ readonly results: ResultsView; readonly keepHistory: () => Promise<Triage | null> }> {
  await writeEarly(plain, kept.directory);
  const triage = await askHistory();
  const keepHistory = async (): Promise<Triage | null> => triage;
  if (triage === null) {
    const warn = createWarner(options.logLevel, streams);
    warn({
      code: 'no-repro',
      message: 'no failure is run again: without a history, none is known to be new',
    });
    return { results: plain, keepHistory };
  }
  // What reads jobs and records back is slow to load, and most runs need none of it.
  const { tryAgain } = await import('./repro/try-again.js');
  const run = { directory: kept.directory.path, origin, flow, options, record: collector.record, triage };
  const repros = await tryAgain(run, most, streams);
  return {
    results: { ...plain, buckets: labelBuckets(plain.buckets, repros) },
    keepHistory: async () => {
      // Anew, for how flaky its tests are; what is new was settled before.
      const { tests } = (repros.size === 0 ? null : await askHistory(repros.values())) ?? triage;
      return { ...triage, tests, buckets: labelBuckets(triage.buckets, repros) };
    },
  };
}

/** History knows a run by how it was started, whoever has driven it to its end. */
async function recordInHistory(
  run: Pick<EndedRun, 'exitCode' | 'repros'> & { readonly collector: Collector },
  { kept, facts, options }: RunSetting,
  streams: CliStreams,
): Promise<Triage | null> {
  if (kept === null) return null;
  const path = findHistory(options, dirname(kept.directory.path));
  const { record, counts } = run.collector;
  return keepHistory(path, { ...run, record, counts, facts }, createWarner(options.logLevel, streams));
}

function chooseExitCode(signal: StopSignal | null, counts: Counts): ExitCode {
  if (signal !== null) return ExitCode[signal];
  return counts.passed === counts.total ? ExitCode.OK : ExitCode.JOBS_FAILED;
}
