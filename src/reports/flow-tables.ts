// All tables that a flow run has beside those of every run, in the order of reading. Pure; knows no format.
import { tabulateCoverage } from './coverage-tables.js';
import { tabulateOneShot } from './one-shot-tables.js';
import type { ReportTable } from './report-table.js';
import type { FlowSections } from './report-view.js';
import { tabulateCovergroups, tabulateProgress, tabulateTestplan } from './testplan-tables.js';

/** Overviews first, then the details of each block. */
export function* tabulateFlow(flow: FlowSections | undefined): Generator<ReportTable> {
  if (flow === undefined) return;
  const { testplans, coverage, oneShot } = flow;
  yield* tabulateOneShot(oneShot);
  yield* tabulateCoverage(coverage);
  yield* tabulateProgress(testplans);
  for (const testplan of testplans) {
    yield tabulateTestplan(testplan);
    const covergroups = tabulateCovergroups(testplan, coverage);
    if (covergroups !== null) yield covergroups;
  }
}
