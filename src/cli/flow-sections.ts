// Puts what is known of a flow run together for its reports. Knows no format of a report.
import type { FlowSections } from '../reports/report-view.js';
import type { FlowRecord } from '../results/flow-record.js';
import type { FlowResults } from '../results/flow-results.js';
import type { ResultsView } from '../results/schema.js';
import { mapTestplans } from '../results/testplan/map-testplan.js';

/** The sections of a run: testplans are counted anew, what the tools left is as it was read. */
export function toSections(
  record: FlowRecord,
  { coverage, one_shot }: FlowResults,
  results: Pick<ResultsView, 'jobs'>,
): FlowSections {
  return { testplans: mapTestplans(record, results), coverage, oneShot: one_shot };
}
