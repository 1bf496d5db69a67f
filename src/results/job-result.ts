// Puts one job's record into the words of results.json. Pure; knows one job at a time.
import type { JobSpec } from '../model/job-spec.js';
import type { Reason } from '../model/reason.js';
import { describeReason } from '../model/reason.js';
import type { EndedRecord } from './job-table.js';
import type { JobResult, ReasonResult } from './schema.js';

/** The job's entry, with its fields in the order of the contract. */
export function toJobResult(record: EndedRecord, spec: JobSpec, backend: string): JobResult {
  const { facts, startedAtMs, endedAtMs, queuedAtMs } = record;
  const { cpuMs, maxRssKib } = facts.usage;
  return {
    full_name: spec.fullName,
    name: spec.name,
    qual_name: spec.qualName,
    target: spec.target,
    job_type: spec.jobType,
    block: spec.block === null ? null : describeBlock(spec.block),
    tool: spec.tool?.name ?? null,
    backend,
    seed: spec.seed,
    status: record.status,
    reason: record.reason === null ? null : toReasonResult(record.reason),
    attempts: record.attempts,
    exit_code: facts.exitCode,
    signal: facts.signal,
    queued_s: seconds(queuedAtMs, Number.isNaN(startedAtMs) ? endedAtMs : startedAtMs),
    job_runtime_s: seconds(startedAtMs, endedAtMs),
    simulated_time_us: facts.simulatedTimeUs,
    started_at: Number.isNaN(startedAtMs) ? null : toIsoTime(startedAtMs),
    ended_at: toIsoTime(endedAtMs),
    odir: spec.odir,
    log_path: spec.logPath,
    ...(cpuMs !== undefined && { cpu_s: toSeconds(cpuMs) }),
    ...(maxRssKib !== undefined && { max_rss_kib: maxRssKib }),
    ...(facts.leftovers.length > 0 && { leftovers: facts.leftovers }),
  };
}

/** Seconds that were put into words already: jobs start and end in the same ones, and wording a date is slow. */
const wordedSeconds = new Map<number, string>();

/** Most seconds kept; then the memory starts afresh. */
const MAX_WORDED_SECONDS = 100_000;

/** ISO 8601 in UTC, to the millisecond. */
export function toIsoTime(ms: number): string {
  const whole = Math.round(ms);
  const second = Math.floor(whole / 1000);
  let words = wordedSeconds.get(second);
  if (words === undefined) {
    if (wordedSeconds.size >= MAX_WORDED_SECONDS) wordedSeconds.clear();
    words = new Date(second * 1000).toISOString().slice(0, 19);
    wordedSeconds.set(second, words);
  }
  return `${words}.${String(whole - second * 1000).padStart(3, '0')}Z`;
}

/** Seconds between two times as {@link toIsoTime} words them, so that the sum is right to the millisecond; null when one is NaN. */
export function seconds(fromMs: number, toMs: number): number | null {
  const ms = Math.round(toMs) - Math.round(fromMs);
  return Number.isNaN(ms) ? null : toSeconds(ms);
}

/** Milliseconds in seconds, to the millisecond. */
export function toSeconds(ms: number): number {
  return Math.round(ms) / 1000;
}

/** `name`, or `name/variant`. */
export function describeBlock({
  name,
  variant,
}: {
  readonly name: string;
  readonly variant: string;
}): string {
  return variant === '' ? name : `${name}/${variant}`;
}

/** `kind` and `message` first; then the reason's own fields, in snake_case, without those that say the same. */
function toReasonResult(reason: Reason): ReasonResult {
  const { kind, ...details } = reason;
  const own = Object.entries(details).filter(([name]) => name !== 'message' && name !== 'text');
  return {
    kind,
    message: describeReason(reason),
    ...Object.fromEntries(
      own.map(([name, value]) => [name.replaceAll(/[A-Z]/g, (char) => `_${char.toLowerCase()}`), value]),
    ),
  };
}
