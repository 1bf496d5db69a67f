// The results of a run as JUnit XML, the form CI systems read. Knows no files.
import type { Bucket, BucketRepro, JobResult, ResultsView } from '../results/index.js';
import { reach } from '../util/reach.js';
import { escapeXmlAttribute, escapeXmlText } from './escape-xml.js';
import { wordRepro } from './repro-words.js';

/** One `testsuite`: the ended jobs of a block, or of a target for jobs without a block. */
interface Suite {
  tests: number;
  failures: number;
  errors: number;
  skipped: number;
  timeS: number;
  readonly jobs: JobResult[];
}

/**
 * The text in pieces; together one XML document that schema/junit.xsd accepts. A failed job is a `failure`; one killed for its
 * own sake (time limit, resource) an `error`; one killed because of another job or of a stop is `skipped`.
 */
export function* formatJunit(results: ResultsView): Generator<string> {
  const suites = new Map<string, Suite>();
  for (const job of results.jobs) {
    const suite = reach(suites, job.block ?? job.target, () => {
      return { tests: 0, failures: 0, errors: 0, skipped: 0, timeS: 0, jobs: [] };
    });
    addJob(suite, job);
  }
  const reproOf = listRepros(results.buckets);
  const all = sumSuites(suites.values());
  yield '<?xml version="1.0" encoding="UTF-8"?>\n';
  const timestamp = new Date(results.started_at).toISOString().slice(0, 19);
  yield `<testsuites name="${escapeXmlAttribute(results.run_id)}"${formatCounts(all)} time="${toMillis(results.makespan_s ?? all.timeS)}">\n`;
  for (const [name, suite] of suites) {
    const counts = `${formatCounts(suite)} skipped="${suite.skipped}" time="${toMillis(suite.timeS)}"`;
    yield `  <testsuite name="${escapeXmlAttribute(name)}"${counts} timestamp="${timestamp}">\n`;
    for (const job of suite.jobs) yield formatCase(job, reproOf.get(job.full_name));
    yield '  </testsuite>\n';
  }
  yield '</testsuites>\n';
}

/** What came of running a failure of its bucket again, by job. */
function listRepros(buckets: readonly Bucket[]): ReadonlyMap<string, BucketRepro> {
  return new Map(
    buckets.flatMap(({ jobs, repro }) =>
      repro === undefined ? [] : jobs.map((job) => [job, repro] as const),
    ),
  );
}

function addJob(suite: Suite, job: JobResult): void {
  const element = elementOf(job);
  suite.jobs.push(job);
  suite.tests++;
  suite.timeS += job.job_runtime_s ?? 0;
  if (element === 'failure') suite.failures++;
  if (element === 'error') suite.errors++;
  if (element === 'skipped') suite.skipped++;
}

function formatCase(job: JobResult, repro: BucketRepro | undefined): string {
  const element = elementOf(job);
  const classname = job.block === null ? job.target : `${job.block}.${job.target}`;
  const opening = `    <testcase name="${escapeXmlAttribute(job.full_name)}" classname="${escapeXmlAttribute(classname)}" time="${toMillis(job.job_runtime_s ?? 0)}"`;
  return element === null
    ? `${opening}/>\n`
    : `${opening}>\n${formatVerdict(job, element, repro)}    </testcase>\n`;
}

type VerdictElement = 'failure' | 'error' | 'skipped';

function elementOf({ status, reason }: JobResult): VerdictElement | null {
  if (status === 'passed') return null;
  if (status === 'failed') return 'failure';
  return reason?.kind === 'dependency' || reason?.kind === 'stopped' ? 'skipped' : 'error';
}

function formatVerdict(
  { reason, log_path: logPath }: JobResult,
  element: VerdictElement,
  repro: BucketRepro | undefined,
): string {
  const message = escapeXmlAttribute(reason?.message ?? '');
  if (element === 'skipped') return `      <skipped message="${message}"/>\n`;
  const line = reason?.line === undefined ? '' : `:${reason.line}`;
  const again =
    repro === undefined ? [] : [`run again: ${wordRepro(repro)}`, `log of that: ${repro.log_path}`];
  const lines = [reason?.message ?? '', ...(reason?.context ?? []), '', `log: ${logPath}${line}`, ...again];
  const type = escapeXmlAttribute(reason?.kind ?? '');
  return `      <${element} message="${message}" type="${type}">${escapeXmlText(lines.join('\n'))}</${element}>\n`;
}

type Sums = Pick<Suite, 'tests' | 'failures' | 'errors' | 'timeS'>;

function sumSuites(suites: Iterable<Suite>): Sums {
  const sum = { tests: 0, failures: 0, errors: 0, timeS: 0 };
  for (const { tests, failures, errors, timeS } of suites) {
    sum.tests += tests;
    sum.failures += failures;
    sum.errors += errors;
    sum.timeS += timeS;
  }
  return sum;
}

function formatCounts({ tests, failures, errors }: Sums): string {
  return ` tests="${tests}" failures="${failures}" errors="${errors}"`;
}

/** Seconds to the millisecond: sums gather noise far behind the point. */
function toMillis(timeS: number): number {
  return Number(timeS.toFixed(3));
}
