// What results.json must be for a report to rely on it, field by field. Knows no files and no way to mend.
import { z } from 'zod';
import { REPRO_OUTCOMES } from './buckets/repro.js';
import type { JobResult, RunResult } from './schema.js';

const time = z.string().refine((text) => !Number.isNaN(Date.parse(text)), 'must be a time');
const seconds = z.number().min(0).nullable();
const count = z.number().int().min(0);
const textOrNull = z.string().nullable();

const reason = z.looseObject({
  kind: z.string(),
  message: z.string(),
  line: z.number().int().min(1).optional(),
  context: z.array(z.string()).optional(),
});

/** One entry of `jobs`. Fields that are not named here are kept: a later version may add some. */
export const jobSchema = z.looseObject({
  full_name: z.string(),
  name: z.string(),
  qual_name: z.string(),
  target: z.string(),
  job_type: textOrNull,
  block: textOrNull,
  tool: textOrNull,
  backend: z.string(),
  seed: z.number().nullable(),
  status: z.enum(['passed', 'failed', 'killed']),
  reason: reason.nullable(),
  attempts: count,
  exit_code: z.number().nullable(),
  signal: textOrNull,
  queued_s: seconds,
  job_runtime_s: seconds,
  simulated_time_us: seconds,
  started_at: time.nullable(),
  ended_at: time,
  odir: z.string(),
  log_path: z.string(),
  cpu_s: z.number().min(0).optional(),
  max_rss_kib: z.number().min(0).optional(),
  leftovers: z.array(z.string()).optional(),
});

/** What stands for a field of a job that is missing or wrong. A job without name or status stands for nothing. */
export const JOB_FALLBACKS: Omit<JobResult, 'full_name' | 'status'> = {
  name: '',
  qual_name: '',
  target: 'unknown',
  job_type: null,
  block: null,
  tool: null,
  backend: 'unknown',
  seed: null,
  reason: null,
  attempts: 0,
  exit_code: null,
  signal: null,
  queued_s: null,
  job_runtime_s: null,
  simulated_time_us: null,
  started_at: null,
  ended_at: new Date(0).toISOString(),
  odir: '',
  log_path: '',
};

/** Everything but `jobs` and `buckets`. */
export const runSchema = z.looseObject({
  schema: z.string(),
  run_id: z.string(),
  started_at: time,
  ended_at: time.nullable(),
  exit_code: z.number().int().nullable(),
  makespan_s: seconds,
  counts: z.object({ total: count, passed: count, failed: count, killed: count }),
});

/** What stands for a field of the run that is missing or wrong; the counts are counted again. */
export const RUN_FALLBACKS: Omit<RunResult, 'schema' | 'counts'> = {
  run_id: 'unknown',
  started_at: new Date(0).toISOString(),
  ended_at: null,
  exit_code: null,
  makespan_s: null,
};

/** What came of running a job of a bucket again. */
export const reproSchema = z.object({
  outcome: z.enum(REPRO_OUTCOMES),
  job: z.string(),
  seed: z.number().nullable(),
  status: z.enum(['passed', 'failed', 'killed']),
  signature: textOrNull,
  message: textOrNull,
  log_path: z.string(),
  waves: textOrNull,
});

/** The entries of `buckets`. */
export const bucketsSchema = z.array(
  z.object({
    signature: z.string(),
    count,
    jobs: z.array(z.string()),
    repro: reproSchema.exactOptional(),
  }),
);
