// Reads flow.json back. Knows the shape, and what to say of a file that does not have it.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf } from '../util/message-of.js';
import { TEXT_AT_ONCE } from '../util/read-at-once.js';
import { FLOW_RECORD_FILE, FLOW_RECORD_SCHEMA, type FlowRecord } from './flow-record.js';

/** What came of reading. */
export type FlowRecordReading =
  | { readonly kind: 'read'; readonly record: FlowRecord }
  /** The run was not one of a flow config. */
  | { readonly kind: 'absent' }
  /** There is a file, but no record in it; `notice` says why, in one line. */
  | { readonly kind: 'unusable'; readonly notice: string };

/** Reads the record of the run in `runDirectory`. Never rejects for what is in the file. */
export async function readFlowRecord(runDirectory: string): Promise<FlowRecordReading> {
  const path = join(runDirectory, FLOW_RECORD_FILE);
  let text: string;
  try {
    text = await readFile(path, TEXT_AT_ONCE);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { kind: 'absent' };
    return { kind: 'unusable', notice: `cannot read ${path}: ${messageOf(error)}` };
  }
  return parseFlowRecord(text, path);
}

/** Reads the record out of the text of a file; `path` is for messages. */
export async function parseFlowRecord(text: string, path: string): Promise<FlowRecordReading> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { kind: 'unusable', notice: `${path} is not JSON: half-written or damaged` };
  }
  const schema = schemaOf(value);
  if (schema !== FLOW_RECORD_SCHEMA) {
    const is = schema === undefined ? 'no schema' : `the schema ${JSON.stringify(schema)}`;
    return { kind: 'unusable', notice: `${path} has ${is}, but this version reads ${FLOW_RECORD_SCHEMA}` };
  }
  // Loaded late: zod is slow to load, and most commands read no record.
  const { checkFlowRecord } = await import('./flow-record-shape.js');
  const problem = checkFlowRecord(value);
  if (problem !== null) return { kind: 'unusable', notice: `${path} is damaged: ${problem}` };
  return { kind: 'read', record: value as FlowRecord };
}

function schemaOf(value: unknown): unknown {
  return typeof value === 'object' && value !== null && 'schema' in value ? value.schema : undefined;
}
