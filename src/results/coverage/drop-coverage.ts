// Keeps the coverage of runs that did not pass out of the merge. Knows nothing of how coverage is merged.
import { rmSync } from 'node:fs';
import type { JobSpec } from '../../model/job-spec.js';
import type { Observer, RunEvent } from '../../model/run-event.js';
import type { FlowRecord } from '../flow-record.js';

/**
 * Removes what a run wrote as coverage as soon as it has failed or was killed. At once, and not later: the merge job may start
 * with the next event.
 *
 * @param record - Says where each run writes its coverage; as it was made, or as read back to go on with a run.
 */
export function createCoverageDropper(record: Pick<FlowRecord, 'coverage_of_run'>): Observer {
  const coverageOfRun = new Map(Object.entries(record.coverage_of_run));
  let jobs: readonly JobSpec[] = [];
  return {
    name: 'coverage of failed runs',
    notify(event: RunEvent): void {
      if (event.kind === 'run-started') jobs = event.jobs;
      if (event.kind !== 'job-changed' || (event.to !== 'failed' && event.to !== 'killed')) return;
      const path = coverageOfRun.get(jobs[event.job]?.fullName ?? '');
      if (path !== undefined) rmSync(path, { recursive: true, force: true });
    },
  };
}
