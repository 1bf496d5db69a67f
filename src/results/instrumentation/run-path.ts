// Finds what made a run as long as it was, back from the job that ended last. Pure; knows no scheduler.
import { toSeconds } from '../job-result.js';
import type { JobRecord } from '../job-table.js';
import type { RunRecord } from '../run-record.js';
import type { PathStep, RunPath } from './schema.js';

/** The path through the jobs that ran; without steps when none has. */
export function findRunPath(run: RunRecord): RunPath {
  const path = followBack(run);
  const sum = (spanOf: (record: JobRecord) => number): number =>
    toSeconds(path.reduce((total, record) => total + spanOf(record), 0));
  return {
    queued_s: sum(queuedMs),
    job_runtime_s: sum(runtimeMs),
    steps: path.map((record): PathStep => ({
      full_name: run.specs[record.job]?.fullName ?? '',
      ready_at_s: toSeconds(record.queuedAtMs - run.startedAtMs),
      queued_s: toSeconds(queuedMs(record)),
      job_runtime_s: toSeconds(runtimeMs(record)),
    })),
  };
}

/** First job first. */
function followBack({ specs, indexOf, jobs }: RunRecord): JobRecord[] {
  let next: JobRecord | undefined;
  for (const record of jobs.ended()) next = laterOf(next, record);
  if (next === undefined) return [];
  const path: JobRecord[] = [];
  while (next !== undefined) {
    path.push(next);
    const dependencies: readonly string[] = specs[next.job]?.dependencies ?? [];
    next = dependencies
      .flatMap((name) => indexOf.get(name) ?? [])
      .map((job) => jobs.get(job))
      .reduce<JobRecord | undefined>(laterOf, undefined);
  }
  return path.reverse();
}

/** Of two jobs the one that ended later, of equals the first; a job that never ran has kept nobody waiting. */
function laterOf(one: JobRecord | undefined, other: JobRecord): JobRecord | undefined {
  if (Number.isNaN(other.startedAtMs)) return one;
  return one === undefined || other.endedAtMs > one.endedAtMs ? other : one;
}

function queuedMs({ queuedAtMs, startedAtMs }: JobRecord): number {
  return startedAtMs - queuedAtMs;
}

function runtimeMs({ startedAtMs, endedAtMs }: JobRecord): number {
  return endedAtMs - startedAtMs;
}
