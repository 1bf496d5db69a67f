// The end of a run on a terminal, in one screen, worst first. Pure; knows no stream.
import Table from 'cli-table3';
import type { Colors } from 'picocolors/types.js';
import { escapeControls } from '../model/problem.js';
import type { BucketRepro, BucketTriage, JobResult, LowerBound, ResultsView } from '../results/index.js';
import { formatDuration } from '../util/format-duration.js';
import { wordTriage } from './history-words.js';
import { countRepros, wordRepro } from './repro-words.js';
import type { GroupCounts, Survey, SurveyedBucket } from './survey.js';
import { surveyJobs } from './survey.js';
import { NO_FRAME } from './terminal-table.js';
import { orderByNews } from './triage-order.js';

/** How to show a summary. */
export interface SummaryOptions {
  /** From `picocolors`: with colours or without. */
  readonly colors: Colors;
  /** Size of the screen to fit in, in cells and lines. Commands to copy are never cut, whatever the width. */
  readonly width: number;
  readonly rows: number;
  /** Words the command that runs a job again; null when there is none. */
  readonly reproduce: (job: JobResult) => string | null;
  /** Whether the log of a job is there. */
  readonly hasLog: (job: JobResult) => boolean;
  readonly bound?: LowerBound;
  /** What a flow has come to, in a few lines. */
  readonly flowLines?: readonly string[];
  /** What history knows of the failures; new ones are shown first. Default: nothing. */
  readonly triage?: readonly BucketTriage[];
  /** Path of the report: the last line, alone, for a program or a mouse to pick up. */
  readonly reportPath?: string;
}

const LABEL: Readonly<Record<string, string>> = {
  dependency: 'because of a dependency',
  stopped: 'stopped',
  timeout: 'over their time limit',
  resource: 'without a resource they need',
};

/** The summary, with a line end after each line. */
export function formatSummary(results: ResultsView, options: SummaryOptions): string {
  const survey = surveyJobs(results);
  const head = [...formatCounts(results, survey, options), ...formatTargets(survey, options)];
  const foot = [
    ...formatGone(options),
    ...formatFlow(options),
    ...formatBound(results, options),
    ...formatReportPath(options),
  ];
  const room = options.rows - head.length - foot.length - 2;
  const failures = formatFailures(survey.buckets, room, options);
  return [...head, ...failures, ...foot].map((line) => `${line}\n`).join('');
}

function formatCounts(results: ResultsView, survey: Survey, { colors }: SummaryOptions): string[] {
  const { total, passed, failed, killed } = results.counts;
  const waiting = total - passed - failed - killed;
  const time = results.makespan_s === null ? '' : ` in ${formatDuration(results.makespan_s * 1000)}`;
  const parts = [
    colors.green(`${passed} passed`),
    failed > 0 ? colors.red(`${failed} failed`) : '0 failed',
    killed > 0 ? colors.yellow(`${killed} killed`) : '0 killed',
    ...(waiting > 0 ? [`${waiting} not ended`] : []),
  ];
  const kills = survey.kills.map(({ kind, count }) => `${count} ${LABEL[kind] ?? kind}`);
  const title = colors.bold(`${total} ${plural(total, 'job')}${time}: `);
  return [`${title}${parts.join(', ')}${kills.length === 0 ? '' : ` (${kills.join(', ')})`}`];
}

/** Targets take no more than this share of the screen: failures matter more. */
const TARGETS_SHARE = 1 / 3;

/** A table of targets, as far as there is room, those with failures before others; nothing when there is only one. */
function formatTargets({ targets }: Survey, { colors, width, rows }: SummaryOptions): string[] {
  if (targets.length < 2) return [];
  const room = Math.max(1, Math.floor(rows * TARGETS_SHARE) - 3);
  const isBad = ({ failed, killed }: GroupCounts): boolean => failed + killed > 0;
  const worst = [...targets.filter(isBad), ...targets.filter((one) => !isBad(one))].slice(0, room);
  const left = targets.length - worst.length;
  const table = new Table({
    head: ['target', 'jobs', 'passed', 'failed', 'killed', 'longest'],
    colAligns: ['left', 'right', 'right', 'right', 'right', 'right'],
    style: { head: [], border: [] },
    chars: NO_FRAME,
  });
  for (const { name, total, passed, failed, killed, longestS } of targets.filter((one) =>
    worst.includes(one),
  )) {
    table.push([
      cut(escapeControls(name), width - 50),
      total,
      passed,
      failed > 0 ? colors.red(failed) : failed,
      killed > 0 ? colors.yellow(killed) : killed,
      formatSeconds(longestS),
    ]);
  }
  return [
    '',
    ...table
      .toString()
      .split('\n')
      .map((line) => line.trimEnd()),
    ...(left > 0 ? [` and ${left} more ${plural(left, 'target')}`] : []),
  ];
}

