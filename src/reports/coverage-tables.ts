// The coverage of all blocks as a table: a row a block, a column a metric. Pure; knows no format.
import type { BlockCoverage, CoverageMetric } from '../results/index.js';
import { formatPercent } from '../util/percent.js';
import { percentCell, type Cell, type ReportTable } from './report-table.js';

/** Empty when no coverage was collected. */
export function tabulateCoverage(coverage: readonly BlockCoverage[]): ReportTable[] {
  if (coverage.length === 0) return [];
  const metrics = [...new Set(coverage.flatMap((block) => block.metrics.map(({ name }) => name)))];
  const numbers = ['runs', 'score', ...metrics];
  return [
    {
      title: 'Coverage',
      heads: ['coverage of', 'tool', ...numbers],
      numbers,
      rows: coverage.map((block) => coverageRow(block, metrics)),
      notes: coverage.flatMap(notesOf),
    },
  ];
}

function coverageRow({ block, tool, runs, score_percent, metrics }: BlockCoverage, names: string[]): Cell[] {
  const byName = new Map(metrics.map((metric) => [metric.name, metric]));
  return [
    ...[{ text: block, jobs: { block } }, tool, runs.counted, percentCell(score_percent)],
    ...names.map((name) => metricCell(byName.get(name))),
  ];
}

function metricCell(metric: CoverageMetric | undefined): Cell {
  return percentCell(metric?.percent ?? null, formatMetric(metric));
}

/** `96.20 % (152/158)`, or what of it is known. */
function formatMetric(metric: CoverageMetric | undefined): string {
  if (metric === undefined) return '--';
  const { covered, total, percent } = metric;
  return covered === null || total === null
    ? formatPercent(percent)
    : `${formatPercent(percent)} (${covered}/${total})`;
}

function notesOf({ block, runs, notices }: BlockCoverage): string[] {
  const left = runs.total - runs.counted;
  return [
    ...(left > 0 ? [`${block}: ${left} of ${runs.total} runs did not pass and are left out`] : []),
    ...notices.map((notice) => `${block}: ${notice}`),
  ];
}
