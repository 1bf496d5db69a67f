// What the tools of a flow run left: gathered when the run ends and kept in its directory, because the next run overwrites
// the tools' own files. Knows no file format of a tool.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf } from '../util/message-of.js';
import { TEXT_AT_ONCE } from '../util/read-at-once.js';
import type { BlockCoverage } from './coverage/coverage.js';
import { readCoverage } from './coverage/read-coverage.js';
import { FLOW_RESULTS_FILE, type FlowRecord } from './flow-record.js';
import type { OneShotResult } from './one-shot/one-shot.js';
import { readOneShot } from './one-shot/read-one-shot.js';
import type { ResultsView } from './schema.js';

/** Name and version of the format. */
export const FLOW_RESULTS_SCHEMA = 'regatta.flow-results/1';

/** flow-results.json. */
export interface FlowResults {
  readonly schema: typeof FLOW_RESULTS_SCHEMA;
  readonly coverage: readonly BlockCoverage[];
  readonly one_shot: readonly OneShotResult[];
}

/** Reads what the tools left so far. Never rejects for what is in their files: that becomes notices. */
export async function gatherFlowResults(
  record: FlowRecord,
  results: Pick<ResultsView, 'jobs'>,
): Promise<FlowResults> {
  const [coverage, one_shot] = await Promise.all([
    readCoverage(record, results),
    readOneShot(record, results),
  ]);
  return { schema: FLOW_RESULTS_SCHEMA, coverage, one_shot };
}

/** What was kept, or gathered anew where nothing was; `notice` says what is wrong with what was kept. */
export interface FlowResultsReading {
  readonly results: FlowResults;
  readonly notice: string | null;
}

/** The results that the run in `runDirectory` kept; of a run that goes on, or died, what there is now. */
export async function loadFlowResults(
  runDirectory: string,
  record: FlowRecord,
  results: Pick<ResultsView, 'jobs'>,
): Promise<FlowResultsReading> {
  const kept = await readKept(join(runDirectory, FLOW_RESULTS_FILE));
  if (typeof kept === 'object' && kept !== null) return { results: kept, notice: null };
  return { results: await gatherFlowResults(record, results), notice: kept };
}

/** Null when nothing was kept; a text says why it cannot be used. */
async function readKept(path: string): Promise<FlowResults | string | null> {
  let text: string;
  try {
    text = await readFile(path, TEXT_AT_ONCE);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    return `cannot read ${path}: ${messageOf(error)}`;
  }
  try {
    const value = JSON.parse(text) as Partial<FlowResults> | null;
    if (
      value?.schema === FLOW_RESULTS_SCHEMA &&
      Array.isArray(value.coverage) &&
      Array.isArray(value.one_shot)
    ) {
      return value as FlowResults;
    }
    return `${path} is of another version than ${FLOW_RESULTS_SCHEMA}; the tools' files were read instead`;
  } catch {
    return `${path} is half-written or damaged; the tools' files were read instead`;
  }
}
