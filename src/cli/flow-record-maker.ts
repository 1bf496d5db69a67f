// Makes the record of a flow run out of its plan. Knows what is kept, and no files.
import type { FlowPlan, PlannedBlock } from '../flow/flow-plan.js';
import type { CoverageInfo } from '../flow/sim/coverage-jobs.js';
import type { Testplan } from '../flow/testplan/testplan.js';
import {
  FLOW_RECORD_SCHEMA,
  type BlockRecord,
  type CoverageRecord,
  type FlowRecord,
  type TestplanRecord,
} from '../results/flow-record.js';

/** The record of a plan. */
export function toFlowRecord({ name, flow, blocks, coverageOfRun }: FlowPlan): FlowRecord {
  return {
    schema: FLOW_RECORD_SCHEMA,
    name,
    flow,
    blocks: blocks.map(toBlockRecord),
    coverage_of_run: Object.fromEntries(coverageOfRun),
  };
}

function toBlockRecord(block: PlannedBlock): BlockRecord {
  const { title, flow, tool, file, firstJob, jobCount, testplan, coverage, report } = block;
  return {
    title,
    flow,
    tool,
    file,
    first_job: firstJob,
    job_count: jobCount,
    testplan: testplan === null ? null : toTestplanRecord(testplan),
    coverage: coverage === null ? null : toCoverageRecord(coverage),
    report_keys: report,
  };
}

function toTestplanRecord({ file, testpoints, covergroups }: Testplan): TestplanRecord {
  return {
    file,
    testpoints: testpoints.map(({ name, desc, stage, tests, isMapped }) => ({
      name,
      desc: desc.trim(),
      stage,
      tests: isMapped ? tests : [],
      is_mapped: isMapped,
    })),
    covergroups: covergroups.map(({ name, desc }) => ({ name, desc: desc.trim() })),
  };
}

function toCoverageRecord({ mergedDir, reportDir, reportFile, reportPage }: CoverageInfo): CoverageRecord {
  return { merged_dir: mergedDir, report_dir: reportDir, report_file: reportFile, report_page: reportPage };
}
