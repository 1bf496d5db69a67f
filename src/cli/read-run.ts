// Reads the record of a run back for a report: how it was started, what came of it, and what is wrong with the record.
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { UserError } from '../model/problem.js';
import type { FlowSections, ReportView } from '../reports/report-view.js';
import { loadFlowResults } from '../results/flow-results.js';
import { readFlowRecord } from '../results/read-flow-record.js';
import { readResults } from '../results/read-results.js';
import { parseTriage } from '../results/history/triage-file.js';
import type { Triage } from '../results/history/triage.js';
import { parseRunFacts, type RunFacts } from '../results/run-facts.js';
import type { ResultsView } from '../results/schema.js';
import { unreachable } from '../util/unreachable.js';
import { toSections } from './flow-sections.js';
import { findReproduceCommand } from './reproduce-job.js';
import { nameFiles } from './run-directory.js';

/**
 * Reads a run directory. What is damaged is left out, with a notice.
 * @throws UserError when the run has left no results that can be read.
 */
export async function readRun(directory: string): Promise<ReportView> {
  const files = nameFiles(directory);
  if (!existsSync(files.results)) {
    throw new UserError({
      code: 'no-results',
      message: `run ${basename(directory)} has no results.json yet`,
      hint: 'it is written when the run ends',
    });
  }
  const [{ results, notices }, facts, triage] = await Promise.all([
    readResults(files.results),
    readFacts(files.facts),
    readTriageFile(files.triage),
  ]);
  const flow = await readFlow(directory, results);
  return {
    results,
    facts: facts ?? null,
    triage: triage ?? null,
    notices: [
      ...notices,
      ...(facts === undefined ? ['run.json is missing or torn: how the run was started is not known'] : []),
      ...flow.notices,
    ],
    reproduce: findReproduceCommand,
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

async function readFacts(path: string): Promise<RunFacts | undefined> {
  try {
    return parseRunFacts(await readFile(path, 'utf8'));
  } catch {
    // The report says that it has no facts; it is worth having without.
    return undefined;
  }
}

async function readTriageFile(path: string): Promise<Triage | undefined> {
  try {
    return parseTriage(await readFile(path, 'utf8'));
  } catch {
    // Most runs without a history have none; nothing in the report depends on it.
    return undefined;
  }
}
