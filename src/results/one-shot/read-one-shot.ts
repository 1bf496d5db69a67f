// Finds and reads what the jobs of one-shot flows left: results.hjson in each job's directory. Knows DVSim's forms of it.
import Hjson from 'hjson';
import { join } from 'node:path';
import { messageOf } from '../../util/message-of.js';
import type { BlockRecord, FlowRecord } from '../flow-record.js';
import type { JobResult, ResultsView } from '../schema.js';
import { readToolFile } from '../tool-file.js';
import { readFormalFigures, readSynthesisFigures } from './figures.js';
import { countSeverities, readBucketRules, sortMessages } from './message-buckets.js';
import type { OneShotResult } from './one-shot.js';

/** Flows whose jobs leave results of this kind. */
const ONE_SHOT_FLOWS: ReadonlySet<string> = new Set(['lint', 'cdc', 'rdc', 'syn', 'formal']);

/** What the report command of such a flow writes into the job's directory. */
const RESULTS_FILE = 'results.hjson';

/**
 * The results of each ended job of a one-shot flow, in the order of the jobs. Also of failed jobs: a lint job that found
 * something has failed. Never rejects for what is in the files.
 */
export async function readOneShot(
  record: FlowRecord,
  results: Pick<ResultsView, 'jobs'>,
): Promise<OneShotResult[]> {
  const blocks = new Map(
    record.blocks.filter(({ flow }) => ONE_SHOT_FLOWS.has(flow)).map((block) => [block.title, block]),
  );
  if (blocks.size === 0) return [];
  const reads: Promise<OneShotResult>[] = [];
  for (const job of results.jobs) {
    const block = job.block === null ? undefined : blocks.get(job.block);
    if (block !== undefined) reads.push(readJob(block, job));
  }
  return Promise.all(reads);
}

async function readJob(block: BlockRecord, job: JobResult): Promise<OneShotResult> {
  const path = join(job.odir, RESULTS_FILE);
  const file = await readToolFile(path, job);
  const notices = file.notice === null ? [] : [file.notice];
  // A job that was stopped or never started has left nothing, and its status says so.
  if (file.kind === 'absent' && job.status === 'killed') return makeResult(block, job, {});
  if (file.kind !== 'text') return makeResult(block, job, { notices });
  try {
    return makeResult(block, job, { path, notices, dict: parseDict(file.text) });
  } catch (error) {
    notices.push(`${path} cannot be read: ${firstLine(messageOf(error))}`);
    return makeResult(block, job, { notices });
  }
}

interface Read {
  readonly path?: string;
  readonly dict?: Readonly<Record<string, unknown>>;
  readonly notices?: readonly string[];
}

function makeResult(
  { title, flow, tool, report_keys: keys }: BlockRecord,
  { name, full_name, status }: JobResult,
  { path, dict = {}, notices = [] }: Read,
): OneShotResult {
  // Lint and its kin have their messages at the top; formal and synthesis tools below `messages`, beside figures.
  const lists = flow === 'syn' || flow === 'formal' ? (dict['messages'] ?? {}) : dict;
  const sorted = sortMessages(asDict(lists), readBucketRules(keys), flow);
  return {
    block: title,
    flow,
    tool,
    mode: name,
    full_name,
    status,
    counts: countSeverities(sorted.messages),
    messages: sorted.messages,
    formal: flow === 'formal' && path !== undefined ? readFormalFigures(dict) : null,
    synthesis: flow === 'syn' && path !== undefined ? readSynthesisFigures(dict) : null,
    results_file: path ?? null,
    notices: [...notices, ...sorted.notices.map((notice) => `${path ?? title}: ${notice}`)],
  };
}

function asDict(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : {};
}

function parseDict(text: string): Readonly<Record<string, unknown>> {
  const value = parseText(text);
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return value as Readonly<Record<string, unknown>>;
  }
  throw new Error('it holds no key: value pairs');
}

/** Tools write JSON as a rule, which is read much faster. */
function parseText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return Hjson.parse(text);
  }
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? '';
}
