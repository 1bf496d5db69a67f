// Reads the record of a run back for a report: how it was started, what came of it, and what is wrong with the record.
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { UserError } from '../model/problem.js';
import type { FlowSections, ReportView } from '../reports/report-view.js';
import { Collector } from '../results/collector.js';
import { loadFlowResults } from '../results/flow-results.js';
import { readFlowRecord } from '../results/read-flow-record.js';
import { readMetrics } from '../results/instrumentation/read-metrics.js';
import { readResults } from '../results/read-results.js';
import { parseTriage } from '../results/history/triage-file.js';
import type { Triage } from '../results/history/triage.js';
import { readRunFacts } from '../results/run-facts.js';
import type { ResultsView } from '../results/schema.js';
import { TEXT_AT_ONCE } from '../util/read-at-once.js';
import { unreachable } from '../util/unreachable.js';
import { toSections } from './flow-sections.js';
import { replayPastRun } from './past-run.js';
import { findReproduceCommand, hasLog } from './left-files.js';
import { findActivity, isDriven } from './run-activity.js';
import { nameFiles, type RunDirectory } from './run-directory.js';
import { readRunRecord } from './run-record.js';

/**
 * Reads a run directory: results.json, or while the run goes on, or has left none that can be read, its journal. What is
 * damaged is left out, with a notice.
 * @throws UserError when the run has left nothing that can be read.
 */
export async function readRun(directory: string): Promise<ReportView> {
  const files = nameFiles(directory);
  const hasResults = existsSync(files.results) && !isDriven(directory);
  const { results, notices } = await (hasResults ? readOrReplay(files) : replayResults(files));
  const [facts, news, { metrics, notice }] = await Promise.all([
    readRunFacts(files.facts),
    readTriageFile(files.triage),
    // While the run goes on, what lies there is of an earlier try.
    hasResults ? readMetrics(files.metrics) : { metrics: null, notice: null },
  ]);
  const flow = await readFlow(directory, results);
  return {
    results,
    facts: facts ?? null,
    triage: news.triage,
    metrics,
    notices: [
      ...notices,
      ...(facts === undefined ? ['run.json is missing or torn: how the run was started is not known'] : []),
      ...flow.notices,
      ...(news.notice === null ? [] : [news.notice]),
      ...(notice === null ? [] : [notice]),
    ],
    reproduce: findReproduceCommand,
    hasLog,
    ...(flow.sections === null ? {} : { flow: flow.sections }),
  };
}

interface FlowReading {
  readonly sections: FlowSections | null;
  readonly notices: readonly string[];
}

async function readFlow(directory: string, results: ResultsView): Promise<FlowReading> {
  const reading = await readFlowRecord(directory);
  switch (reading.kind) {
    case 'absent':
      return { sections: null, notices: [] };
    case 'unusable':
      return { sections: null, notices: [`${reading.notice}: no testplans, coverage and messages`] };
    case 'read': {
      const { record } = reading;
      const { results: kept, notice } = await loadFlowResults(directory, record, results);
      return { sections: toSections(record, kept, results), notices: notice === null ? [] : [notice] };
    }
    default:
      return unreachable(reading);
  }
}

interface Replayed {
  readonly results: ResultsView;
  readonly notices: readonly string[];
}

/** The journal has all that results.json is made from, so a file of which nothing can be read costs nothing. */
async function readOrReplay(files: RunDirectory): Promise<Replayed> {
  try {
    return await readResults(files.results);
  } catch (unreadable) {
    if (!(unreadable instanceof UserError) || !existsSync(files.journal)) throw unreadable;
    const { results, notices } = await replayResults(files);
    return { results, notices: [unreadable.message, ...notices] };
  }
}

async function replayResults({ path }: RunDirectory): Promise<Replayed> {
  const record = await readRunRecord(path);
  const { words } = findActivity(record);
  if (record.state.begin === null) {
    throw new UserError({
      code: 'nothing-recorded',
      message: `nothing has happened yet in the run ${record.origin.run_id}, which is ${words}`,
    });
  }
  const collector = new Collector();
  for (const event of replayPastRun(record)) collector.notify(event);
  return { results: collector.build(null), notices: [`made from the journal of the run, which is ${words}`] };
}

interface TriageReading {
  readonly triage: Triage | null;
  readonly notice: string | null;
}

async function readTriageFile(path: string): Promise<TriageReading> {
  try {
    const triage = parseTriage(await readFile(path, TEXT_AT_ONCE));
    if (triage !== undefined) return { triage, notice: null };
  } catch (error) {
    // A run without a history has none.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { triage: null, notice: null };
  }
  return { triage: null, notice: 'triage.json is damaged: what is new, known and gone is not shown' };
}
