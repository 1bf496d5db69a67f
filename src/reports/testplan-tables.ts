// Testplan progress as tables: an overview of all blocks, then testpoints with their tests for each. Pure; knows no format.
import type {
  BlockCoverage,
  ProgressTotals,
  TestplanProgress,
  TestpointProgress,
  TestpointState,
  TestProgress,
} from '../results/index.js';
import { toPercent } from '../util/percent.js';
import {
  optional,
  passedOf,
  percentCell,
  toned,
  type Cell,
  type ReportTable,
  type Tone,
} from './report-table.js';

const TOTAL = 'TOTAL';
const UNMAPPED = 'unmapped';

const TONE_OF_STATE: Readonly<Record<TestpointState, Tone>> = {
  passing: 'good',
  failing: 'bad',
  partial: 'dull',
  'not-run': 'dull',
  'no-tests': 'dull',
  'not-mapped': 'dull',
};

/** Stages of every block: how many testpoints and tests there are, ran, and pass. Empty without testplans. */
export function tabulateProgress(testplans: readonly TestplanProgress[]): ReportTable[] {
  if (testplans.length === 0) return [];
  const numbers = ['testpoints', 'ran', 'passing', 'progress', 'tests', 'tests ran', 'tests passing'];
  const runs = ['runs', 'runs passed'];
  return [
    {
      title: 'Testplan progress',
      heads: ['testplan of', 'stage', ...numbers, ...runs],
      numbers: [...numbers, ...runs],
      rows: testplans.flatMap((testplan) => progressRows(testplan)),
      notes: [],
    },
  ];
}

function progressRows({ block, stages, unmapped, total }: TestplanProgress): Cell[][] {
  const name: Cell = { text: block, jobs: { block } };
  return [
    ...stages.map((stage) => [name, stage.stage, ...progressCells(stage)]),
    ...(unmapped.rows.length === 0 ? [] : [[name, UNMAPPED, ...progressCells(unmapped)]]),
    [name, TOTAL, ...progressCells(total)],
  ];
}

function progressCells({ testpoints, tests, runs }: ProgressTotals): Cell[] {
  return [
    ...[testpoints.total, testpoints.ran, passedOf(testpoints.passing, testpoints.total)],
    percentCell(toPercent(testpoints.passing, testpoints.total)),
    ...[tests.total, tests.ran, passedOf(tests.passing, tests.total)],
    ...[runs.total, passedOf(runs.passed, runs.total)],
  ];
}

const RESULT_NUMBERS = ['max job runtime, s', 'simulated time, us', 'passing', 'total', 'pass rate'];

/** The testpoints of a block, a row a test, with the totals of each stage. */
export function tabulateTestplan({ block, stages, unmapped, total }: TestplanProgress): ReportTable {
  const rows = [
    ...stages.flatMap((stage) => [
      ...stage.rows.flatMap((row) => testpointRows(row, stage.stage, block)),
      totalRow(stage.stage, stage),
    ]),
    ...unmapped.rows.map((test) => [UNMAPPED, '', '', ...testCells(test, block)]),
    totalRow('', total),
  ];
  const isRepeated = stages.some(({ rows: points }) =>
    points.some(({ tests }) => tests.some(({ is_counted }) => !is_counted)),
  );
  return {
    title: `Testplan of ${block}`,
    heads: ['stage', 'testpoint', 'state', 'tests', ...RESULT_NUMBERS],
    numbers: RESULT_NUMBERS,
    rows,
    notes: isRepeated ? ['Totals hold a test in brackets in the row further up that has it too.'] : [],
  };
}

function testpointRows({ name, state, tests }: TestpointProgress, stage: string, block: string): Cell[][] {
  const head: Cell[] = [stage, name, toned(state, TONE_OF_STATE[state])];
  if (tests.length === 0) return [[...head, '', ...RESULT_NUMBERS.map(() => '')]];
  return tests.map((test, index) => [...(index === 0 ? head : ['', '', '']), ...testCells(test, block)]);
}

function testCells(test: TestProgress, block: string): Cell[] {
  const { name, is_counted, max_job_runtime_s, simulated_time_us, passed, total } = test;
  const text = is_counted ? name : `(${name})`;
  return [
    total > 0 ? { text, jobs: { block, test: name } } : text,
    ...[optional(max_job_runtime_s), optional(simulated_time_us)],
    ...[passedOf(passed, total), total, percentCell(toPercent(passed, total))],
  ];
}

function totalRow(stage: string, { runs: { passed, total } }: ProgressTotals): Cell[] {
  const rate = percentCell(toPercent(passed, total));
  return [stage, '', '', TOTAL, '', '', passedOf(passed, total), total, rate];
}

/** The covergroups that a testplan wants, with what was measured of them. Null when it wants none. */
export function tabulateCovergroups(
  { block, covergroups }: TestplanProgress,
  coverage: readonly BlockCoverage[],
): ReportTable | null {
  if (covergroups.length === 0) return null;
  const measured = new Map(
    coverage.flatMap((one) => (one.block === block ? one.groups.map((group) => [group.name, group]) : [])),
  );
  return {
    title: `Covergroups of ${block}`,
    heads: ['covergroup', 'coverage', 'description'],
    numbers: ['coverage'],
    rows: covergroups.map(({ name, desc }) => [
      name,
      percentCell(measured.get(name)?.percent ?? null),
      desc.split('\n', 1)[0] ?? '',
    ]),
    notes: [],
  };
}
