// Reads metrics.json back, but for its jobs, which results.json has too. Knows the shape, and what to say of another one.
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { messageOf } from '../../util/message-of.js';
import { TEXT_AT_ONCE } from '../../util/read-at-once.js';
import { METRICS_SCHEMA, USAGE_SOURCES, type RunMetrics } from './schema.js';

const amount = z.number().min(0);
const amountOrNull = amount.nullable();
const series = z.array(amount);
const use = { limit: amountOrNull, peak: amount, busy_s: amount };
const idle = z.object({
  no_ready_job: amount,
  licence: amount,
  limit: amount,
  backend_busy: amount,
  backoff: amount,
});

const test = z.object({
  ...{ name: z.string(), target: z.string() },
  ...{ jobs: amount, job_runtime_s: amount, mean_s: amount, longest_s: amount },
});

const metricsSchema = z.object({
  schema: z.literal(METRICS_SCHEMA),
  run_id: z.string(),
  started_at: z.string(),
  ended_at: z.string().nullable(),
  makespan_s: amountOrNull,
  usage_source: z.record(z.string(), z.enum(USAGE_SOURCES)),
  totals: z.object({
    ...{ queued_s: amount, job_runtime_s: amount },
    ...{ cpu_s: amountOrNull, max_rss_kib: amountOrNull },
  }),
  slots: z.object({ ...use, idle_slot_s: idle.nullable() }),
  backends: z.record(z.string(), z.object(use)),
  resources: z.record(z.string(), z.object(use)),
  critical_path: z.object({
    ...{ queued_s: amount, job_runtime_s: amount },
    steps: z.array(
      z.object({ full_name: z.string(), ready_at_s: amount, queued_s: amount, job_runtime_s: amount }),
    ),
  }),
  groups: z.array(
    z.object({
      ...{ block: z.string().nullable(), tool: z.string().nullable(), jobs: amount, job_runtime_s: amount },
      longest_jobs: z.array(z.object({ full_name: z.string(), job_runtime_s: amount })),
      longest_tests: z.array(test),
    }),
  ),
  curves: z.object({
    ...{ interval_s: amount, slots: series, queue: series },
    ...{ backends: z.record(z.string(), series), resources: z.record(z.string(), series) },
  }),
});

/** What came of reading: figures, or why there are none, in one line; neither when the run has left none. */
export interface MetricsReading {
  readonly metrics: RunMetrics | null;
  readonly notice: string | null;
}

/** Reads a metrics.json. Never rejects for what is in the file, or for its absence. */
export async function readMetrics(path: string): Promise<MetricsReading> {
  try {
    const text = await readFile(path, TEXT_AT_ONCE);
    // The jobs follow in lines of their own; most of the file is theirs.
    const end = text.indexOf(',\n"jobs": [');
    return parseMetrics(JSON.parse(end < 0 ? text : `${text.slice(0, end)}}`));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { metrics: null, notice: null };
    return { metrics: null, notice: `no figures of time and resources: metrics.json: ${messageOf(error)}` };
  }
}

function parseMetrics(value: unknown): MetricsReading {
  const parsed = metricsSchema.safeParse(value);
  if (parsed.success) return { metrics: parsed.data, notice: null };
  const [issue] = parsed.error.issues;
  const what = issue === undefined ? '' : `: ${issue.path.join('.')}: ${issue.message}`;
  return {
    metrics: null,
    notice: `no figures of time and resources: metrics.json is not as it should be${what}`,
  };
}