/** As many buckets as there is room for, at least one; then how many were left out. */
function formatFailures(buckets: readonly SurveyedBucket[], room: number, options: SummaryOptions): string[] {
  if (buckets.length === 0) return [];
  const ordered = orderByNews(buckets, options.triage ?? []);
  const lines: string[] = [];
  let shown = 0;
  const repros = formatRepros(buckets, options);
  let used = repros.length + 1;
  for (const { bucket, triage } of ordered) {
    const block = formatBucket(bucket, options, triage);
    const height = block.reduce((sum, line) => sum + Math.max(1, Math.ceil(line.length / options.width)), 0);
    if (shown > 0 && used + height > room) break;
    lines.push(...block);
    used += height;
    shown++;
  }
  const left = ordered.slice(shown);
  const jobs = left.reduce((sum, { bucket }) => sum + bucket.count, 0);
  const rest =
    left.length === 0
      ? []
      : [
          `  and ${left.length} more ${plural(left.length, 'kind')} of failure, in ${jobs} ${plural(jobs, 'job')}`,
        ];
  const fresh = ordered.filter(({ triage }) => triage?.state === 'new').length;
  const news = options.triage === undefined || options.triage.length === 0 ? '' : `${fresh} of them new, `;
  const title = options.colors.bold(
    `Failures of ${buckets.length} ${plural(buckets.length, 'kind')}, ${news}most frequent first:`,
  );
  return ['', title, ...repros, ...lines, ...rest];
}

/** What came of all second tries. The flaky ones are named, however little room there is for their buckets. */
function formatRepros(buckets: readonly SurveyedBucket[], { colors, width }: SummaryOptions): string[] {
  const counts = countRepros(buckets);
  const flaky = buckets.flatMap(({ repro }) =>
    repro?.outcome === 'flaky' ? [escapeControls(repro.job)] : [],
  );
  return [
    ...(counts === null ? [] : [`  ${counts}`]),
    ...(flaky.length === 0 ? [] : [`  ${colors.yellow(cut(`flaky: ${flaky.join(', ')}`, width - 2))}`]),
  ];
}

function formatBucket(
  { signature, count, representative, repro }: SurveyedBucket,
  options: SummaryOptions,
  triage?: BucketTriage,
): string[] {
  const { colors, width, reproduce, hasLog } = options;
  const { full_name: name, reason, log_path: logPath } = representative;
  const message = reason === null ? '' : reason.message;
  const line = reason?.line === undefined ? '' : `:${reason.line}`;
  const command = reproduce(representative);
  const missing = hasLog(representative) ? '' : ' (not there)';
  return [
    `${colors.red(`${String(count).padStart(5)} x`)} ${cut(escapeControls(signature), width - 8)}`,
    `        ${cut(`${escapeControls(name)}: ${escapeControls(message)}`, width - 8)}`,
    `        log    ${escapeControls(logPath)}${line}${missing}`,
    ...(command === null ? [] : [`        again  ${escapeControls(command)}`]),
    ...(triage === undefined ? [] : [`        seen   ${wordTriage(triage)}`]),
    ...(repro === undefined ? [] : formatRepro(repro, options)),
  ];
}

/** The second try, which may be of another job than the representative: that one failed first. */
function formatRepro(repro: BucketRepro, { colors, width }: SummaryOptions): string[] {
  const { outcome, log_path: logPath, waves } = repro;
  const color = outcome === 'deterministic' ? colors.red : colors.yellow;
  const words = cut(escapeControls(wordRepro(repro)), width - 15);
  return [
    `        rerun  ${color(words)}`,
    `               log    ${escapeControls(logPath)}`,
    ...(waves === null ? [] : [`               waves  ${escapeControls(waves)}`]),
  ];
}

/** What was fixed, or was not hit this time. */
function formatGone({ triage = [], width }: SummaryOptions): string[] {
  const gone = triage.filter(({ state }) => state === 'gone');
  const [first] = gone;
  if (first === undefined) return [];
  const more = gone.length === 1 ? '' : ` and ${gone.length - 1} more`;
  return [
    '',
    cut(`gone since the last time its tests ran: ${escapeControls(first.signature)}${more}`, width),
  ];
}

function formatFlow({ flowLines = [], width }: SummaryOptions): string[] {
  const lines = flowLines.map((line) => cut(escapeControls(line), width));
  return lines.length === 0 ? [] : ['', ...lines];
}

function formatBound({ makespan_s: makespanS }: ResultsView, { bound, width }: SummaryOptions): string[] {
  const term = bound?.terms[0];
  if (makespanS === null || bound === undefined || term === undefined || bound.ms <= 0) return [];
  const factor = (makespanS * 1000) / bound.ms;
  const cause = {
    'critical-path': 'the longest chain of jobs',
    slots: 'the work over the slots',
    'backend-slots': `the work over the slots of ${term.name}`,
    resource: `the work over the units of ${term.name}`,
  }[term.kind];
  const text = `makespan ${formatSeconds(makespanS)}, ${factor.toFixed(2)} times the lower bound ${formatSeconds(bound.ms / 1000)} (${cause})`;
  return ['', cut(escapeControls(text), width)];
}

/** Short times need more than whole seconds. */
function formatSeconds(seconds: number): string {
  return seconds < 60 ? `${seconds.toFixed(seconds < 10 ? 2 : 1)}s` : formatDuration(seconds * 1000);
}

function formatReportPath({ reportPath }: SummaryOptions): string[] {
  return reportPath === undefined ? [] : [escapeControls(reportPath)];
}

function plural(count: number, noun: string): string {
  return count === 1 ? noun : `${noun}s`;
}

function cut(text: string, width: number): string {
  const room = Math.max(width, 20);
  return text.length <= room ? text : `${text.slice(0, room - 1)}…`;
}
