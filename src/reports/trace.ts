// The jobs of a run as a trace for Perfetto or chrome://tracing: a process a backend, a row a slot. Knows no files.
import type { JobResult, ResultsView } from '../results/index.js';
import { SlotRows } from './slot-rows.js';

interface Slice {
  readonly job: JobResult;
  readonly startMs: number;
  readonly endMs: number;
}

/** The text in pieces; together one JSON object in the Trace Event Format. Jobs that never ran are not in it. */
export function* formatTrace(results: ResultsView): Generator<string> {
  const { run_id, started_at, makespan_s, counts } = results;
  const slices = readSlices(results.jobs);
  const originMs = Date.parse(started_at);
  const about = JSON.stringify({ run_id, started_at, makespan_s, counts });
  yield `{"displayTimeUnit":"ms","otherData":${about},\n"traceEvents":[`;
  let separator = '\n';
  for (const event of listEvents(slices, originMs)) {
    yield separator + JSON.stringify(event);
    separator = ',\n';
  }
  yield '\n]}\n';
}

/** By start; of jobs that started together, in declaration order. */
function readSlices(jobs: Iterable<JobResult>): Slice[] {
  const slices: Slice[] = [];
  for (const job of jobs) {
    if (job.started_at === null) continue;
    slices.push({ job, startMs: Date.parse(job.started_at), endMs: Date.parse(job.ended_at) });
  }
  return slices.sort((a, b) => a.startMs - b.startMs);
}

function* listEvents(slices: readonly Slice[], originMs: number): Generator<object> {
  const processes = new Map<string, { pid: number; rows: SlotRows }>();
  for (const { job, startMs, endMs } of slices) {
    let process = processes.get(job.backend);
    if (process === undefined) {
      process = { pid: processes.size + 1, rows: new SlotRows() };
      processes.set(job.backend, process);
      yield describeRow('process_name', { pid: process.pid, tid: 0 }, job.backend);
    }
    const { pid, rows } = process;
    const { row, isNew } = rows.take(startMs, endMs);
    const tid = row + 1;
    if (isNew) yield describeRow('thread_name', { pid, tid }, `slot ${tid}`);
    yield {
      name: job.full_name,
      cat: job.target,
      ph: 'X',
      ts: (startMs - originMs) * 1000,
      dur: (endMs - startMs) * 1000,
      pid,
      tid,
      args: describeJob(job),
    };
  }
}

function describeRow(name: string, row: { pid: number; tid: number }, label: string): object {
  return { name, ph: 'M', ...row, args: { name: label } };
}

function describeJob(job: JobResult): object {
  return {
    status: job.status,
    reason: job.reason?.message,
    seed: job.seed,
    attempts: job.attempts,
    queued_s: job.queued_s,
    log_path: job.log_path,
  };
}
