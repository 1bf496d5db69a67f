// Makes of what a backend reports something that the run can rely on: a plugin need not have been compiled against the contract.
import type { AttemptId, EndReport } from '../model/backend.js';
import type { JobEnd, Outcome, Usage } from '../model/outcome.js';
import { describeReason, type Reason } from '../model/reason.js';

/** Whether it names an attempt at a job. */
export function isAttempt(given: unknown): given is AttemptId {
  const { job, attempt } = membersOf(given);
  return Number.isInteger(job) && Number.isInteger(attempt);
}

/** Whether a backend's word for a time is one. */
export function isTime(given: unknown): given is number {
  return typeof given === 'number' && Number.isFinite(given);
}

/** An end that is none fails its job; facts that are none are left out. */
export function checkReport(given: EndReport, backend: string): EndReport {
  const { job, attempt, end, usage, endedAtMs, leftovers } = given;
  // Nearly all have these two at most, and are passed on as they are.
  const hasMore = endedAtMs !== undefined || leftovers !== undefined;
  if (!hasMore && isEnd(end) && (usage === undefined || isUsage(usage))) return given;
  const noEnd: JobEnd = { kind: 'not-launched', message: `backend ${backend} reported no valid end` };
  return {
    ...{ job, attempt },
    end: isEnd(end) ? end : noEnd,
    ...(isUsage(usage) ? { usage } : {}),
    ...(isTime(endedAtMs) ? { endedAtMs } : {}),
    ...(isTexts(leftovers) ? { leftovers } : {}),
  };
}

function isEnd(given: unknown): given is JobEnd {
  const { kind, exitCode, signal, message, outcome } = membersOf(given);
  switch (kind) {
    case 'exited':
      return Number.isInteger(exitCode);
    case 'signalled':
      return typeof signal === 'string';
    case 'declared':
      return isOutcome(outcome);
    case 'not-launched':
    case 'lost':
      return typeof message === 'string';
    default:
      return false;
  }
}

function isOutcome(given: unknown): given is Outcome {
  const { status, reason } = membersOf(given);
  return status === 'passed' || ((status === 'failed' || status === 'killed') && isReason(reason));
}

/** One that cannot be put into words is none. */
function isReason(given: unknown): given is Reason {
  const { context } = membersOf(given);
  try {
    return typeof describeReason(given as Reason) === 'string' && (context === undefined || isTexts(context));
  } catch {
    return false;
  }
}

function isUsage(given: unknown): given is Usage {
  return typeof given === 'object' && given !== null && Object.values(given).every(isTime);
}

function isTexts(given: unknown): given is readonly string[] {
  return Array.isArray(given) && given.every((text) => typeof text === 'string');
}

/** Members of what may be anything at all. */
function membersOf(given: unknown): Readonly<Partial<Record<string, unknown>>> {
  return Object(given) as Readonly<Partial<Record<string, unknown>>>;
}
