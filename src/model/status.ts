// The six statuses of a job and their shorthands. Knows nothing of the transitions between them (src/core does).

/**
 * Statuses in the order a job passes through them:
 * - `scheduled`: waits for its dependencies
 * - `queued`: ready, waits for a slot, a resource or its backend
 * - `running`: its backend says it has started
 * - `passed`, `failed`, `killed`: ended
 */
export const JOB_STATUSES = ['scheduled', 'queued', 'running', 'passed', 'failed', 'killed'] as const;
export type JobStatus = (typeof JOB_STATUSES)[number];

/** The statuses a job can end with. */
export type TerminalStatus = 'passed' | 'failed' | 'killed';

/** One unique letter a status, for displays. */
export const STATUS_LETTER: Readonly<Record<JobStatus, string>> = {
  scheduled: 'S',
  queued: 'Q',
  running: 'R',
  passed: 'P',
  failed: 'F',
  killed: 'K',
};

/** Whether a status is an end: nothing follows it within one run. */
export function isTerminal(status: JobStatus): status is TerminalStatus {
  return status === 'passed' || status === 'failed' || status === 'killed';
}
