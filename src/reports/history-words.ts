// Words for what history knows, in lines for a terminal. Pure; knows no database and no stream.
import { escapeControls } from '../model/problem.js';
import { share } from '../results/history/read-tests.js';
import type {
  BucketTriage,
  ComparedTest,
  Comparison,
  Flakiness,
  OpenBucket,
  RunSummary,
  TestRecord,
  TestRun,
} from '../results/index.js';
import { formatDuration } from '../util/format-duration.js';

/** Most entries of a list; the rest is counted. */
const MOST_SHOWN = 20;

/** What `regatta history` shows. */
export interface HistoryOverview {
  readonly runs: readonly RunSummary[];
  readonly buckets: readonly OpenBucket[];
  readonly tests: readonly TestRecord[];
}

/** What `regatta history TEST` shows. */
export interface TestOverview {
  readonly tests: readonly TestRecord[];
  readonly runs: readonly TestRun[];
}

/** `NEW`, or since when and in how many runs a bucket is known. */
export function wordTriage({ state, runs, first_seen: first, last_seen: last }: BucketTriage): string {
  if (state === 'new') return 'NEW';
  const since = `first seen ${dayOf(first.started_at)}, in ${countOf(runs, 'run')}`;
  return state === 'known'
    ? `KNOWN, ${since}`
    : `GONE, ${since}, last ${dayOf(last?.started_at ?? first.started_at)}`;
}

/** Runs, open buckets and flaky tests. */
export function formatHistory({ runs, buckets, tests }: HistoryOverview): string {
  const flaky = tests.filter(
    ({ by_seed: bySeed, by_revision: byRevision }) => bySeed.mixed + byRevision.mixed > 0,
  );
  return toText([
    ...section('Runs, the latest first', runs.map(wordRun)),
    ...section(
      'Failures that are not gone, seen last first',
      buckets.map(({ signature, runs: count, jobs, first_seen: first, last_seen: last }) => [
        signature,
        `      ${countOf(jobs, 'job')} in ${countOf(count, 'run')}, ${dayOf(first.started_at)} to ${dayOf(last.started_at)}`,
      ]),
    ),
    ...section('Flaky tests', flaky.map(wordTest)),
  ]);
}

/** The figures of a test and how it did run by run. */
export function formatTestHistory({ tests, runs }: TestOverview): string {
  return toText([
    ...section('Test', tests.map(wordTest)),
    ...section(
      'Runs, the latest first',
      runs.map(({ run_id: id, passed, failed, second_tries: again, mean_s: meanS, revision, signatures }) => [
        `${id}  ${passed} passed, ${failed} failed${wordSecondTries(again)}${meanS === null ? '' : `, ${meanS} s on average`}${wordRevision(revision)}`,
        ...signatures.map((signature) => `    ${signature}`),
      ]),
    ),
  ]);
}

function wordSecondTries({ passed, failed }: TestRun['second_tries']): string {
  if (passed + failed === 0) return '';
  return ` (run again: ${[...(passed === 0 ? [] : [`${passed} passed`]), ...(failed === 0 ? [] : [`${failed} failed`])].join(', ')})`;
}

/** What broke first. */
export function formatComparison(comparison: Comparison): string {
  const { before, after } = comparison;
  const runtimes = comparison.runtime_changes.map(
    ({ before_s: beforeS, after_s: afterS, ...test }) => `${nameOf(test)}: ${beforeS} s, now ${afterS} s`,
  );
  const buckets = (field: 'new_buckets' | 'gone_buckets'): string[] =>
    comparison[field].map((bucket) => `${bucket.after + bucket.before} x ${bucket.signature}`);
  return toText([
    wordComparedRun('before', before),
    wordComparedRun('after ', after),
    ...section('Broke', comparison.broke.map(wordOutcomes)),
    ...section('Fixed', comparison.fixed.map(wordOutcomes)),
    ...section('Still failing', comparison.still_failing.map(wordOutcomes)),
    // Not called new and gone: the other run need not have run their tests.
    ...section('Failures only in the later run', buckets('new_buckets')),
    ...section('Failures only in the earlier run', buckets('gone_buckets')),
    ...section('Run times that changed', runtimes),
    ...section('Tests only in the later run', comparison.added.map(wordAlone)),
    ...section('Tests only in the earlier run', comparison.removed.map(wordAlone)),
  ]);
}

function wordComparedRun(
  which: string,
  { run_id: id, makespan_s: makespanS, counts }: Comparison['before'],
): string {
  const time = makespanS === null ? '' : ` in ${formatDuration(makespanS * 1000)}`;
  return `${which} ${id}: ${wordCounts(counts)}${time}`;
}

function wordRun(run: RunSummary): string {
  const time = run.makespan_s === null ? '' : ` in ${formatDuration(run.makespan_s * 1000)}`;
  return `${run.run_id}  ${wordCounts(run)}${time}${wordRevision(run.revision)}`;
}

function wordCounts({ total, passed, failed, killed }: Comparison['before']['counts']): string {
  return `${countOf(total, 'job')}, ${passed} passed, ${failed} failed, ${killed} killed`;
}

function wordTest(test: TestRecord): string {
  const { runs, passed, failed, by_seed: bySeed, by_revision: byRevision } = test;
  const groups = [...wordGroups(bySeed, 'repeated seed'), ...wordGroups(byRevision, 'revision')].join(
    ' and ',
  );
  const flakiness = groups === '' ? '' : `; ${groups} had both outcomes`;
  return `${nameOf(test)}: ${passed} passed, ${failed} failed in ${countOf(runs, 'run')}${flakiness}`;
}

function wordGroups(flakiness: Flakiness, noun: string): string[] {
  const { repeated } = flakiness;
  return repeated === 0 ? [] : [`${percent(share(flakiness))} of ${countOf(repeated, noun)}`];
}

function wordOutcomes(test: ComparedTest): string {
  const { before, after } = test;
  return `${nameOf(test)}: ${before.failed} of ${before.passed + before.failed} failed, now ${after.failed} of ${after.passed + after.failed}`;
}

/** A test that ran in one of the runs only. */
function wordAlone(test: ComparedTest): string {
  const failed = test.before.failed + test.after.failed;
  const passed = test.before.passed + test.after.passed;
  return failed === 0 ? nameOf(test) : `${nameOf(test)}: ${failed} of ${passed + failed} failed`;
}

function nameOf({ name, block, target }: Pick<ComparedTest, 'name' | 'block' | 'target'>): string {
  return `${block === null ? '' : `${block}:`}${name}${target === 'run' ? '' : ` (${target})`}`;
}

function wordRevision(revision: string | null): string {
  if (revision === null) return '';
  const [commit = '', ...marks] = revision.split('+');
  return `, at ${[commit.slice(0, 10), ...marks].join('+')}`;
}

/** @param entries - Of one line, or of several. A name may hold a line end, so lines are kept apart to the last. */
function section(title: string, entries: readonly (string | readonly string[])[]): string[] {
  if (entries.length === 0) return [];
  const left = entries.length - MOST_SHOWN;
  return [
    '',
    `${title}:`,
    ...entries.slice(0, MOST_SHOWN).flatMap((entry) => [entry].flat().map((line) => `  ${line}`)),
    ...(left > 0 ? [`  and ${left} more`] : []),
  ];
}

function toText(lines: readonly string[]): string {
  const shown = lines[0] === '' ? lines.slice(1) : lines;
  return shown.map((line) => `${escapeControls(line)}\n`).join('');
}

function dayOf(time: string): string {
  return time.slice(0, 10);
}

function percent(part: number): string {
  return `${Math.round(part * 100)} %`;
}

function countOf(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
