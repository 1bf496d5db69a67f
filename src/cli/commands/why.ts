// `regatta why`: why a job of a run is not running, or how it ended. The same predicates answer that start jobs.
import type { RawOptions } from '../../flow/options/read-options.js';
import { escapeControls, UserError } from '../../model/problem.js';
import { describeReason, type Reason } from '../../model/reason.js';
import type { RunEvent } from '../../model/run-event.js';
import { JobTable, type JobRecord } from '../../results/job-table.js';
import { formatDuration } from '../../util/format-duration.js';
import { composeCore } from '../compose.js';
import { ExitCode } from '../exit-codes.js';
import { findJob } from '../find-job.js';
import type { CliStreams } from '../main.js';
import { checkPastRun, replayPastRun, type PastRun } from '../past-run.js';
import { findRunOfJob } from '../read-lookup.js';
import { findActivity } from '../run-activity.js';
import { readRunRecord, recordedBackendOf, type RunRecord } from '../run-record.js';

type BackendBusy = Extract<RunEvent, { readonly kind: 'backend-busy' }>;

/**
 * Says it on stdout, a line a cause.
 * @throws UserError when there is no such run or job.
 */
export async function whyCommand(named: string, raw: RawOptions, streams: CliStreams): Promise<ExitCode> {
  const record = await readRunRecord(findRunOfJob(raw));
  const { source } = record;
  const job = findJob(named, source.jobs);
  const table = new JobTable(source.jobs.length);
  const refusals = new Refusals(record);
  for (const event of replayPastRun(record)) {
    if (event.kind === 'job-changed') table.record(event);
    refusals.take(event);
  }
  const lines = await describe(table.get(job), record, refusals.lastOf(job));
  const name = source.jobs[job]?.fullName ?? '';
  streams.stdout.write(lines.map((line) => `${escapeControls(`${name} ${line}`)}\n`).join(''));
  return ExitCode.OK;
}

/** What backends have refused and not made good since. */
class Refusals {
  readonly #record: RunRecord;
  readonly #last = new Map<string, BackendBusy>();

  constructor(record: RunRecord) {
    this.#record = record;
  }

  take(event: RunEvent): void {
    if (event.kind === 'backend-busy') this.#last.set(event.backend, event);
    else if (event.kind === 'run-resumed') this.#last.clear();
    else if (event.kind === 'job-changed' && event.to === 'running')
      this.#last.delete(this.#backendOf(event.job));
  }

  /** The last refusal of the job's backend after which it has started nothing; null: there is none. */
  lastOf(job: number): BackendBusy | null {
    return this.#last.get(this.#backendOf(job)) ?? null;
  }

  #backendOf(job: number): string {
    const spec = this.#record.source.jobs[job];
    return spec === undefined ? '' : recordedBackendOf(this.#record, spec);
  }
}

async function describe(job: JobRecord, record: RunRecord, refusal: BackendBusy | null): Promise<string[]> {
  const spec = record.source.jobs[job.job];
  const activity = findActivity(record);
  const log = spec === undefined ? [] : [`has its log in ${spec.logPath}`];
  switch (job.status) {
    case 'passed':
      return ['passed', ...log];
    case 'failed':
    case 'killed': {
      const verb = job.status === 'failed' ? 'failed' : 'was killed';
      const why = job.reason === null ? '' : `: ${describeReason(job.reason)}`;
      const isOver = activity.state !== 'interrupted' || standsFor(job, record);
      const again = isOver ? [] : ['is run again when the run is resumed'];
      return [`${verb}${why}`, ...describeLine(job.reason), ...again, ...(hasRun(job) ? log : [])];
    }
    case 'running': {
      const nowMs = activity.state === 'running' ? Date.now() : record.state.lastAtMs;
      const verb = activity.state === 'running' ? 'is running' : 'was running when the run was interrupted';
      return [`${verb}, for ${formatDuration(nowMs - job.startedAtMs)}`, ...log];
    }
    case 'scheduled':
    case 'queued':
      return activity.state === 'running'
        ? explainNow(job, record, refusal)
        : [`is ${job.status}: the run is ${activity.words}`];
  }
}

/** Whether the end of a job, or that of the job which decided it, stands. */
function standsFor({ job, reason }: JobRecord, { source, state }: RunRecord): boolean {
  if (reason?.kind !== 'dependency') return state.stands(job);
  return state.stands(source.jobs.findIndex(({ fullName }) => fullName === reason.culprit));
}

function describeLine(reason: Reason | null): string[] {
  return reason?.kind === 'fail-pattern'
    ? [`matched /${reason.pattern}/ in line ${reason.line} of its log`]
    : [];
}

function hasRun({ startedAtMs }: JobRecord): boolean {
  return !Number.isNaN(startedAtMs);
}

/** What keeps a job waiting now depends on limits that a config file may set, and on backends that a plugin may bring. */
async function explainNow(
  { job, status }: JobRecord,
  record: RunRecord,
  refusal: BackendBusy | null,
): Promise<string[]> {
  let run: PastRun;
  try {
    run = await checkPastRun(record, {});
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return [`is ${status}; what it waits for cannot be told: ${error.message}`];
  }
  return explain(job, run).map((cause) => (cause === 'is being submitted' ? describeStart(refusal) : cause));
}

/** Puts a scheduler into the state that is on record, and asks it. */
function explain(job: number, { record, checked, options }: PastRun): string[] {
  const limits = record.state.limits ?? checked.limits;
  const core = composeCore({ ...checked, limits }, options);
  core.step({ kind: 'start', recovery: record.state.recover() }, record.state.lastAtMs);
  return core.explain(job);
}

/** The record does not tell which jobs a backend has refused, only that it did. */
function describeStart(refusal: BackendBusy | null): string {
  if (refusal === null) return 'is being started';
  const { backend, atMs, untilMs, message } = refusal;
  const since = formatDuration(Date.now() - atMs);
  const pause = ((untilMs - atMs) / 1000).toFixed(2);
  return `is being started; ${backend} was busy ${since} ago: ${message}; what it refuses is offered again, last after ${pause} s`;
}
