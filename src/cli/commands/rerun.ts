// `regatta rerun`: a new run of the jobs of an earlier one that did not pass, and of what they depend on.
import { basename } from 'node:path';
import { readOptions, type RawOptions } from '../../flow/options/read-options.js';
import type { JobSource, JobSpec } from '../../model/job-spec.js';
import { UserError } from '../../model/problem.js';
import type { FlowRecord } from '../../results/flow-record.js';
import { describeBlock } from '../../results/job-result.js';
import { beginRun } from '../begin-run.js';
import { checkJobs } from '../check-jobs.js';
import { ExitCode } from '../exit-codes.js';
import { findRun } from '../find-run.js';
import { loadInput } from '../load-input.js';
import type { CliStreams } from '../main.js';
import { RERUN_COMMAND_OPTIONS } from '../option-tables.js';
import { combineOptions } from '../past-run.js';
import { readLookup } from '../read-lookup.js';
import { readRunOptions } from '../run-options.js';
import { openSite } from '../site/site.js';
import { readKeptFlow, readRunRecord, type RunRecord } from '../run-record.js';
import { createWarner } from '../show-problems.js';

/** Outputs of the earlier run, which are its own. */
const NOT_INHERITED = ['results', 'junit'];

/** Every test that is run again gets its waves, whatever the config's limit on them. */
const ALL_WAVES = '1000000000';

/**
 * Runs them as a new run, with the seeds they had.
 * @param named - A run id or directory; undefined: the run started last.
 * @throws UserError before anything has run.
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
  const record = await readRunRecord(path);
  const { origin } = record;
  const wanted = new Set(
    killed === true ? (failed === true ? ['failed', 'killed'] : ['killed']) : ['failed'],
  );
  const chosen = record.source.jobs.flatMap((spec, job) =>
    wanted.has(record.state.statusOf(job)) ? [spec.fullName] : [],
  );
  if (chosen.length === 0) {
    streams.stderr.write(
      `regatta: nothing to run again: no job of run ${origin.run_id} ${[...wanted].join(' or ')}\n`,
    );
    return ExitCode.OK;
  }
  const inherited = combineOptions(origin, {});
  const own = Object.fromEntries(
    Object.entries(inherited).filter(([field]) => !NOT_INHERITED.includes(field)),
  );
  const { site, raw: combined } = await openSite({ ...own, ...others }, process.cwd());
  const options = readRunOptions(combined, process.env, site);
  const warn = createWarner(options.logLevel, streams);
  const { jobs, raw: kept } =
    waves === undefined
      ? { jobs: record.source, raw: combined }
      : await reloadWithWaves(record, { ...combined, waves, maxWaves: ALL_WAVES });
  const source = selectJobs(jobs, chosen);
  const flow = await readKeptFlow(path);
  const run = {
    ...{ input: origin.input, source, options, raw: kept, scratchRoot: origin.scratch_root },
    checked: checkJobs(source, options, warn),
    entropy: origin.entropy,
    flow: flow === null ? null : narrowFlow(flow, source.jobs),
    facts: { git: origin.git, rerun_of: basename(path) },
    prepare: async () => undefined,
  };
  return beginRun(run, streams);
}

/** The jobs as the flow config makes them with waves; the same seeds come from the same entropy. */
async function reloadWithWaves(
  { origin }: RunRecord,
  raw: RawOptions,
): Promise<{ readonly jobs: JobSource; readonly raw: RawOptions }> {
  const { entropy, input, cwd } = origin;
  if (entropy === null) {
    throw new UserError({
      code: 'no-waves',
      message:
        '--waves needs a run of a flow config; this one ran a job list, which says itself what jobs do',
      hint: 'leave --waves out',
    });
  }
  // Relative paths of the command line mean what they meant then.
  process.chdir(cwd);
  const { flow } = readRunOptions(raw, process.env);
  const { source } = await loadInput(input, { ...flow, scratchRoot: origin.scratch_root }, { entropy });
  return { jobs: source, raw };
}

/** Jobs of these names, and all they depend on, in their order. */
function selectJobs({ jobs, locate }: JobSource, names: readonly string[]): JobSource {
  const byName = new Map(jobs.map((spec) => [spec.fullName, spec]));
  const missing = names.filter((name) => !byName.has(name));
  if (missing.length > 0) {
    throw new UserError({
      code: 'config-changed',
      message: `the config no longer makes the job ${missing[0] ?? ''}${missing.length > 1 ? ` and ${missing.length - 1} others` : ''}`,
      hint: 'it was changed since the run; start a new one',
    });
  }
  const wanted = new Set(names);
  // Grows while it is walked: a Set's iteration reaches what is added on the way.
  for (const name of wanted)
    for (const dependency of byName.get(name)?.dependencies ?? []) wanted.add(dependency);
  const kept = jobs.flatMap((spec, job) => (wanted.has(spec.fullName) ? [{ spec, job }] : []));
  return { jobs: kept.map(({ spec }) => spec), locate: (index) => locate(kept[index]?.job ?? -1) };
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
