// Words for what a user must know beside the counts: failures, stops, stalls, busy backends. Knows no terminal.
import type { JobSpec } from '../../model/job-spec.js';
import { escapeControls } from '../../model/problem.js';
import { describeReason, describeStopCause } from '../../model/reason.js';
import type { RunEvent, StopMode } from '../../model/run-event.js';

type JobChanged = Extract<RunEvent, { kind: 'job-changed' }>;
type StopAsked = Extract<RunEvent, { kind: 'stop-asked' }>;
type Stalled = Extract<RunEvent, { kind: 'stalled' }>;
type BackendBusy = Extract<RunEvent, { kind: 'backend-busy' }>;

/** Longest part of a reason that is shown, in characters; the summary has the rest. */
const LONGEST_REASON = 300;

const STOP_WORDS: Readonly<Record<StopMode, string>> = {
  drain: 'nothing more starts',
  stop: 'ending what runs',
  kill: 'ending what runs by force',
};

/**
 * Whether a change is a failure in its own right: a failed job, or one killed for a reason of its own.
 * What a dependency or a stop took along is not.
 */
export function isOwnFailure(event: JobChanged): boolean {
  if (event.to === 'failed') return true;
  return event.to === 'killed' && event.reason?.kind !== 'dependency' && event.reason?.kind !== 'stopped';
}

/** `FAILED run uart_smoke.3: exit code 1 (/scratch/uart_smoke.3/run.log)`; one line, escaped. */
export function describeFailure(event: JobChanged, spec: JobSpec): string {
  const reason = event.reason === null ? 'no reason given' : describeReason(event.reason);
  const shown = reason.length > LONGEST_REASON ? `${reason.slice(0, LONGEST_REASON)}...` : reason;
  const status = event.to.toUpperCase();
  return escapeControls(`${status} ${spec.target} ${spec.fullName}: ${shown} (${spec.logPath})`);
}

/** `stopping (SIGINT): nothing more starts`. */
export function describeStop(event: StopAsked): string {
  return escapeControls(`stopping (${describeStopCause(event.by)}): ${STOP_WORDS[event.mode]}`);
}

/** One line for each class of blocked jobs. */
export function describeStall(event: Stalled, jobs: readonly JobSpec[]): string[] {
  return event.blocked.map(({ job, count, message }) => {
    const others = count > 1 ? ` and ${count - 1} more` : '';
    return escapeControls(`stalled: ${jobs[job]?.fullName ?? `job ${job}`}${others}: ${message}`);
  });
}

/** `slurm is busy: submit limit reached`. */
export function describeBusy(event: BackendBusy): string {
  return escapeControls(`${event.backend} is busy: ${event.message}`);
}
