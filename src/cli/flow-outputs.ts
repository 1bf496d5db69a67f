// What the end of a flow run adds to its outputs. Loaded only for flows.
import { wordFlow } from '../reports/flow-lines.js';
import type { FlowSections } from '../reports/report-view.js';
import type { FlowRecord } from '../results/flow-record.js';
import { gatherFlowResults } from '../results/flow-results.js';
import type { ResultsView } from '../results/schema.js';
import { toSections } from './flow-sections.js';

/** Outputs of a flow run beside those of every run. */
export interface FlowOutputs {
  /** Of flow-results.json. */
  readonly text: readonly string[];
  /** For the summary. */
  readonly lines: readonly string[];
  /** For the page. */
  readonly sections: FlowSections;
}

/** Reads what the tools left. Never rejects for what is in their files. */
export async function gatherFlowOutputs(record: FlowRecord, results: ResultsView): Promise<FlowOutputs> {
  const flowResults = await gatherFlowResults(record, results);
  const sections = toSections(record, flowResults, results);
  return { text: [JSON.stringify(flowResults), '\n'], lines: wordFlow(sections), sections };
}
