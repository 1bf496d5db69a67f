// A run as a page of Markdown, for mails, merge requests and wikis: worst first, bounded in length. Knows no files.
import type { BucketRepro, JobResult } from '../results/index.js';
import { formatDuration } from '../util/format-duration.js';
import { escapeMarkdown, formatCode, formatCodeBlock, formatTable } from './escape-markdown.js';
import { findExcerpt } from './excerpt.js';
import { EXCERPT_KEPT, LOG_MISSING } from './missing-log.js';
import { wordFacts } from './fact-words.js';
import { tabulateFlow } from './flow-tables.js';
import { formatMarkdownTables } from './markdown-table.js';
import type { ReportView } from './report-view.js';
import { wordTriage } from './history-words.js';
import { countRepros, wordRepro } from './repro-words.js';
import { orderByNews, type TriagedBucket } from './triage-order.js';
import type { GroupCounts, SurveyedBucket } from './survey.js';
import { surveyJobs } from './survey.js';

/** A page that is read from top to bottom names no more than this of each; the rest is counted. */
const MAX_BUCKETS = 20;
const MAX_MEMBERS = 10;

/** The text in pieces, one a paragraph or table. */
export function* formatMarkdown(view: ReportView): Generator<string> {
  const { results, facts, notices } = view;
  const survey = surveyJobs(results);
  for (const part of [
    `# Regatta run ${formatCode(results.run_id)}`,
    formatHead(view),
    ...notices.map((notice) => `> **Note:** ${escapeMarkdown(notice)}`),
    formatTotals(view),
    ...formatFailures(survey.buckets, view),
    ...formatGone(view),
    ...formatGroups('Blocks', survey.blocks),
    ...formatGroups('Targets', survey.targets),
    ...formatMarkdownTables(tabulateFlow(view.flow)),
    ...(facts === null ? [] : formatFacts(wordFacts(facts))),
  ]) {
    yield `${part}\n\n`;
  }
}

function formatHead({ results }: ReportView): string {
  const { started_at: start, makespan_s: makespanS, exit_code: exitCode } = results;
  const end =
    makespanS === null
      ? 'has not ended'
      : `took ${formatDuration(makespanS * 1000)} (${makespanS} s), exit code ${exitCode ?? 'unknown'}`;
  return `Started ${start}, ${end}.`;
}

function formatTotals({ results: { counts } }: ReportView): string {
  const { total, passed, failed, killed } = counts;
  const titles = ['jobs', 'passed', 'failed', 'killed', 'not ended'];
  return formatTable(
    titles,
    [[total, passed, failed, killed, total - passed - failed - killed]],
    new Set(titles),
  );
}

function* formatFailures(buckets: readonly SurveyedBucket[], view: ReportView): Generator<string> {
  if (buckets.length === 0) return;
  yield '## Failures';
  const repros = countRepros(buckets);
  if (repros !== null) yield `${repros}.`;
  const ordered = orderByNews(buckets, view.triage?.buckets ?? []);
  for (const [index, bucket] of ordered.slice(0, MAX_BUCKETS).entries()) {
    yield* formatBucket(`${index + 1}.`, bucket, view);
  }
  const left = ordered.slice(MAX_BUCKETS);
  const jobs = left.reduce((sum, { bucket }) => sum + bucket.count, 0);
  if (left.length > 0) yield `And ${left.length} more kinds of failure, in ${jobs} jobs.`;
}

/** What was fixed, or was not hit this time. */
function formatGone({ triage }: ReportView): string[] {
  const gone = (triage?.buckets ?? []).filter(({ state }) => state === 'gone');
  if (gone.length === 0) return [];
  const left = gone.length - MAX_BUCKETS;
  const lines = gone
    .slice(0, MAX_BUCKETS)
    .map((bucket) => `- ${formatCode(bucket.signature)}: ${wordTriage(bucket)}`);
  return ['## Gone', [...lines, ...(left > 0 ? [`- and ${left} more`] : [])].join('\n')];
}

function* formatBucket(
  number: string,
  { bucket, triage }: TriagedBucket<SurveyedBucket>,
  view: ReportView,
): Generator<string> {
  const { signature, count, representative, members, repro } = bucket;
  const { reason, log_path: logPath } = representative;
  yield `### ${number} ${formatCode(signature)}: ${count} ${count === 1 ? 'job' : 'jobs'}`;
  const line = reason?.line === undefined ? '' : `:${reason.line}`;
  const command = view.reproduce(representative);
  const missing = view.hasLog(representative) ? '' : `, which ${LOG_MISSING}`;
  const excerpt = findExcerpt(representative);
  yield [
    `- ${nameJob(representative)}: ${formatCode(reason?.message ?? '')}`,
    `- log: ${formatCode(`${logPath}${line}`)}${missing}`,
    ...(command === null ? [] : [`- again: ${formatCode(command)}`]),
    ...(triage === undefined ? [] : [`- seen: ${wordTriage(triage)}`]),
    ...(repro === undefined ? [] : formatRepro(repro)),
  ].join('\n');
  if (excerpt.length > 0 && missing !== '') yield EXCERPT_KEPT;
  if (excerpt.length > 0) yield formatCodeBlock(excerpt.map(({ text }) => text));
  const others = members.filter((job) => job !== representative);
  if (others.length === 0) return;
  const more = others.length > MAX_MEMBERS ? ` and ${others.length - MAX_MEMBERS} more` : '';
  yield `Also: ${others.slice(0, MAX_MEMBERS).map(nameJob).join(', ')}${more}.`;
}

function formatRepro(repro: BucketRepro): string[] {
  const { log_path: logPath, waves } = repro;
  return [
    `- run again: ${formatCode(wordRepro(repro))}`,
    `- log of that: ${formatCode(logPath)}`,
    ...(waves === null ? [] : [`- waves of that: ${formatCode(waves)}`]),
  ];
}

function nameJob({ full_name: name, seed }: JobResult): string {
  return `${formatCode(name)}${seed === null ? '' : ` (seed ${seed})`}`;
}

function formatGroups(title: string, groups: readonly GroupCounts[]): string[] {
  if (groups.length === 0) return [];
  const numbers = ['jobs', 'passed', 'failed', 'killed', 'longest, s'];
  const rows = groups.map(({ name, total, passed, failed, killed, longestS }) => [
    formatCode(name),
    ...[total, passed, failed, killed, longestS],
  ]);
  return [`## ${title}`, formatTable([title.slice(0, -1).toLowerCase(), ...numbers], rows, new Set(numbers))];
}

function formatFacts(facts: ReturnType<typeof wordFacts>): string[] {
  if (facts.length === 0) return [];
  const rows = facts.map(([label, text]) => [label, formatCode(text)]);
  return ['## Run', formatTable(['fact', 'value'], rows, new Set())];
}
