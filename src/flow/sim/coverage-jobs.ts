// The coverage jobs of a sim block: merge, report, plan; and the two that look at an earlier run. Knows no builds.
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { UserError, type JobSpec } from '../../model/index.js';
import type { FlowContext } from '../config/flow-config.js';
import { shellQuote } from '../jobs/command-line.js';
import { mergeHistory } from './coverage-history.js';
import { directoryAttribute, textAttribute, type JobAttributes } from '../jobs/job-attributes.js';
import { finishJob, type BlockFacts } from '../jobs/job-draft.js';
import { COV_ANALYZE, COV_MERGE, COV_REPORT, COV_UNR, COV_VPLAN, type JobKind } from '../jobs/job-kinds.js';
import { parentOf } from '../config/paths.js';
import { expandJob } from '../jobs/expand-job.js';
import type { Run } from './sim-runs.js';
import { isList, wordOf, type ConfigValue } from '../config/value.js';

/** Where the coverage of a block is found, for whoever cleans up before and reports after. */
export interface CoverageInfo {
  /** Merged database; made anew by each run. */
  readonly mergedDir: string;
  /** The report in text form. */
  readonly reportFile: string;
  /** Page of the report to show, below `reportDir`; empty when the config names none. */
  readonly reportPage: string;
  readonly reportDir: string;
  /** The annotated verification plan, where the block has one. */
  readonly annotatedPlan: string | null;
}

/** The coverage jobs of a run, and where their results are. */
export interface CoverageSet {
  readonly specs: readonly JobSpec[];
  readonly info: CoverageInfo;
}

/** Makes the jobs that merge and report the coverage of runs. `runs` must not be empty. */
export async function makeCoverage(
  runs: readonly Run[],
  block: { readonly facts: BlockFacts; readonly primary: string },
  context: FlowContext,
): Promise<CoverageSet> {
  const { facts } = block;
  const merge = await makeMerge(runs, block, context);
  const reportAttributes = await attributesOf(COV_REPORT, { facts }, context);
  const report = finishCoverage(COV_REPORT, {
    facts,
    attributes: reportAttributes,
    odir: directoryAttribute(reportAttributes, 'cov_report_dir', facts.file),
    dependencies: [merge.spec.fullName],
  });
  const reportDir = textAttribute(reportAttributes, 'cov_report_dir');
  const plan =
    facts.config.text('vplan') === '' ? null : await makePlan({ facts, report, reportDir }, context);
  return {
    specs: plan === null ? [merge.spec, report] : [merge.spec, report, plan.spec],
    info: {
      mergedDir: merge.dir,
      reportFile: textAttribute(reportAttributes, 'cov_report_txt'),
      reportPage: facts.config.text('cov_report_page'),
      reportDir,
      annotatedPlan: plan?.annotated ?? null,
    },
  };
}

/**
 * The job of `--cov-unr`.
 *
 * @throws UserError `no-unr` for tools that have no such analysis.
 */
export async function makeUnreachable(facts: BlockFacts, context: FlowContext): Promise<JobSpec> {
  if (facts.tool.name !== 'vcs' && facts.tool.name !== 'xcelium') {
    throw new UserError({
      code: 'no-unr',
      message: `--cov-unr works with vcs and xcelium only, not with ${facts.tool.name}`,
      origin: { file: facts.file },
    });
  }
  const attributes = await attributesOf(COV_UNR, { facts }, context);
  const odir = textAttribute(attributes, 'cov_unr_dir');
  return finishCoverage(COV_UNR, { facts, attributes, odir, dependencies: [], fail: 'build_fail_patterns' });
}

/** The job of `--cov-analyze`. */
export async function makeAnalysis(facts: BlockFacts, context: FlowContext): Promise<JobSpec> {
  const attributes = await attributesOf(COV_ANALYZE, { facts }, context);
  const odir = textAttribute(attributes, 'cov_analyze_dir');
  return finishCoverage(COV_ANALYZE, { facts, attributes, odir, dependencies: [] });
}

interface CoverageDraft {
  readonly facts: BlockFacts;
  readonly attributes: JobAttributes;
  readonly odir: string;
  readonly dependencies: readonly string[];
  readonly needsAll?: boolean;
  readonly fail?: string;
  readonly cmd?: string;
}

function finishCoverage(kind: JobKind, draft: CoverageDraft): JobSpec {
  const { facts, attributes, odir, dependencies, needsAll = true, fail = null, cmd } = draft;
  return finishJob({
    kind,
    facts,
    attributes,
    odir,
    dependencies,
    needsAll,
    qualName: kind.target,
    timeoutMins: null,
    seed: null,
    renewOdir: false,
    patterns: { pass: null, fail },
    ...(cmd === undefined ? {} : { cmd }),
  });
}

