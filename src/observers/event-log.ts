// Prints every event of a run as one line, for `--log-level debug`. Knows no stream.
import type { JobSpec } from '../model/job-spec.js';
import { describeReason, describeStopCause } from '../model/reason.js';
import type { Observer, RunEvent } from '../model/run-event.js';
import { unreachable } from '../util/unreachable.js';

const MOST_NAMES = 10;

/**
 * An observer that hands each event to `print` as one line. Names are not escaped: the printer must do that
 * (`printLine` of a status display does).
 */
export function createEventLog(print: (line: string) => void): Observer {
  let jobs: readonly JobSpec[] = [];
  const nameOf = (job: number): string => jobs[job]?.fullName ?? `job ${job}`;
  return {
    name: 'event-log',
    notify: (event) => {
      if (event.kind === 'run-started') jobs = event.jobs;
      print(`${new Date(event.atMs).toISOString()} ${event.kind}${describeEvent(event, nameOf)}`);
    },
  };
}

function describeEvent(event: RunEvent, nameOf: (job: number) => string): string {
  switch (event.kind) {
    case 'run-started':
      return `: ${event.runId}, ${event.jobs.length} jobs`;
    case 'job-changed': {
      const why = event.reason === null ? '' : `: ${describeReason(event.reason)}`;
      return `: ${nameOf(event.job)} ${event.from} -> ${event.to} (attempts ${event.attempts})${why}`;
    }
    case 'kill-sent':
      return `${event.force ? ' by force' : ''}: ${listNames(event.jobs, nameOf)}: ${describeReason(event.reason)}`;
    case 'stop-asked':
      return `: ${event.mode} by ${describeStopCause(event.by)}`;
    case 'run-resumed':
    case 'limits-changed':
      return `: ${JSON.stringify(event.limits)}`;
    case 'backend-busy':
      return `: ${event.backend} until ${new Date(event.untilMs).toISOString()}: ${event.message}`;
    case 'stalled':
      return event.blocked
        .map(({ job, count, message }) => `: ${count} like ${nameOf(job)}: ${message}`)
        .join('');
    case 'slots-idle': {
      const { noReadyJob, resource, limit, backoff } = event.idle;
      return `: ${noReadyJob} for want of a ready job, ${resource} of a resource, ${limit} of a limit, ${backoff} in back-off`;
    }
    case 'run-ended':
      return event.stop === null ? '' : `: stopped by ${describeStopCause(event.stop)}`;
    default:
      return unreachable(event);
  }
}

/** A stop may kill thousands at once: the first names, and how many more there are. */
function listNames(jobs: readonly number[], nameOf: (job: number) => string): string {
  const names = jobs.slice(0, MOST_NAMES).map(nameOf).join(', ');
  return jobs.length > MOST_NAMES ? `${names} and ${jobs.length - MOST_NAMES} more` : names;
}
