// `regatta status`: where a run is, told from its record, whoever drives it.
import { readOptions, type RawOptions } from '../../flow/options/read-options.js';
import type { JobSpec } from '../../model/job-spec.js';
import { escapeControls } from '../../model/problem.js';
import { describeReason } from '../../model/reason.js';
import { formatPlainRow } from '../../observers/status/format-plain.js';
import { RunTally } from '../../observers/status/run-tally.js';
import { JobTable, type JobRecord } from '../../results/job-table.js';
import { formatDuration } from '../../util/format-duration.js';
import { ExitCode } from '../exit-codes.js';
import { findRun } from '../find-run.js';
import type { CliStreams } from '../main.js';
import { STATUS_COMMAND_OPTIONS } from '../option-tables.js';
import { replayPastRun } from '../past-run.js';
import { readLookup } from '../read-lookup.js';
import { findActivity, type RunActivity } from '../run-activity.js';
import { readRunRecord } from '../run-record.js';

/** Jobs of a kind that the text names. */
const MOST_NAMED = 10;

/** Name and version of the JSON form. */
const STATUS_SCHEMA = 'regatta.status/1';

/**
 * Shows a run.
 * @param named - A run id or directory; undefined: the run started last.
 * @throws UserError when there is no such run, or no record of it.
 */
export async function statusCommand(
  named: string | undefined,
  raw: RawOptions,
  streams: CliStreams,
): Promise<ExitCode> {
  const { format } = readOptions(STATUS_COMMAND_OPTIONS, raw);
  const record = await readRunRecord(findRun(named, readLookup(raw).scratchRoot));
  const activity = findActivity(record);
  const { jobs } = record.source;
  const table = new JobTable(jobs.length);
  let tally: RunTally | null = null;
  for (const event of replayPastRun(record)) {
    if (event.kind === 'run-started') tally = new RunTally(event);
    else tally?.apply(event);
    if (event.kind === 'job-changed') table.record(event);
  }
  const view: StatusView = {
    runId: record.origin.run_id,
    activity,
    jobs,
    table,
    nowMs: activity.state === 'running' ? Date.now() : record.state.lastAtMs,
  };
  if (format === 'json') streams.stdout.write(`${JSON.stringify(toJson(view), null, 2)}\n`);
  else streams.stdout.write(toText(view, tally));
  return ExitCode.OK;
}

interface StatusView {
  readonly runId: string;
  readonly activity: RunActivity;
  readonly jobs: readonly JobSpec[];
  readonly table: JobTable;
  /** Now, or when the run was interrupted or ended. */
  readonly nowMs: number;
}

function toText({ runId, activity, jobs, table, nowMs }: StatusView, tally: RunTally | null): string {
  const lines = [`run ${runId}: ${activity.words}`];
  if (tally !== null) {
    const { targets, total } = tally.snapshot(nowMs);
    const rows = targets.length > 1 ? [...targets, total] : targets;
    for (const row of rows) lines.push(formatPlainRow(row, total.elapsedMs ?? 0));
  }
  const nameOf = (job: number): string => jobs[job]?.fullName ?? '';
  const running = withStatus(table, ['running']);
  const verb = activity.state === 'running' ? 'running' : 'was running';
  lines.push(
    ...name(
      running,
      ({ job, startedAtMs }) => `${verb} ${nameOf(job)} for ${formatDuration(nowMs - startedAtMs)}`,
    ),
  );
  lines.push(
    ...name(withStatus(table, ['failed']), ({ job, reason }) => {
      return `failed ${nameOf(job)}${reason === null ? '' : `: ${describeReason(reason)}`}`;
    }),
  );
  return lines.map((line) => `${escapeControls(line)}\n`).join('');
}

function name(records: readonly JobRecord[], describe: (record: JobRecord) => string): string[] {
  const more = records.length - MOST_NAMED;
  return [...records.slice(0, MOST_NAMED).map(describe), ...(more > 0 ? [`... and ${more} more`] : [])];
}

function toJson({ runId, activity, jobs, table, nowMs }: StatusView): object {
  const counts = { scheduled: 0, queued: 0, running: 0, passed: 0, failed: 0, killed: 0 };
  for (const { status } of table.all()) counts[status]++;
  return {
    schema: STATUS_SCHEMA,
    run_id: runId,
    state: activity.state,
    pid: activity.pid,
    at: new Date(nowMs).toISOString(),
    counts: { total: jobs.length, ...counts },
    running: withStatus(table, ['running']).map(({ job, startedAtMs }) => ({
      full_name: jobs[job]?.fullName,
      started_at: new Date(startedAtMs).toISOString(),
    })),
    failed: withStatus(table, ['failed', 'killed']).map(({ job, status, reason }) => ({
      full_name: jobs[job]?.fullName,
      status,
      message: reason === null ? null : describeReason(reason),
    })),
  };
}

function withStatus(table: JobTable, wanted: readonly JobRecord['status'][]): JobRecord[] {
  return [...table.all()].filter(({ status }) => wanted.includes(status));
}
