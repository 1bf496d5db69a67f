// Reads results.json back: all of it, or what can be trusted, saying what cannot. Knows no run directory.
import { readFile } from 'node:fs/promises';
import { UserError } from '../model/problem.js';
import { messageOf } from '../util/message-of.js';
import { TEXT_AT_ONCE } from '../util/read-at-once.js';
import { gatherBuckets, type Bucket, type Failure } from './buckets/buckets.js';
import { findWordedSignature } from './buckets/signature.js';
import { bucketsSchema, JOB_FALLBACKS, jobSchema, RUN_FALLBACKS, runSchema } from './record-schema.js';
import type { Counts, JobResult, Results } from './schema.js';
import { RESULTS_SCHEMA } from './schema.js';
import { salvageRecord } from './salvage-record.js';
import { isRecord } from '../util/is-record.js';

/** Results as they were read, and what was wrong with them. */
export interface ReadResults {
  readonly results: Results;
  /** One line each, for people; empty when the record is whole. */
  readonly notices: readonly string[];
}

/**
 * Reads a results.json.
 * @throws UserError `unreadable-results` when the file cannot be read, or nothing in it is a result.
 */
export async function readResults(path: string): Promise<ReadResults> {
  let text: string;
  try {
    text = await readFile(path, TEXT_AT_ONCE);
  } catch (error) {
    throw new UserError(
      { code: 'unreadable-results', message: `cannot read ${path}: ${messageOf(error)}` },
      { cause: error },
    );
  }
  return parseResults(text, path);
}

/**
 * Reads the text of a results.json. A record that is torn, or of another version, is read as far as it goes.
 *
 * @param file - Its name, for messages.
 * @throws UserError `unreadable-results` when nothing in it is a result.
 */
export function parseResults(text: string, file: string): ReadResults {
  const notices = new Notices();
  const record = parseRecord(text, file, notices);
  const jobs = readJobs(record.jobs, notices);
  const run = readRun(record, jobs, notices);
  return {
    results: { ...run, jobs, buckets: readBuckets(record.buckets, jobs, notices) },
    notices: notices.lines,
  };
}

/** The parts of a record, not yet looked at. */
type RawRecord = Readonly<Record<string, unknown>> & { readonly jobs: readonly unknown[] };

function parseRecord(text: string, file: string, notices: Notices): RawRecord {
  let record: unknown;
  try {
    record = JSON.parse(text);
  } catch (error) {
    record = salvageRecord(text);
    if (record === undefined) {
      throw new UserError({
        code: 'unreadable-results',
        message: `${file} is no results.json: ${messageOf(error)}`,
        hint: 'a run writes it when it ends; `regatta run` makes a new one',
      });
    }
    notices.add('results.json ends before its end: what could be read is shown');
  }
  if (isRawRecord(record)) return record;
  throw new UserError({
    code: 'unreadable-results',
    message: `${file} is no results.json: it must be an object with a list of jobs`,
  });
}

function isRawRecord(value: unknown): value is RawRecord {
  return typeof value === 'object' && value !== null && 'jobs' in value && Array.isArray(value.jobs);
}

function readJobs(raw: readonly unknown[], notices: Notices): JobResult[] {
  const jobs: JobResult[] = [];
  for (const [index, entry] of raw.entries()) {
    const parsed = jobSchema.safeParse(entry);
    if (parsed.success) {
      // The schema demands no more of a reason's kind than that it is a word: a later version may know more of them.
      jobs.push(entry as JobResult);
      continue;
    }
    const wrong = new Set(parsed.error.issues.map(({ path: [field] }) => String(field)));
    const mended = mendJob(entry, wrong);
    if (mended === undefined) {
      notices.count('without a name or status, left out', `entry ${index + 1}`);
      continue;
    }
    for (const field of wrong)
      notices.count(`with a missing or wrong "${field}", shown as unknown`, mended.full_name);
    jobs.push(mended);
  }
  return jobs;
}

/** The job with what is wrong replaced; undefined when it cannot be told which job it is, or how it ended. */
function mendJob(entry: unknown, wrong: ReadonlySet<string>): JobResult | undefined {
  if (!isRecord(entry) || wrong.has('full_name') || wrong.has('status')) return undefined;
  const kept = Object.fromEntries(Object.entries(entry).filter(([field]) => !wrong.has(field)));
  const { full_name: fullName } = kept as unknown as Pick<JobResult, 'full_name'>;
  return { ...JOB_FALLBACKS, name: fullName, qual_name: fullName, ...kept } as JobResult;
}

function readRun(
  raw: RawRecord,
  jobs: readonly JobResult[],
  notices: Notices,
): Omit<Results, 'jobs' | 'buckets'> {
  if (raw.schema !== RESULTS_SCHEMA) {
    notices.add(
      `the record says it is ${JSON.stringify(raw.schema ?? null)}, not "${RESULTS_SCHEMA}": what this version knows of it is shown`,
    );
  }
  const parsed = runSchema.safeParse(raw);
  const wrong = new Set(parsed.success ? [] : parsed.error.issues.map(({ path: [field] }) => String(field)));
  wrong.delete('schema');
  for (const field of wrong) notices.add(`"${field}" of the run is missing or wrong`);
  const left = new Set([...wrong, 'jobs', 'buckets']);
  const kept = Object.fromEntries(Object.entries(raw).filter(([field]) => !left.has(field)));
  // In the order of the contract, which the record's own order does not change.
  const blank = { schema: RESULTS_SCHEMA, ...RUN_FALLBACKS, counts: countJobs(jobs) } as const;
  const run = { ...blank, ...kept, schema: RESULTS_SCHEMA } as const;
  checkCounts(run.counts, jobs, notices);
  return run;
}

function countJobs(jobs: readonly JobResult[]): Counts {
  const counts = { total: jobs.length, passed: 0, failed: 0, killed: 0 };
  for (const { status } of jobs) counts[status]++;
  return counts;
}

function checkCounts(counts: Counts, jobs: readonly JobResult[], notices: Notices): void {
  const there = countJobs(jobs);
  const differ = (['passed', 'failed', 'killed'] as const).filter(
    (status) => counts[status] !== there[status],
  );
  for (const status of differ) {
    notices.add(`of ${counts[status]} ${status} jobs the record holds ${there[status]}`);
  }
}

function readBuckets(raw: unknown, jobs: readonly JobResult[], notices: Notices): readonly Bucket[] {
  const parsed = bucketsSchema.safeParse(raw);
  if (parsed.success) return parsed.data;
  notices.add('the record has no list of buckets that can be read: failures were grouped again');
  return gatherBuckets(listFailures(jobs));
}

function* listFailures(jobs: readonly JobResult[]): Generator<Failure> {
  for (const { full_name: job, reason } of jobs) {
    const signature = reason === null ? null : findWordedSignature(reason);
    if (signature !== null) yield { job, signature };
  }
}

/** Gathers what was wrong, one line for all jobs with the same fault. */
class Notices {
  readonly #lines: string[] = [];
  readonly #counted = new Map<string, { count: number; first: string }>();

  add(line: string): void {
    this.#lines.push(line);
  }

  count(fault: string, job: string): void {
    const seen = this.#counted.get(fault);
    if (seen === undefined) this.#counted.set(fault, { count: 1, first: job });
    else seen.count++;
  }

  get lines(): string[] {
    const counted = [...this.#counted].map(([fault, { count, first }]) =>
      count === 1 ? `a job ${fault}: ${first}` : `${count} jobs ${fault}; the first is ${first}`,
    );
    return [...this.#lines, ...counted];
  }
}
