// The coverage of blocks, found where the jobs left it: which files count, and what is said where some are missing or broken.
import { mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { readCoverage } from '../../../src/results/coverage/read-coverage.js';
import type { BlockCoverage, JobResult } from '../../../src/results/index.js';
import { makeBlockRecord, makeFlowRecord } from '../../support/flow-record.js';
import { failedWith, makeJobResult } from '../../support/job-result.js';
import { makeTempDir } from '../../support/temp-dir.js';

const DAT = "# SystemC::Coverage-3\nC '\x01page\x02v_line/m' 3\nC '\x01page\x02v_toggle/m' 0\n";
const SUMMARY = `covergroup  bins  hit percent
a_cg        4     3   75.00

Total coverage summary
  SCORE    LINE   GROUP
  87.50   99.00   75.00
`;
const INFO = 'SF:/a\nDA:1,1\nDA:2,0\nend_of_record\n';

/** What the jobs of a block left, by file; a file may be left out or replaced. */
type Files = Readonly<Record<string, string | Buffer | undefined>>;
const WHOLE: Files = { 'merged/merged.dat': DAT, 'report/summary.txt': SUMMARY, 'report/merged.info': INFO };

interface Setting {
  readonly files?: Files;
  readonly merge?: Partial<JobResult> | null;
  readonly report?: Partial<JobResult> | null;
  /** The folder, when it is there already. */
  readonly dir?: string;
}

async function readBlock({ files = WHOLE, merge = {}, report = {}, dir = makeTempDir() }: Setting): Promise<BlockCoverage> {
  for (const [path, text] of Object.entries(files)) {
    if (text === undefined) continue;
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), text);
  }
  const now = new Date().toISOString();
  const times = { block: 'b', started_at: now, ended_at: now };
  const coverage = {
    merged_dir: join(dir, 'merged'),
    report_dir: join(dir, 'report'),
    report_file: join(dir, 'report/summary.txt'),
    report_page: 'index.html',
  };
  const names = ['b:1', 'b:2', 'b:3'];
  const record = makeFlowRecord([makeBlockRecord('b', { coverage, tool: 'verilator' })], {
    coverage_of_run: Object.fromEntries(names.map((name) => [name, join(dir, name)])),
  });
  const jobs = [
    ...names.map((name) => makeJobResult(name, { block: 'b', ...(name === 'b:2' && failedWith('x')) })),
    ...(merge === null ? [] : [makeJobResult('b:cov_merge', { target: 'cov_merge', ...times, ...merge })]),
    ...(report === null ? [] : [makeJobResult('b:cov_report', { target: 'cov_report', ...times, ...report })]),
  ];
  const [block] = await readCoverage(record, { jobs });
  if (block === undefined) throw new Error('no coverage');
  return block;
}

const show = ({ metrics }: BlockCoverage): string[] =>
  metrics.map(({ name, covered, total, percent }) => `${name} ${covered ?? '-'}/${total ?? '-'} ${percent ?? '-'}`);

it('databases count before reports, and reports give what databases do not have', async () => {
  const dir = makeTempDir();
  const block = await readBlock({ dir });
  expect(show(block)).toEqual(['line 1/1 100', 'toggle 0/1 0', 'group -/- 75']);
  expect(block).toMatchObject({
    runs: { total: 3, counted: 2 },
    score_percent: 87.5,
    groups: [{ name: 'a_cg', covered: 3, total: 4, percent: 75 }],
    sources: [join(dir, 'merged/merged.dat'), join(dir, 'report/summary.txt')],
    report_page: join(dir, 'report/index.html'),
    notices: [],
  });
});

it('of covergroups of one name in a file the least covered counts, and those of an earlier file before them', async () => {
  const rows = ['100.00 1 p::x::b_cg', ' 20.00 1 p::y::b_cg', ' 60.00 1 p::z::b_cg', ' 10.00 1 p::x::a_cg'];
  const list = `SCORE WEIGHT NAME\n${rows.join('\n')}\n`;
  const { groups } = await readBlock({ files: { ...WHOLE, 'report/groups.txt': list } });
  expect(groups.map(({ name, percent }) => `${name} ${percent ?? '-'}`)).toEqual(['a_cg 75', 'b_cg 20']);
});

it('a tracefile stands in for a database', async () => {
  const block = await readBlock({ files: { ...WHOLE, 'merged/merged.dat': undefined } });
  expect(show(block)).toEqual(['line 1/2 50', 'group -/- 75']);
});

describe('what is missing or broken becomes a notice, and the rest counts', () => {
  test.each<[string, Setting, string[], RegExp]>([
    ['the report', { files: { ...WHOLE, 'report/summary.txt': undefined } }, ['line 1/1 100', 'toggle 0/1 0'], /summary\.txt is missing$/],
    ['a report of junk', { files: { ...WHOLE, 'report/summary.txt': 'junk' } }, ['line 1/1 100', 'toggle 0/1 0'], /holds no coverage in a form that is known$/],
    ['a binary report', { files: { ...WHOLE, 'report/summary.txt': Buffer.from([0, 1]) } }, ['line 1/1 100', 'toggle 0/1 0'], /holds binary data, no text$/],
    ['a torn database', { files: { ...WHOLE, 'merged/merged.dat': DAT.slice(0, -3) } }, ['line 1/1 100', 'group -/- 75'], /merged\.dat: 1 damaged lines, the first is line 3$/],
    ['everything', { files: { 'report/summary.txt': 'Total coverage summary\n' } }, [], /summary\.txt: the summary is torn$/],
  ])('%s', async (...[, setting, metrics, notice]) => {
    const block = await readBlock(setting);
    expect(show(block)).toEqual(metrics);
    expect(block.notices).toEqual([expect.stringMatching(notice)]);
  });
});

describe('files are of an earlier run, and do not count, where the job that writes them', () => {
  test.each<[string, Setting, string[], string]>([
    ['failed', { report: failedWith('boom') }, ['line 1/1 100', 'toggle 0/1 0'], 'no figures: cov_report failed: boom'],
    ['has not ended', { merge: null, report: null }, [], 'no figures: cov_merge has not ended'],
  ])('%s', async (...[, setting, metrics, notice]) => {
    const block = await readBlock(setting);
    expect(show(block)).toEqual(metrics);
    expect(block.notices).toEqual([notice]);
    expect(block.report_page).toBeNull();
  });
});

it("covergroups are read from the tool's own list of them, where there is one", async () => {
  const list =
    'SCORE  WEIGHT GOAL   NAME\n 40.00 1      100    env_pkg::cov::b_cg\n 90.00 1      100    env_pkg::cov::a_cg\n';
  const { groups, notices } = await readBlock({ files: { ...WHOLE, 'report/groups.txt': list } });
  expect(groups.map(({ name, percent }) => [name, percent])).toEqual([
    ['a_cg', 75],
    ['b_cg', 40],
  ]);
  expect(notices).toEqual([]);
});

it('a file that a later run has written is pointed out', async () => {
  const dir = makeTempDir();
  await readBlock({ dir });
  const later = Date.now() / 1000 + 3600;
  utimesSync(join(dir, 'merged/merged.dat'), later, later);
  const { notices } = await readBlock({ dir, files: {} });
  expect(notices).toEqual([
    expect.stringMatching(/merged\.dat is newer than the job .* it may be of a later run$/),
  ]);
});

it('a block that collects no coverage has none', async () => {
  expect(await readCoverage(makeFlowRecord([makeBlockRecord('b')]), { jobs: [] })).toEqual([]);
});
