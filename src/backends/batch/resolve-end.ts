// Makes one end of what a task's record says, what the engine says, and what was asked of it. Pure.
import type { EndReport } from '../../model/backend.js';
import type { JobEnd } from '../../model/outcome.js';
import type { Reason } from '../../model/reason.js';
import { nameSignal } from '../../util/system-names.js';
import { unreachable } from '../../util/unreachable.js';
import type { EngineEnd } from './engine.js';
import type { SpoolRecord } from './spool-record.js';
import { NO_RECORD_EXIT_CODE } from './task-files.js';
import type { TaskEntry } from './task-table.js';

/** What is known of a task that is over. */
export interface EndEvidence {
  /** Its record, complete or not; null: there is none. */
  readonly record: SpoolRecord | null;
  /** What the engine says; null: nothing, or not asked. */
  readonly engineEnd: EngineEnd | null;
  /** The engine's name for people. */
  readonly title: string;
}

/** Shells add the number of a signal to this; a program may do so itself, and is taken at its word. */
const SIGNAL_BASE = 128;

/** Largest number of a signal. */
const MAX_SIGNAL = 64;

/** Whether a status is that of a command ended by a signal, as a shell tells it. */
export function isSignalStatus(status: number | null): boolean {
  return status !== null && status > SIGNAL_BASE && status <= SIGNAL_BASE + MAX_SIGNAL;
}

/** The report of a task's end. */
export function resolveEnd(task: TaskEntry, evidence: EndEvidence): EndReport {
  const { job, attempt } = task;
  // It ended when its record was complete, however long the engine was asked why after that.
  const endedAtMs = task.endedAtMs ?? task.unexplainedSinceMs;
  const cpuMs = evidence.record?.cpuMs ?? null;
  return {
    job,
    attempt,
    end: resolve(task, evidence),
    ...(cpuMs !== null && { usage: { cpuMs } }),
    ...(endedAtMs !== null && { endedAtMs }),
  };
}

function resolve(task: TaskEntry, evidence: EndEvidence): JobEnd {
  const { record, title } = evidence;
  if (record?.isRevoked === true) return lost('its submission was given up before it started');
  if (record !== null && record.status !== null) return resolveRecorded(task, record, evidence);
  if (task.refusal !== null) return task.refusal;
  const { engineEnd } = evidence;
  if (engineEnd === null) return lost(`it left the queue of ${title} without a trace`);
  return resolveUnrecorded(task, engineEnd, evidence);
}

function resolveRecorded(task: TaskEntry, record: SpoolRecord, evidence: EndEvidence): JobEnd {
  const status = record.status ?? 0;
  if (isCutOff(record) && task.kill === null) {
    return (
      explain(task, evidence) ?? lost(`it was ended by ${nameSignal(status - SIGNAL_BASE)} before it began`)
    );
  }
  if (!record.isLaunched) {
    const place = record.host === null ? '' : ` on ${record.host}`;
    return {
      kind: 'not-launched',
      message: `cannot start the job${place}: ${record.refusal ?? `exit code ${status}`}`,
    };
  }
  const own = endOf(status);
  if (own.kind === 'exited' || task.kill !== null) return own;
  // By a signal that we did not send: the engine may know why.
  return explain(task, evidence) ?? own;
}

/** Whether a signal came before the job did: no fault of the job's. */
function isCutOff({ isLaunched, refusal, status }: SpoolRecord): boolean {
  return !isLaunched && refusal === null && isSignalStatus(status);
}

function endOf(status: number): JobEnd {
  return isSignalStatus(status)
    ? { kind: 'signalled', signal: nameSignal(status - SIGNAL_BASE) }
    : { kind: 'exited', exitCode: status };
}

/** An end by the engine's doing, in our words; null: it was not. */
function explain(task: TaskEntry, { engineEnd, title }: EndEvidence): JobEnd | null {
  switch (engineEnd?.kind) {
    case 'timeout':
      return { kind: 'declared', outcome: { status: 'killed', reason: timeoutReason(task, title) } };
    case 'out-of-memory': {
      const message = `out of memory: ${title} ended it for using more than it had asked for`;
      return { kind: 'declared', outcome: { status: 'failed', reason: { kind: 'resource', message } } };
    }
    case 'cancelled': {
      const by = `${engineEnd.by ?? 'somebody else'}, by a command of ${title}`;
      return {
        kind: 'declared',
        outcome: { status: 'killed', reason: { kind: 'stopped', by: { kind: 'user', by } } },
      };
    }
    case 'infrastructure':
      return lost(`${title}: ${engineEnd.message}`);
    case 'exited':
    case 'signalled':
    case 'not-started':
    case 'unknown':
    case undefined:
      return null;
    default:
      return unreachable(engineEnd);
  }
}

function timeoutReason({ spec }: TaskEntry, title: string): Reason {
  if (spec.timeoutMins !== null) return { kind: 'timeout', limitMins: spec.timeoutMins };
  return { kind: 'resource', message: `ran longer than the time limit of ${title}; the job itself has none` };
}

function resolveUnrecorded(task: TaskEntry, engineEnd: EngineEnd, evidence: EndEvidence): JobEnd {
  if (task.kill !== null) {
    return task.hasStarted
      ? { kind: 'signalled', signal: task.kill.force ? 'SIGKILL' : 'SIGTERM' }
      : { kind: 'not-launched', message: 'cancelled while it waited for a slot' };
  }
  const { record, title } = evidence;
  if (record === null && engineEnd.kind === 'cancelled' && engineEnd.launchFailure !== undefined) {
    return lost(`${title}: ${engineEnd.launchFailure}`);
  }
  const explained = explain(task, evidence);
  if (explained !== null) return explained;
  switch (engineEnd.kind) {
    case 'not-started':
      return { kind: 'not-launched', message: `${title}: ${engineEnd.message}` };
    case 'exited':
      return resolveExitCode(task, engineEnd.exitCode, title);
    case 'signalled':
      return task.hasStarted
        ? { kind: 'signalled', signal: engineEnd.signal }
        : lost(`${title} ended it by ${engineEnd.signal} before it left a record`);
    default:
      return lost(`it left the queue of ${title} without a trace`);
  }
}

/** The exit code of a task's script is the job's own, if it got so far. */
function resolveExitCode(task: TaskEntry, exitCode: number, title: string): JobEnd {
  if (exitCode !== NO_RECORD_EXIT_CODE && (exitCode === 0 || task.hasStarted)) return endOf(exitCode);
  const message =
    `${title} ran it, and it left no record (exit code ${exitCode}): ` +
    'the scratch directory must be visible and writable on every node';
  return { kind: 'not-launched', message };
}

function lost(message: string): JobEnd {
  return { kind: 'lost', message };
}