function attributesOf(
  kind: JobKind,
  from: { readonly facts: BlockFacts; readonly own?: Readonly<Record<string, ConfigValue>> },
  context: FlowContext,
): Promise<JobAttributes> {
  const { config, file } = from.facts;
  return expandJob({ kind, config, file, own: from.own ?? {} }, context);
}

async function makeMerge(
  runs: readonly Run[],
  { facts, primary }: { facts: BlockFacts; primary: string },
  context: FlowContext,
): Promise<{ spec: JobSpec; dir: string }> {
  const mergedDir = facts.config.text('cov_merge_db_dir');
  const previous =
    context.options.covMergePrevious === true
      ? mergeHistory(mergedDir, context.workspace.timestamp).kept.map(({ then }) => then)
      : [];
  const dirs = [...databasesOf(runs, primary), ...previous];
  const attributes = await attributesOf(COV_MERGE, { facts, own: { cov_db_dirs: dirs } }, context);
  const spec = finishCoverage(COV_MERGE, {
    facts,
    attributes,
    odir: directoryAttribute(attributes, 'cov_merge_db_dir', facts.file),
    dependencies: runs.map((run) => run.spec.fullName),
    // One test that passes is enough to have coverage.
    needsAll: false,
  });
  const exports = { ...spec.exports, cov_db_dirs: shellQuote(dirs.join(' ')) };
  return { spec: { ...spec, exports }, dir: spec.odir };
}

/** Each database once: the primary build's first, the others by name. */
function databasesOf(runs: readonly Run[], primary: string): string[] {
  const dirs: string[] = [];
  for (const { covDbDir, buildMode } of runs) {
    if (dirs.includes(covDbDir)) continue;
    if (buildMode === primary) dirs.unshift(covDbDir);
    else dirs.push(covDbDir);
  }
  const [first, ...others] = dirs;
  return first === undefined ? [] : [first, ...others.sort((a, b) => (a < b ? -1 : 1))];
}

async function makePlan(
  { facts, report, reportDir }: { facts: BlockFacts; report: JobSpec; reportDir: string },
  context: FlowContext,
): Promise<{ spec: JobSpec; annotated: string }> {
  const odir = `${facts.config.text('scratch_path')}/${COV_VPLAN.target}`;
  const annotated = `${odir}/vplan_annotated.hjson`;
  const own = {
    prepare_opts: facts.config.list('cov_vplan_prepare_opts'),
    process_opts: facts.config.list('cov_vplan_process_opts'),
  };
  const attributes = await attributesOf(COV_VPLAN, { facts, own }, context);
  const cmd = isOnPath('dvplan', context.env)
    ? planCommand({ facts, attributes, odir, annotated, reportDir })
    : bashCommand(`echo 'WARNING: dvplan tool not installed in PATH. Skipping vPlan generation.'`);
  const spec = finishCoverage(COV_VPLAN, {
    facts,
    attributes,
    odir,
    cmd,
    dependencies: [report.fullName],
  });
  return { spec, annotated };
}

function planCommand(from: {
  facts: BlockFacts;
  attributes: JobAttributes;
  odir: string;
  annotated: string;
  reportDir: string;
}): string {
  const { facts, attributes, odir, annotated, reportDir } = from;
  const plan = textAttribute(attributes, 'vplan');
  const ipRoot = parentOf(parentOf(plan));
  const prepare = ['dvplan prepare_vplan', optionText(attributes, 'prepare_opts'), ipRoot, plan, annotated];
  const process = [
    ...['dvplan process_results', optionText(attributes, 'process_opts')],
    ...['--coverage', `${facts.tool.name}_report`, reportDir, '-R', `${odir}/vplan_annotated.html`],
    ...['-s', facts.block.name, textAttribute(attributes, 'dut_instance'), annotated],
  ];
  return bashCommand(`set -e; mkdir -p ${odir}; ${oneSpaced(prepare)} && ${oneSpaced(process)}`);
}

function bashCommand(script: string): string {
  return `/usr/bin/env bash -c ${shellQuote(script)}`;
}

function optionText(attributes: JobAttributes, key: string): string {
  const value = attributes.get(key) ?? '';
  return isList(value) ? value.map(wordOf).join(' ') : wordOf(value);
}

function oneSpaced(words: readonly string[]): string {
  return words
    .join(' ')
    .split(/\s+/)
    .filter((word) => word !== '')
    .join(' ');
}

function isOnPath(program: string, env: Readonly<Record<string, string | undefined>>): boolean {
  return (env['PATH'] ?? '').split(delimiter).some((folder) => {
    if (folder === '') return false;
    try {
      accessSync(join(folder, program), constants.X_OK);
      return statSync(join(folder, program)).isFile();
    } catch {
      // Not in this folder.
      return false;
    }
  });
}
