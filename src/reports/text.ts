// A run as plain text for a terminal: the summary, and every table of its flow in full. Knows no stream.
import type { Colors } from 'picocolors/types.js';
import { escapeControls } from '../model/problem.js';
import { wordFlow } from './flow-lines.js';
import { tabulateFlow } from './flow-tables.js';
import type { ReportView } from './report-view.js';
import { formatSummary } from './summary.js';
import { formatTerminalTable } from './terminal-table.js';

/** The text in pieces, one a table. */
export function* formatText(view: ReportView, colors: Colors): Generator<string> {
  const { results, notices, reproduce, hasLog, flow, triage } = view;
  for (const notice of notices) yield `note: ${escapeControls(notice)}\n`;
  const flowLines = flow === undefined ? [] : wordFlow(flow);
  yield formatSummary(results, {
    ...{ colors, width: WIDTH, rows: Infinity, reproduce, hasLog, flowLines },
    triage: triage?.buckets ?? [],
  });
  for (const table of tabulateFlow(flow)) yield `\n${formatTerminalTable(table, colors)}`;
}

/** Texts of failures are cut at this many cells; tables are as wide as they need to be. */
const WIDTH = 160;
