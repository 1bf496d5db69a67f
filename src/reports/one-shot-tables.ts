// Results of lint, cdc, rdc, syn and formal jobs as tables: a row a job, then their messages. Pure; knows no format.
import type { MessageBucket, OneShotResult } from '../results/index.js';
import { badCount, optional, toned, type Cell, type ReportTable } from './report-table.js';

const SEVERITY_HEADS = ['errors', 'warnings', 'reviews', 'infos', 'waived'];
const FORMAL_HEADS = ['proven', 'failed', 'undetermined', 'covered', 'unreachable'];
const TIMING_HEADS = ['period, ns', 'worst slack, ns', 'total slack, ns'];

/** A table a kind of figures; none for what no job has. */
export function tabulateOneShot(results: readonly OneShotResult[]): ReportTable[] {
  if (results.length === 0) return [];
  return [
    {
      title: 'Lint, cdc, rdc, syn, formal',
      heads: [...JOB_HEADS, 'status', ...SEVERITY_HEADS],
      numbers: SEVERITY_HEADS,
      rows: results.map(severityRow),
      notes: results.flatMap(({ full_name, notices }) => notices.map((notice) => `${full_name}: ${notice}`)),
    },
    ...tabulateFormal(results),
    ...tabulateSynthesis(results),
    ...tabulateMessages(results),
  ];
}

const JOB_HEADS = ['results of', 'flow', 'mode', 'tool'];

function jobCells({ block, flow, mode, tool }: OneShotResult): Cell[] {
  return [{ text: block, jobs: { block } }, flow, { text: mode, jobs: { block, test: mode } }, tool];
}

function severityRow(result: OneShotResult): Cell[] {
  const { error, warning, review, info, waived } = result.counts;
  const status = toned(result.status, result.status === 'passed' ? 'good' : 'bad');
  if (result.results_file === null) return [...jobCells(result), status, ...SEVERITY_HEADS.map(() => '--')];
  return [...jobCells(result), status, badCount(error), badCount(warning), review, info, waived];
}

function tabulateFormal(results: readonly OneShotResult[]): ReportTable[] {
  const rows = results.flatMap((result): Cell[][] => {
    if (result.formal === null) return [];
    const { proven, failed, undetermined, covered, unreachable, pass_rate, cov_rate, coverage } =
      result.formal;
    return [
      [
        ...jobCells(result),
        optional(proven),
        failed === null ? '' : badCount(failed),
        ...[undetermined, covered, unreachable].map(optional),
        ...[pass_rate ?? '', cov_rate ?? ''],
        ...[coverage?.formal ?? '', coverage?.stimuli ?? '', coverage?.checker ?? ''],
      ],
    ];
  });
  if (rows.length === 0) return [];
  const rates = ['pass rate', 'cover rate', 'formal coverage', 'stimuli', 'checker'];
  const numbers = [...FORMAL_HEADS, ...rates];
  const heads = ['properties of', ...JOB_HEADS.slice(1), ...numbers];
  return [{ title: 'Properties', heads, numbers, rows, notes: [] }];
}

function tabulateSynthesis(results: readonly OneShotResult[]): ReportTable[] {
  const rows = results.flatMap((result): Cell[][] => {
    if (result.synthesis === null) return [];
    const { area_kge, power_mw, timing } = result.synthesis;
    const head = [...jobCells(result), optional(area_kge), optional(power_mw)];
    if (timing.length === 0) return [[...head, '', '', '', '']];
    return timing.map(({ group, period_ns, worst_slack_ns, total_slack_ns }, index) => [
      ...(index === 0 ? head : head.map(() => '')),
      group,
      ...[optional(period_ns), slackCell(worst_slack_ns), slackCell(total_slack_ns)],
    ]);
  });
  if (rows.length === 0) return [];
  const numbers = ['area, kGE', 'power, mW', ...TIMING_HEADS];
  const heads = ['synthesis of', ...JOB_HEADS.slice(1), 'area, kGE', 'power, mW', 'paths', ...TIMING_HEADS];
  return [{ title: 'Synthesis', heads, numbers, rows, notes: [] }];
}

function slackCell(slackNs: number | null): Cell {
  return slackNs !== null && slackNs < 0 ? toned(slackNs, 'bad') : optional(slackNs);
}

/** What was found, but for infos and what is waived: the counts are enough of those. */
function tabulateMessages(results: readonly OneShotResult[]): ReportTable[] {
  const notes: string[] = [];
  const rows = results.flatMap((result): Cell[][] => [
    ...result.messages.flatMap((bucket) => messageRows(result, bucket, notes)),
    ...propertyRows(result),
  ]);
  if (rows.length === 0) return [];
  return [{ title: 'Messages', heads: ['job', 'kind', 'message'], numbers: [], rows, notes }];
}

function messageRows(
  { full_name: job, results_file: file }: OneShotResult,
  { severity, label, count, examples }: MessageBucket,
  notes: string[],
): Cell[][] {
  if (severity === 'info' || severity === 'waived') return [];
  const left = count - examples.length;
  if (left > 0) notes.push(`${job}: ${left} more of ${label} in ${file ?? 'its results'}`);
  return examples.map((text) => [job, severity === 'review' ? label : toned(label, 'bad'), text]);
}

function propertyRows({ full_name: job, formal }: OneShotResult): Cell[][] {
  if (formal === null) return [];
  const { failed, undetermined, unreachable } = formal.properties;
  return [
    ...failed.map((name): Cell[] => [job, toned('failed property', 'bad'), name]),
    ...undetermined.map((name): Cell[] => [job, 'undetermined property', name]),
    ...unreachable.map((name): Cell[] => [job, 'unreachable property', name]),
  ];
}
