// The format of a journal: JSON lines, one record each. Turns entries into text and back. Knows no file.
//
// The first line names the format and the run, and has a digest of the run's job list. In the others `at` is Unix time in
// milliseconds, `do` says what happened, jobs are indices into the job list, and `sum`, the last field, is over the rest of the line:
//
//   begin | resume     limits                       the run starts, or goes on in another process
//   queue              jobs                         became ready
//   submit             backend, ids                 is about to be submitted: job, attempt, job, attempt, ...
//   run                jobs                         runs: job, times accepted, job, times accepted, ...
//   requeue            job, accepted, reason        an attempt is over and another follows
//   end                job, accepted, status, ...   ended, with reason and facts where there are any
//   kill               jobs, reason, force          a kill is about to be sent
//   idle               slots                        slots that idle: no ready job, resource, limit, back-off
//   stop | limits | busy | stall | finish           as the run event of that name
import type { AttemptId } from '../model/backend.js';
import { NO_FACTS, type EndFacts } from '../model/outcome.js';
import type { Reason } from '../model/reason.js';
import type { Limits, RunEvent } from '../model/run-event.js';
import { isTerminal, type JobStatus, type TerminalStatus } from '../model/status.js';
import { unreachable } from '../util/unreachable.js';
import type { JournalEntry } from './entry.js';

/** Name of the format, and its version: of another version only its number can be told. */
export const JOURNAL_FORMAT = 'regatta.journal';
export const JOURNAL_VERSION = 1;

/** First line of a journal. */
export interface JournalHeader {
  /** `regatta.journal/1`. */
  readonly schema: string;
  readonly run_id: string;
  /** How many jobs the run has. */
  readonly jobs: number;
  /** SHA-256 of the file that the jobs are kept in, in hexadecimal: what follows tells of jobs by their places in it. */
  readonly jobs_sha256: string;
}

type Event<K extends RunEvent['kind']> = Extract<RunEvent, { readonly kind: K }>;

/** A record as it stands on a line. */
export type JournalRecord = { readonly at: number } & (
  | { readonly do: 'begin' | 'resume'; readonly limits: Limits }
  | { readonly do: 'queue'; readonly jobs: readonly number[] }
  | { readonly do: 'submit'; readonly backend: string; readonly ids: readonly number[] }
  | { readonly do: 'run'; readonly jobs: readonly number[] }
  | { readonly do: 'requeue'; readonly job: number; readonly accepted: number; readonly reason: Reason }
  | ({
      readonly do: 'end';
      readonly job: number;
      readonly accepted: number;
      readonly status: TerminalStatus;
      readonly reason?: Reason;
    } & FactsRecord)
  | {
      readonly do: 'kill';
      readonly jobs: readonly number[];
      readonly reason: Reason;
      readonly force: boolean;
    }
  | {
      readonly do: 'stop';
      readonly mode: Event<'stop-asked'>['mode'];
      readonly by: Event<'stop-asked'>['by'];
    }
  | { readonly do: 'limits'; readonly limits: Limits }
  | { readonly do: 'busy'; readonly backend: string; readonly until: number; readonly message: string }
  | { readonly do: 'idle'; readonly slots: readonly [number, number, number, number] }
  | { readonly do: 'stall'; readonly blocked: Event<'stalled'>['blocked'] }
  | { readonly do: 'finish'; readonly stop: Event<'run-ended'>['stop'] }
);

/** Facts of an end; what is not known is left out. */
interface FactsRecord {
  readonly exit?: number;
  readonly signal?: string;
  readonly cpu_ms?: number;
  readonly rss_kib?: number;
  readonly sim_us?: number;
  readonly leftovers?: readonly string[];
}

/** The record of an event. */
export function toRecord(event: RunEvent): JournalRecord {
  const at = event.atMs;
  switch (event.kind) {
    case 'run-started':
      return { at, do: 'begin', limits: event.limits };
    case 'run-resumed':
      return { at, do: 'resume', limits: event.limits };
    case 'job-changed':
      return changeToRecord(event);
    case 'kill-sent':
      return { at, do: 'kill', jobs: event.jobs, reason: event.reason, force: event.force };
    case 'stop-asked':
      return { at, do: 'stop', mode: event.mode, by: event.by };
    case 'limits-changed':
      return { at, do: 'limits', limits: event.limits };
    case 'backend-busy':
      return { at, do: 'busy', backend: event.backend, until: event.untilMs, message: event.message };
    case 'slots-idle': {
      const { noReadyJob, resource, limit, backoff } = event.idle;
      return { at, do: 'idle', slots: [noReadyJob, resource, limit, backoff] };
    }
    case 'stalled':
      return { at, do: 'stall', blocked: event.blocked };
    case 'run-ended':
      return { at, do: 'finish', stop: event.stop };
    default:
      return unreachable(event);
  }
}

/** The record of an intent. */
export function intentRecord(backend: string, attempts: readonly AttemptId[], at: number): JournalRecord {
  const ids: number[] = [];
  for (const { job, attempt } of attempts) ids.push(job, attempt);
  return { at, do: 'submit', backend, ids };
}

function changeToRecord(event: Event<'job-changed'>): JournalRecord {
  const { atMs: at, job, to, attempts: accepted, reason, facts } = event;
  if (to === 'running') return { at, do: 'run', jobs: [job, accepted] };
  if (isTerminal(to)) {
    const end = { at, do: 'end', job, accepted, status: to } as const;
    const known = facts === null ? {} : factsToRecord(facts);
    return reason === null ? Object.assign(end, known) : Object.assign(end, { reason }, known);
  }
  return reason === null ? { at, do: 'queue', jobs: [job] } : { at, do: 'requeue', job, accepted, reason };
}

