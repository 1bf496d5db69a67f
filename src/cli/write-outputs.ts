// Writes what a run leaves: results.json, junit.xml, the trace, and the summary. Knows nothing of how results come about.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import pc from 'picocolors';
import { SCRIPT_FILE } from '../backends/index.js';
import { wantsColor } from '../observers/status/status-stream.js';
import { formatHtml } from '../reports/html.js';
import { formatJunit } from '../reports/junit.js';
import { formatReproduceCommand } from '../reports/reproduce.js';
import { formatSummary } from '../reports/summary.js';
import { formatTrace } from '../reports/trace.js';
import type { Collector } from '../results/collector.js';
import type { FlowRecord } from '../results/flow-record.js';
import type { Triage } from '../results/history/triage.js';
import { formatMetricsJson } from '../results/instrumentation/metrics-json.js';
import type { MetricsView, RunMetrics } from '../results/instrumentation/schema.js';
import { formatResultsJson } from '../results/results-json.js';
import { readRunFacts } from '../results/run-facts.js';
import type { JobResult, ResultsView } from '../results/schema.js';
import { writeFileWhole } from '../results/write-file.js';
import type { FlowOutputs } from './flow-outputs.js';
import type { CliStreams } from './main.js';
import { readPageTemplate } from './page-template.js';
import { findReproduceCommand, hasLog } from './left-files.js';
import type { RunDirectory } from './run-directory.js';
import type { RunOptions } from './run-options.js';

/** Name that stands for standard output. */
const STDOUT = '-';

/** Where results go. */
export interface Outputs {
  /** Null for a dry run, which leaves no files of its own. */
  readonly directory: RunDirectory | null;
  /** Null for a job list. */
  readonly flow: FlowRecord | null;
  readonly options: RunOptions;
  readonly streams: CliStreams;
  /** What was measured; asked at most once. */
  readonly measure: () => MetricsView;
  /** Records the run, and tells what history makes of its failures; null when there is none. */
  readonly keepHistory: () => Promise<Triage | null>;
}

/**
 * Writes every output, one that fails no hindrance to the others.
 * @returns Whether all could be written; what could not is said on stderr.
 */
export async function writeOutputs(
  collector: Collector,
  results: ResultsView,
  outputs: Outputs,
): Promise<boolean> {
  const { directory, flow, options } = outputs;
  let measured: MetricsView | undefined;
  // A pass over all jobs, which several outputs share, and none that comes before them waits for.
  const measure = (): MetricsView => (measured ??= outputs.measure());
  // What others go by comes first: nothing that is made for people may keep it from being written.
  const isFirstWritten = await writeAll(
    [
      [directory?.results ?? null, () => formatResultsJson(results)],
      [directory?.junit ?? null, () => formatJunit(results)],
      [directory?.trace ?? null, () => formatTrace(results)],
      [directory?.metrics ?? null, () => formatMetricsJson(measure())],
      [options.resultsFile, () => formatResultsJson(results)],
      [options.junitFile, () => formatJunit(results)],
      [options.prometheusFile, () => describeForPrometheus(results, measure())],
    ],
    outputs.streams,
  );
  const ofFlow = directory === null || flow === null ? null : await describeFlow(flow, results);
  const triage = await outputs.keepHistory();
  const outcome = { results, collector, triage, ofFlow };
  const isRestWritten = await writeAll(
    [
      [ofFlow === null ? null : (directory?.flowResults ?? null), () => ofFlow?.text ?? []],
      [triage === null ? null : (directory?.triage ?? null), () => [`${JSON.stringify(triage)}\n`]],
      [
        directory?.report ?? null,
        () => (directory === null ? [] : describeAsPage(directory, outcome, measure())),
      ],
    ],
    outputs.streams,
  );
  summarise(outcome, outputs, isRestWritten ? (directory?.report ?? null) : null);
  return isFirstWritten && isRestWritten;
}

