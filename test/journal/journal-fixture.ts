// Makes journals and the events that tests put in them.
import { Journal, type Durability, type JournalOptions } from '../../src/journal/index.js';
import { NO_FACTS } from '../../src/model/outcome.js';
import type { RunEvent } from '../../src/model/run-event.js';
import { isTerminal, type JobStatus } from '../../src/model/status.js';

/** Run id of every journal of these tests. */
export const RUN = '20261124-120000-abcdef';

/** What these journals have of the jobs of their run. */
export const DIGEST = 'd1'.repeat(32);

/** Settings of a journal whose failure is one of the test. */
export function journalOptions(path: string, durability: Durability = 'off'): JournalOptions {
  return {
    path,
    durability,
    onFailure: (message) => {
      throw new Error(message);
    },
  };
}

/** A new journal. */
export function makeJournal(path: string, jobs: number, durability: Durability = 'off'): Journal {
  return Journal.create(journalOptions(path, durability), { runId: RUN, jobs, jobsDigest: DIGEST });
}

type JobChanged = Extract<RunEvent, { kind: 'job-changed' }>;

/** A change of a job that was waiting, at 0 ms, unless told otherwise. */
export function change(job: number, to: JobStatus, fields: Partial<JobChanged> = {}): JobChanged {
  return {
    kind: 'job-changed',
    atMs: 0,
    job,
    from: 'scheduled',
    to,
    attempts: 0,
    reason: null,
    facts: isTerminal(to) ? NO_FACTS : null,
    ...fields,
  };
}
