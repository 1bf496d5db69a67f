// Tells an observer the events of a run that exists only in the test, in their contractual form.
import type { JobSpec } from '../../src/model/job-spec.js';
import { NO_FACTS } from '../../src/model/outcome.js';
import type { Reason } from '../../src/model/reason.js';
import type { Limits, RunEvent } from '../../src/model/run-event.js';
import { isTerminal, type JobStatus } from '../../src/model/status.js';

/** What a scripted run may have beside its jobs. */
export interface ScriptedRunOptions {
  readonly limits?: Partial<Limits>;
  /** Backend of jobs that name none; default `local`. */
  readonly backend?: string;
}

/** A run whose jobs change when the test says so; jobs are named by their full names. */
export class ScriptedRun {
  readonly #notify: (event: RunEvent) => unknown;
  readonly #now: () => number;
  readonly #jobs: readonly JobSpec[];
  readonly #status = new Map<number, JobStatus>();
  readonly #attempts = new Map<number, number>();

  constructor(notify: (event: RunEvent) => unknown, now: () => number, jobs: readonly JobSpec[]) {
    this.#notify = notify;
    this.#now = now;
    this.#jobs = jobs;
  }

  start({ limits = {}, backend = 'local' }: ScriptedRunOptions = {}): this {
    this.#notify({
      kind: 'run-started',
      atMs: this.#now(),
      runId: 'scripted',
      jobs: this.#jobs,
      backends: this.#jobs.map((spec) => spec.backend ?? backend),
      limits: { run: null, backends: {}, resources: {}, ...limits },
    });
    return this;
  }

  /** Takes a job through these statuses; `reason` goes with each of them that is not a plain step. */
  change(fullName: string, path: readonly JobStatus[], reason: Reason | null = null): this {
    const job = this.#jobs.findIndex((spec) => spec.fullName === fullName);
    if (job < 0) throw new Error(`no job ${fullName}`);
    for (const to of path) {
      const from = this.#status.get(job) ?? 'scheduled';
      if (to === 'running') this.#attempts.set(job, (this.#attempts.get(job) ?? 0) + 1);
      this.#status.set(job, to);
      this.#notify({
        kind: 'job-changed',
        atMs: this.#now(),
        job,
        from,
        to,
        attempts: this.#attempts.get(job) ?? 0,
        reason: to === 'failed' || to === 'killed' ? reason : null,
        facts: isTerminal(to) ? NO_FACTS : null,
      });
    }
    return this;
  }

  /** Any other event, as it is. */
  tell(event: RunEvent): this {
    this.#notify(event);
    return this;
  }
}