/**
 * Writes the results of a run that is over into its directory, before something is added to them: `writeOutputs` will write them
 * once more, everywhere, and say what cannot be written.
 */
export async function writeEarly(
  results: ResultsView,
  { results: path, junit }: RunDirectory,
): Promise<void> {
  await writeFileWhole(path, formatResultsJson(results));
  await writeFileWhole(junit, formatJunit(results));
}

function isStdout(path: string | null): boolean {
  return path === STDOUT || path === '/dev/stdout';
}

/** A file, null for none, and what makes its text. */
type Output = readonly [string | null, () => Iterable<string> | Promise<Iterable<string>>];

/** @returns Whether all could be written; what could not is said on stderr. */
async function writeAll(outputs: readonly Output[], streams: CliStreams): Promise<boolean> {
  let isWritten = true;
  for (const [path, format] of outputs) {
    if (path === null) continue;
    if (path === STDOUT) {
      for (const piece of await format()) streams.stdout.write(piece);
      continue;
    }
    const failure = await writeFileWhole(path, await format());
    if (failure === undefined) continue;
    isWritten = false;
    streams.stderr.write(`regatta: error: ${failure.message}\n`);
  }
  return isWritten;
}

async function describeAsPage(
  { facts, path }: RunDirectory,
  { results, triage, ofFlow }: Pick<Summarised, 'results' | 'triage' | 'ofFlow'>,
  metrics: RunMetrics,
): Promise<Iterable<string>> {
  const view = {
    results,
    facts: (await readRunFacts(facts)) ?? null,
    triage,
    metrics,
    notices: [],
    reproduce: findReproduceCommand,
    hasLog,
    ...(ofFlow === null ? {} : { flow: ofFlow.sections }),
  };
  return formatHtml(view, { template: readPageTemplate(), folder: path });
}

/** Few ask for it, so its library is loaded only then. */
async function describeForPrometheus(results: ResultsView, metrics: RunMetrics): Promise<Iterable<string>> {
  const { formatPrometheus } = await import('../reports/prometheus.js');
  return [await formatPrometheus(results, metrics)];
}

/** Job lists have no flow: what reads the files of tools is loaded only for one. */
async function describeFlow(record: FlowRecord, results: ResultsView): Promise<FlowOutputs> {
  const { gatherFlowOutputs } = await import('./flow-outputs.js');
  return gatherFlowOutputs(record, results);
}

interface Summarised {
  readonly results: ResultsView;
  readonly collector: Collector;
  readonly ofFlow: FlowOutputs | null;
  readonly triage: Triage | null;
}

/**
 * The summary is a result, so it goes to stdout, unless stdout is taken by a file that a program will read.
 * @param reportPath - Of the page, to be pointed at; null when there is none.
 */
function summarise(
  { results, collector, ofFlow, triage }: Summarised,
  { options, streams }: Outputs,
  reportPath: string | null,
): void {
  const isTaken = [options.resultsFile, options.junitFile, options.prometheusFile].some(isStdout);
  const stream = isTaken ? process.stderr : process.stdout;
  const reproduce = (job: JobResult): string | null => {
    const spec = collector.specs.find(({ fullName }) => fullName === job.full_name);
    if (spec === undefined) return null;
    // The script lies where the job ran, unless it only pretended to run.
    const script = join(spec.odir, SCRIPT_FILE);
    return existsSync(script) ? formatReproduceCommand(spec, script) : formatReproduceCommand(spec);
  };
  const text = formatSummary(results, {
    colors: pc.createColors(wantsColor(stream, process.env)),
    width: stream.columns ?? 100,
    rows: stream.rows ?? 40,
    reproduce,
    hasLog,
    bound: collector.findLowerBound(),
    flowLines: ofFlow?.lines ?? [],
    triage: triage?.buckets ?? [],
    ...(reportPath === null ? {} : { reportPath }),
  });
  (isTaken ? streams.stderr : streams.stdout).write(text);
}
