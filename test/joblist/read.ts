// Reads job lists out of texts, for tests.
import { expect } from 'vitest';
import { parseJobList, type JobListFormat, type ParseOptions } from '../../src/joblist/index.js';
import { formatProblem, UserError, type JobSource, type JobSpec } from '../../src/model/index.js';

/** Reads a text as a list called `jobs.json`, with `/scratch` as scratch root and `/home` as current directory. */
export async function readText(text: string, options: Partial<ParseOptions> = {}): Promise<JobSource> {
  return parseJobList(Buffer.from(text), {
    file: 'jobs.json',
    scratchRoot: '/scratch',
    cwd: '/home',
    ...options,
  });
}

/** The one job of a list of one. */
export async function readJob(fields: Readonly<Record<string, unknown>>): Promise<JobSpec> {
  const { jobs } = await readText(JSON.stringify([fields]));
  expect(jobs).toHaveLength(1);
  return jobs[0] as JobSpec;
}

/** The problems of a text as the user sees them, in order; fails when it is accepted. */
export async function problemsOf(text: string, format?: JobListFormat): Promise<string[]> {
  try {
    await readText(text, { format });
  } catch (error) {
    if (error instanceof UserError) return error.problems.map(formatProblem);
    throw error;
  }
  throw new Error('the list was accepted');
}

/** The problems of one job, alone in a line. */
export async function problemsOfJob(fields: Readonly<Record<string, unknown>>): Promise<string[]> {
  return problemsOf(JSON.stringify(fields), 'lines');
}
