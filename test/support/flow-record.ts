// Makes records of flows for tests: blocks with nothing special, and what the test says of them.
import { FLOW_RECORD_SCHEMA, type BlockRecord, type FlowRecord } from '../../src/results/flow-record.js';

/** A sim block without testplan and coverage, unless the fields say otherwise. */
export function makeBlockRecord(title: string, fields: Partial<BlockRecord> = {}): BlockRecord {
  return {
    title,
    flow: 'sim',
    tool: 'icarus',
    file: `/project/${title}.hjson`,
    first_job: 0,
    job_count: 1,
    testplan: null,
    coverage: null,
    report_keys: {},
    ...fields,
  };
}

/** The record of a run of these blocks. */
export function makeFlowRecord(blocks: readonly BlockRecord[], fields: Partial<FlowRecord> = {}): FlowRecord {
  return { schema: FLOW_RECORD_SCHEMA, name: 'all', flow: 'sim', blocks, coverage_of_run: {}, ...fields };
}
