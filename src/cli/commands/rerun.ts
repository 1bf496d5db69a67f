// `regatta rerun`: a new run of the jobs of an earlier one that did not pass, and of what they depend on.
import { basename } from 'node:path';
import { readOptions, type RawOptions } from '../../flow/options/read-options.js';
import { refuseDriven } from '../../journal/run-lock.js';
import type { JobSpec } from '../../model/job-spec.js';
import type { FlowRecord } from '../../results/flow-record.js';
import { describeBlock } from '../../results/job-result.js';
import { beginRun } from '../begin-run.js';
import { checkJobs } from '../check-jobs.js';
import { reloadJobs, selectJobs, withWaves } from '../choose-jobs.js';
import { ExitCode } from '../exit-codes.js';
import { findRun } from '../find-run.js';
import type { CliStreams } from '../main.js';
import { RERUN_COMMAND_OPTIONS } from '../option-tables.js';
import { combineOptions } from '../past-run.js';
import { readLookup } from '../read-lookup.js';
import { readRunOptions } from '../run-options.js';
import { openSite } from '../site/site.js';
import { readKeptFlow, readRunRecord } from '../run-record.js';
import { createWarner } from '../show-problems.js';

/**
 * Runs them as a new run, with the seeds they had.
 * @param named - A run id or directory; undefined: the run started last.
 * @throws UserError before anything has run; also when a process drives that run.
 */
export async function rerunCommand(
  named: string | undefined,
  raw: RawOptions,
  streams: CliStreams,
): Promise<ExitCode> {
  readOptions(RERUN_COMMAND_OPTIONS, raw);
  const { scratchRoot, given } = readLookup(raw);
  const { failed, killed, waves, ...others } = given;
  const path = findRun(named, scratchRoot);
  // Its jobs are in the directories that the new run would use, and what fails is not settled.
  refuseDriven(path);
  const record = await readRunRecord(path);
  const { origin } = record;
  const wanted = new Set(
    killed === true ? (failed === true ? ['failed', 'killed'] : ['killed']) : ['failed'],
  );
  const chosen = record.source.jobs.flatMap((spec, job) =>
    wanted.has(record.state.statusOf(job)) ? [spec.fullName] : [],
  );
  if (chosen.length === 0) {
    const how = [...wanted].map((status) => (status === 'killed' ? 'was killed' : status)).join(' or ');
    streams.stderr.write(`regatta: nothing to run again: no job of run ${origin.run_id} ${how}\n`);
    return ExitCode.OK;
  }
  const { site, raw: combined } = await openSite(combineOptions(origin, others), process.cwd());
  const options = readRunOptions(combined, process.env, site);
  const warn = createWarner(options.logLevel, streams);
  const kept = typeof waves === 'string' ? withWaves(combined, waves) : combined;
  const jobs = kept === combined ? record.source : await reloadJobs(origin, kept, origin.scratch_root);
  const source = selectJobs(jobs, chosen);
  const flow = await readKeptFlow(path);
  const run = {
    ...{ input: origin.input, source, options, raw: kept, scratchRoot: origin.scratch_root },
    checked: checkJobs(source, options, { scratchRoot: origin.scratch_root, warn }),
    entropy: origin.entropy,
    flow: flow === null ? null : narrowFlow(flow, source.jobs),
    // Of the first run: its input and the flow's options lead from there, should the jobs be made anew once more.
    facts: { git: origin.git, rerun_of: basename(path), cwd: origin.cwd },
    prepare: async () => undefined,
  };
  return beginRun(run, streams);
}

/** The record of a flow with only the blocks that have jobs among these. */
function narrowFlow(flow: FlowRecord, jobs: readonly JobSpec[]): FlowRecord {
  const names = new Set(jobs.map(({ fullName }) => fullName));
  const blocks = flow.blocks.flatMap((block) => {
    const isOfBlock = (spec: JobSpec): boolean =>
      spec.block !== null && describeBlock(spec.block) === block.title;
    const first = jobs.findIndex(isOfBlock);
    const count = jobs.filter(isOfBlock).length;
    return count === 0 ? [] : [{ ...block, first_job: first, job_count: count }];
  });
  const coverage = Object.entries(flow.coverage_of_run).filter(([name]) => names.has(name));
  return { ...flow, blocks, coverage_of_run: Object.fromEntries(coverage) };
}