/** Written out, field by field: the end of every job passes here. */
function factsToRecord({ exitCode, signal, usage, simulatedTimeUs, leftovers }: EndFacts): FactsRecord {
  const record: { -readonly [Fact in keyof FactsRecord]: FactsRecord[Fact] } = {};
  if (exitCode !== null) record.exit = exitCode;
  if (signal !== null) record.signal = signal;
  if (usage.cpuMs !== undefined) record.cpu_ms = usage.cpuMs;
  if (usage.maxRssKib !== undefined) record.rss_kib = usage.maxRssKib;
  if (simulatedTimeUs !== null) record.sim_us = simulatedTimeUs;
  if (leftovers.length > 0) record.leftovers = leftovers;
  return record;
}

function toFacts(record: FactsRecord): EndFacts {
  const { exit, signal, cpu_ms, rss_kib, sim_us, leftovers } = record;
  const isEmpty = [exit, signal, cpu_ms, rss_kib, sim_us, leftovers].every((fact) => fact === undefined);
  if (isEmpty) return NO_FACTS;
  return {
    exitCode: exit ?? null,
    signal: signal ?? null,
    usage: {
      ...(cpu_ms === undefined ? {} : { cpuMs: cpu_ms }),
      ...(rss_kib === undefined ? {} : { maxRssKib: rss_kib }),
    },
    simulatedTimeUs: sim_us ?? null,
    leftovers: leftovers ?? [],
  };
}

/** Turns records back into entries. Keeps the status of every job, which records leave out. */
export class EntryDecoder {
  readonly #statuses: JobStatus[];
  readonly #accepted: Int32Array;

  constructor(jobs: number) {
    this.#statuses = new Array<JobStatus>(jobs).fill('scheduled');
    this.#accepted = new Int32Array(jobs);
  }

  /** @throws TypeError for a record that is none of this version's, or about a job that does not exist. */
  *decode(record: JournalRecord): Generator<JournalEntry> {
    const atMs = record.at;
    switch (record.do) {
      case 'begin':
        yield { kind: 'begin', atMs, limits: record.limits };
        return;
      case 'resume':
        // Each job that goes on is told of from the start.
        this.#statuses.fill('scheduled');
        yield { kind: 'event', event: { kind: 'run-resumed', atMs, limits: record.limits } };
        return;
      case 'queue':
        for (const job of record.jobs) yield this.#change(atMs, job, { to: 'queued' });
        return;
      case 'submit':
        yield { kind: 'intent', atMs, backend: record.backend, attempts: [...this.#pairs(record.ids)] };
        return;
      case 'run':
        for (const { job, attempt: accepted } of this.#pairs(record.jobs))
          yield this.#change(atMs, job, { to: 'running', accepted });
        return;
      case 'requeue':
        yield this.#change(atMs, record.job, { ...record, to: 'queued' });
        return;
      case 'end':
        yield this.#change(atMs, record.job, { ...record, to: record.status, facts: toFacts(record) });
        return;
      case 'kill': {
        const { jobs, reason, force } = record;
        yield { kind: 'event', event: { kind: 'kill-sent', atMs, jobs, reason, force } };
        return;
      }
      case 'stop':
        yield { kind: 'event', event: { kind: 'stop-asked', atMs, mode: record.mode, by: record.by } };
        return;
      case 'limits':
        yield { kind: 'event', event: { kind: 'limits-changed', atMs, limits: record.limits } };
        return;
      case 'busy': {
        const { backend, until: untilMs, message } = record;
        yield { kind: 'event', event: { kind: 'backend-busy', atMs, backend, untilMs, message } };
        return;
      }
      case 'idle': {
        const [noReadyJob, resource, limit, backoff] = record.slots;
        const idle = { noReadyJob, resource, limit, backoff };
        yield { kind: 'event', event: { kind: 'slots-idle', atMs, idle } };
        return;
      }
      case 'stall':
        yield { kind: 'event', event: { kind: 'stalled', atMs, blocked: record.blocked } };
        return;
      case 'finish':
        yield { kind: 'event', event: { kind: 'run-ended', atMs, stop: record.stop } };
        return;
      default:
        throw new TypeError(`unknown record ${JSON.stringify((record as { do?: unknown }).do)}`);
    }
  }

  #change(
    atMs: number,
    job: number,
    change: {
      readonly to: JobStatus;
      readonly accepted?: number;
      readonly reason?: Reason;
      readonly facts?: EndFacts;
    },
  ): JournalEntry {
    const from = this.#statuses[job];
    if (from === undefined) throw new TypeError(`there is no job ${job}`);
    const { to, accepted = this.#accepted[job] ?? 0, reason = null, facts = null } = change;
    this.#statuses[job] = to;
    this.#accepted[job] = accepted;
    return {
      kind: 'event',
      event: { kind: 'job-changed', atMs, job, from, to, attempts: accepted, reason, facts },
    };
  }

  *#pairs(ids: readonly number[]): Generator<AttemptId> {
    for (let i = 0; i < ids.length; i += 2) {
      const [job = -1, attempt = -1] = [ids[i], ids[i + 1]];
      if (this.#statuses[job] === undefined) throw new TypeError(`there is no job ${job}`);
      yield { job, attempt };
    }
  }
}
