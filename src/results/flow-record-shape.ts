// The shape of flow.json, as a zod schema. Loaded only where a record is read back: zod is slow to load.
import { z } from 'zod';
import { FLOW_RECORD_SCHEMA, type FlowRecord } from './flow-record.js';

const text = z.string();
const index = z.number().int().nonnegative();

const testplan = z.object({
  file: text,
  testpoints: z.array(
    z.object({ name: text, desc: text, stage: text, tests: z.array(text), is_mapped: z.boolean() }),
  ),
  covergroups: z.array(z.object({ name: text, desc: text })),
});

const coverage = z.object({ merged_dir: text, report_dir: text, report_file: text, report_page: text });

const block = z.object({
  title: text,
  flow: text,
  tool: text,
  file: text,
  first_job: index,
  job_count: index,
  testplan: testplan.nullable(),
  coverage: coverage.nullable(),
  report_keys: z.record(text, z.unknown()),
});

const flowRecord: z.ZodType<FlowRecord> = z.object({
  schema: z.literal(FLOW_RECORD_SCHEMA),
  name: text,
  flow: text,
  blocks: z.array(block),
  coverage_of_run: z.record(text, text),
});

/** Null when the value is a record; else the first thing wrong with it, in one line. */
export function checkFlowRecord(value: unknown): string | null {
  const checked = flowRecord.safeParse(value);
  if (checked.success) return null;
  const [issue] = checked.error.issues;
  if (issue === undefined) return 'not a record';
  return `${issue.path.map(String).join('.')}: ${issue.message}`;
}
