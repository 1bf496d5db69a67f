// All tables that a flow run has beside those of every run, in the order of reading. Pure; knows no format.
import { tabulateCoverage } from './coverage-tables.js';
import { tabulateOneShot } from './one-shot-tables.js';
import type { FlowTables, ReportTable } from './report-table.js';
import type { FlowSections } from './report-view.js';
import { tabulateCovergroups, tabulateProgress, tabulateTestplan } from './testplan-tables.js';

/** All empty for a job list. */
export function groupFlowTables(flow: FlowSections | undefined): FlowTables {
  if (flow === undefined) return { messages: [], coverage: [], testplan: [] };
  const { testplans, coverage, oneShot } = flow;
  return {
    messages: tabulateOneShot(oneShot),
    coverage: tabulateCoverage(coverage),
    testplan: [
      ...tabulateProgress(testplans),
      ...testplans.flatMap((testplan) => {
        const covergroups = tabulateCovergroups(testplan, coverage);
        return [tabulateTestplan(testplan), ...(covergroups === null ? [] : [covergroups])];
      }),
    ],
  };
}

/** All of them, one after the other. */
export function tabulateFlow(flow: FlowSections | undefined): ReportTable[] {
  const { messages, coverage, testplan } = groupFlowTables(flow);
  return [...messages, ...coverage, ...testplan];
}
