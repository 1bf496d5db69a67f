// Finds what a run's jobs left of the coverage of each block, and reads it. Knows where files are, and no format.
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { BlockRecord, CoverageRecord, FlowRecord } from '../flow-record.js';
import type { JobResult, ResultsView } from '../schema.js';
import { readToolFile } from '../tool-file.js';
import {
  sortMetrics,
  type BlockCoverage,
  type CoverageMetric,
  type CovergroupCoverage,
  type ParsedCoverage,
} from './coverage.js';
import { parseGroupList, parseDashboard } from './dashboard.js';
import { parseImcSummary } from './imc-summary.js';
import { parseLcov } from './lcov.js';
import { parseVerilatorDat } from './verilator-dat.js';
import { reach } from '../../util/reach.js';

/** The coverage of each block that collects any, in the order of the blocks. Never rejects for what is in the files. */
export async function readCoverage(
  record: FlowRecord,
  results: Pick<ResultsView, 'jobs'>,
): Promise<BlockCoverage[]> {
  const covered = record.blocks.filter(hasCoverage);
  if (covered.length === 0) return [];
  const jobs = gatherJobs(record, results.jobs);
  return Promise.all(covered.map((block) => readBlock(block, jobs.get(block.title) ?? noJobs())));
}

type CoveredBlock = BlockRecord & { readonly coverage: CoverageRecord };

function hasCoverage(block: BlockRecord): block is CoveredBlock {
  return block.coverage !== null;
}

/** The jobs of a block that coverage depends on; null: has not ended. */
interface CoverageJobs {
  merge: JobResult | null;
  report: JobResult | null;
  readonly runs: { total: number; counted: number };
}

function noJobs(): CoverageJobs {
  return { merge: null, report: null, runs: { total: 0, counted: 0 } };
}

function gatherJobs(record: FlowRecord, jobs: Iterable<JobResult>): Map<string, CoverageJobs> {
  const blocks = new Map<string, CoverageJobs>();
  for (const job of jobs) {
    if (job.block === null) continue;
    const own = reach(blocks, job.block, noJobs);
    if (job.target === 'cov_merge') own.merge = job;
    else if (job.target === 'cov_report') own.report = job;
    else if (Object.hasOwn(record.coverage_of_run, job.full_name)) {
      own.runs.total++;
      if (job.status === 'passed') own.runs.counted++;
    }
  }
  return blocks;
}

async function readBlock(block: CoveredBlock, jobs: CoverageJobs): Promise<BlockCoverage> {
  const { merged_dir: mergedDir, report_dir: reportDir, report_file: reportFile } = block.coverage;
  const finds = new Finds();
  // What a job that did not pass has left is of an earlier run.
  const merge = finds.requirePassed('cov_merge', jobs.merge);
  const report = merge === null ? null : finds.requirePassed('cov_report', jobs.report);
  if (merge !== null) {
    for (const path of await listFiles(mergedDir, '.dat')) await finds.read(path, merge, [parseVerilatorDat]);
  }
  if (report !== null) {
    if (!finds.hasMetrics()) {
      for (const path of await listFiles(reportDir, '.info')) await finds.read(path, report, [parseLcov]);
    }
    await finds.read(reportFile, report, [parseDashboard, parseImcSummary]);
    for (const name of GROUP_FILES) await finds.readGroups(join(reportDir, name), report);
    finds.noteEmpty(mergedDir, reportFile);
  }
  const page = block.coverage.report_page;
  return {
    block: block.title,
    tool: block.tool,
    runs: jobs.runs,
    ...finds.result(),
    report_page: report === null || page === '' ? null : join(reportDir, page),
  };
}

/** Where urg and imc list the covergroups, beside their summaries. */
const GROUP_FILES = ['groups.txt', 'cov_report_cg.txt'];

type Parser = (text: string) => ParsedCoverage | null;

/** What was found so far. Of a metric that two files give, the first file's figures count: databases come before reports. */
class Finds {
  readonly #metrics = new Map<string, CoverageMetric>();
  readonly #groups = new Map<string, CovergroupCoverage>();
  readonly #sources: string[] = [];
  readonly #notices: string[] = [];
  #scorePercent: number | null = null;

  requirePassed(target: string, job: JobResult | null): JobResult | null {
    if (job?.status === 'passed') return job;
    const state = job === null ? 'has not ended' : `${job.status}: ${job.reason?.message ?? 'no reason is known'}`;
    this.#notices.push(`no figures: ${target} ${state}`);
    return null;
  }

  hasMetrics(): boolean {
    return this.#metrics.size > 0;
  }

  /** Reads a file with the first parser that knows its form. */
  async read(path: string, writer: JobResult, parsers: readonly Parser[]): Promise<void> {
    const file = await readToolFile(path, writer);
    if (file.notice !== null) this.#notices.push(file.notice);
    if (file.kind !== 'text') return;
    for (const parse of parsers) {
      const parsed = parse(file.text);
      if (parsed === null) continue;
      this.#add(path, parsed);
      return;
    }
    this.#notices.push(`${path} holds no coverage in a form that is known`);
  }

  /** Reads the covergroups of a file that need not be there. */
  async readGroups(path: string, writer: JobResult): Promise<void> {
    const file = await readToolFile(path, writer);
    if (file.kind !== 'text') return;
    const groups = [...parseGroupList(file.text), ...(parseImcSummary(file.text)?.groups ?? [])];
    if (groups.length > 0) {
      this.#add(path, { metrics: [], groups, score_percent: null, damage: null });
    }
  }

  /** A report that is there, but has nothing in it, must not read as nothing to report. */
  noteEmpty(mergedDir: string, reportFile: string): void {
    if (this.#metrics.size > 0 || this.#notices.length > 0) return;
    this.#notices.push(`no figures in ${mergedDir} and ${reportFile}`);
  }

  result(): Pick<BlockCoverage, 'score_percent' | 'metrics' | 'groups' | 'sources' | 'notices'> {
    return {
      score_percent: this.#scorePercent,
      metrics: sortMetrics([...this.#metrics.values()]),
      groups: [...this.#groups.values()],
      sources: this.#sources,
      notices: this.#notices,
    };
  }

  #add(path: string, { metrics, groups, score_percent, damage }: ParsedCoverage): void {
    this.#sources.push(path);
    for (const metric of metrics) if (!this.#metrics.has(metric.name)) this.#metrics.set(metric.name, metric);
    const known = new Set(this.#groups.keys());
    for (const group of groups) {
      if (known.has(group.name)) continue;
      // Groups of one name, in two classes: what a testplan wants of that name is covered when all of them are.
      const least = this.#groups.get(group.name)?.percent ?? Infinity;
      if ((group.percent ?? Infinity) <= least) this.#groups.set(group.name, group);
    }
    this.#scorePercent ??= score_percent;
    if (damage !== null) this.#notices.push(`${path}: ${damage}`);
  }
}

async function listFiles(directory: string, suffix: string): Promise<string[]> {
  try {
    const names = await readdir(directory);
    return names
      .filter((name) => name.endsWith(suffix))
      .sort()
      .map((name) => join(directory, name));
  } catch {
    // No such directory: the tool has its database elsewhere.
    return [];
  }
}
