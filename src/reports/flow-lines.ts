// What a flow run came to, in a line each for testplans, coverage and messages. Pure; knows no format.
import type { BlockCoverage, OneShotResult, TestplanProgress } from '../results/index.js';
import { formatPercent } from '../util/percent.js';
import type { FlowSections } from './report-view.js';

/** Blocks whose coverage is told one by one; more are told as the worst of each metric. */
const MAX_BLOCKS = 2;

/** Up to a few lines; none for what the run does not have. */
export function wordFlow(flow: FlowSections): string[] {
  return [...wordTestplans(flow.testplans), ...wordCoverage(flow.coverage), ...wordMessages(flow.oneShot)];
}

function wordTestplans(testplans: readonly TestplanProgress[]): string[] {
  const stages = new Map<string, { passing: number; total: number }>();
  const all = { passing: 0, total: 0 };
  for (const { stage, testpoints } of testplans.flatMap((plan) => plan.stages)) {
    const sum = stages.get(stage) ?? { passing: 0, total: 0 };
    stages.set(stage, sum);
    for (const each of [sum, all]) {
      each.passing += testpoints.passing;
      each.total += testpoints.total;
    }
  }
  if (all.total === 0) return [];
  const parts = [...stages]
    .filter(([, { total }]) => total > 0)
    .sort(([a], [b]) => (rankOf(a) < rankOf(b) ? -1 : 1))
    .map(([stage, { passing, total }]) => `${stage} ${passing}/${total}`);
  return [`testplan ${all.passing} of ${all.total} testpoints pass: ${parts.join(', ')}`];
}

/** What is planned for no stage comes last. */
function rankOf(stage: string): string {
  return stage === 'N.A.' ? '~' : stage;
}

function wordCoverage(coverage: readonly BlockCoverage[]): string[] {
  if (coverage.length <= MAX_BLOCKS) {
    return coverage.map(({ block, metrics, notices }) => {
      // Without counts: a line of four metrics fits in 80 cells, and each of them matters more.
      const parts = metrics.map(({ name, percent }) => `${name} ${formatPercent(percent)}`);
      return `coverage ${block}: ${parts.length > 0 ? parts.join(', ') : (notices[0] ?? 'no figures')}`;
    });
  }
  const lowest = new Map<string, { readonly percent: number; readonly block: string }>();
  for (const { block, metrics } of coverage) {
    for (const { name, percent } of metrics) {
      const low = lowest.get(name);
      if (percent !== null && (low === undefined || percent < low.percent))
        lowest.set(name, { percent, block });
    }
  }
  const parts = [...lowest].map(
    ([name, { percent, block }]) => `${name} ${formatPercent(percent)} (${block})`,
  );
  return [
    `coverage lowest of ${coverage.length} blocks: ${parts.length > 0 ? parts.join(', ') : 'no figures'}`,
  ];
}

function wordMessages(results: readonly OneShotResult[]): string[] {
  if (results.length === 0) return [];
  const sum = (severity: keyof OneShotResult['counts']): number =>
    results.reduce((all, { counts }) => all + counts[severity], 0);
  // Nothing found and nothing read must not look the same.
  const unread = results.filter(({ results_file: file }) => file === null).length;
  const left = unread === 0 ? '' : `; ${unread} of ${results.length} jobs left none that could be read`;
  return [
    `messages ${sum('error')} errors, ${sum('warning')} warnings, ${sum('review')} reviews, ${sum('info')} infos, ${sum('waived')} waived${left}`,
  ];
}
