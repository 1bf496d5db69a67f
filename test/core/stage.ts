// Puts a core on a stage for tests: jobs by name, time in the test's hand, actions as short lines. Checks all state after each step.
import { Core, type Action, type CoreEvent, type CoreOptions } from '../../src/core/index.js';
import { buildGraph, type JobGraph } from '../../src/graph/index.js';
import type { SubmitAnswer } from '../../src/model/backend.js';
import type { JobSpec } from '../../src/model/job-spec.js';
import { NO_FACTS, type EndFacts, type Outcome } from '../../src/model/outcome.js';
import { describeReason, describeStopCause, type Reason, type StopCause } from '../../src/model/reason.js';
import type { IdleSlots, Limits, RunEvent, StopMode } from '../../src/model/run-event.js';
import { byWeight, rankJobs } from '../../src/policy/index.js';
import { makeSpec } from '../support/job-spec.js';

/** Jobs of a stage: fields by name. */
export type Cast = Readonly<Record<string, Partial<JobSpec>>>;

export interface StageOptions extends Partial<Omit<CoreOptions, 'backends' | 'order' | 'limits'>> {
  readonly limits?: Partial<Limits>;
  /** Jobs without a backend are on the first. Default `local` alone. */
  readonly backends?: readonly string[];
  /** Check the core's state after each step. Default true; off for runs of many jobs. */
  readonly isChecked?: boolean;
}

export const FAILED: Outcome = { status: 'failed', reason: { kind: 'exit-code', exitCode: 1, context: [] } };
export const LOST: Outcome = { status: 'failed', reason: { kind: 'lost', message: 'node gone' } };
const USER: StopCause = { kind: 'user', by: 'the test' };

function isTellingIdle(action: Action): boolean {
  return action.kind === 'publish' && action.event.kind === 'slots-idle';
}

export class Stage {
  /** Time of the next event, in milliseconds. */
  nowMs = 0;
  readonly core: Core;
  readonly #graph: JobGraph;
  readonly #isChecked: boolean;
  readonly #defaultBackend: string;
  readonly #attempts = new Map<number, number>();
  #lastActions: readonly Action[] = [];

  constructor(cast: Cast, options: StageOptions = {}) {
    const { backends = ['local'], limits = {}, isChecked = true, ...rules } = options;
    const jobs = Object.entries(cast).map(([name, fields]) => makeSpec(name, fields));
    this.#graph = buildGraph({ jobs, locate: () => undefined }, { backends: new Set(backends) });
    const ranking = rankJobs(jobs, byWeight);
    if (ranking.kind === 'invalid') throw new Error(ranking.problem.message);
    this.#isChecked = isChecked;
    this.#defaultBackend = backends[0] ?? '';
    this.core = new Core(this.#graph, {
      order: ranking.order,
      backends: {
        names: backends,
        of: Int32Array.from(jobs, ({ backend }) => (backend === null ? 0 : backends.indexOf(backend))),
      },
      limits: { run: null, backends: {}, resources: {}, ...limits },
      infraRetries: 0,
      failFast: null,
      reserveAfterMs: 60_000,
      killTimeoutMs: 1000,
      ...rules,
    });
  }

  /** Hands the core an event and returns what it does, a line an action; idle slots, which most steps change, are in `idle`. */
  step(event: CoreEvent): string[] {
    this.#lastActions = this.core.step(event, this.nowMs);
    if (this.#isChecked) this.core.checkInvariants();
    for (const action of this.#lastActions) {
      if (action.kind !== 'submit') continue;
      for (const { job, attempt } of action.attempts) this.#attempts.set(job, attempt);
    }
    return this.#lastActions.flatMap((action) => (isTellingIdle(action) ? [] : [this.#show(action)]));
  }

  start(): string[] {
    return this.step({ kind: 'start' });
  }

  /** The backend takes jobs and starts them. */
  accept(...names: string[]): string[] {
    return this.answer({ kind: 'accepted', running: true }, ...names);
  }

  busy(...names: string[]): string[] {
    return this.answer({ kind: 'busy', message: 'full' }, ...names);
  }

  /** Answers the submission of jobs that are all on one backend. */
  answer(answer: SubmitAnswer, ...names: string[]): string[] {
    const backend = names.map((name) => this.#backendOf(name))[0] ?? '';
    const answers = names.map((name) => ({ ...this.current(name), answer }));
    return this.step({ kind: 'submit-answered', backend, answers });
  }

  pass(...names: string[]): string[] {
    return this.end({ status: 'passed' }, ...names);
  }

  fail(...names: string[]): string[] {
    return this.end(FAILED, ...names);
  }

  end(outcome: Outcome, ...names: string[]): string[] {
    return this.endWith(outcome, NO_FACTS, ...names);
  }

  endWith(outcome: Outcome, facts: EndFacts, ...names: string[]): string[] {
    return this.step({
      kind: 'jobs-ended',
      ends: names.map((name) => ({ ...this.current(name), outcome, facts })),
    });
  }

  stop(mode: StopMode, by: StopCause = USER): string[] {
    return this.step({ kind: 'stop-asked', mode, by });
  }

  kill(...names: string[]): string[] {
    return this.step({ kind: 'kill-asked', jobs: names.map((name) => this.job(name)), by: USER });
  }

  /** Moves the time and fires the timer. */
  timerAt(atMs: number): string[] {
    this.nowMs = atMs;
    return this.step({ kind: 'timer' });
  }

  setRunLimit(limit: number | null): string[] {
    return this.step({ kind: 'limit-set', scope: { kind: 'run' }, limit });
  }

  /** The attempt at a job that was submitted last. */
  current(name: string): { job: number; attempt: number } {
    const job = this.job(name);
    return { job, attempt: this.#attempts.get(job) ?? 0 };
  }

  explain(name: string): string[] {
    return this.core.explain(this.job(name));
  }

  job(name: string): number {
    const job = this.#graph.indexOf.get(name);
    if (job === undefined) throw new Error(`no job ${name}`);
    return job;
  }

  /** Reason of a change of `name` in the last step. */
  reasonOf(name: string): Reason | null | undefined {
    const job = this.job(name);
    const changes = this.#lastActions.flatMap((action) =>
      action.kind === 'publish' && action.event.kind === 'job-changed' && action.event.job === job
        ? [action.event]
        : [],
    );
    return changes.at(-1)?.reason;
  }

  /** Idle slots as the core has last told of them in this step; undefined when it did not. */
  get idle(): IdleSlots | undefined {
    return this.events.findLast((event) => event.kind === 'slots-idle')?.idle;
  }

  /** Events of the last step. */
  get events(): RunEvent[] {
    return this.#lastActions.flatMap((action) => (action.kind === 'publish' ? [action.event] : []));
  }

  #backendOf(name: string): string {
    return this.#graph.jobs[this.job(name)]?.backend ?? this.#defaultBackend;
  }

  #show(action: Action): string {
    switch (action.kind) {
      case 'submit':
        return `submit ${action.backend}: ${action.attempts.map((id) => this.#showAttempt(id)).join(' ')}`;
      case 'adopt':
        return `adopt ${action.backend}: ${action.attempts.map((id) => this.#showAttempt(id)).join(' ')}`;
      case 'kill': {
        const ids = action.requests.map((request) => this.#showAttempt(request) + (request.force ? '!' : ''));
        return `kill ${action.backend}: ${ids.join(' ')}`;
      }
      case 'set-timer':
        return action.atMs === null ? 'no timer' : `timer ${action.atMs}`;
      case 'end-run':
        return 'end-run';
      case 'publish':
        return this.#showEvent(action.event);
    }
  }

  #showAttempt({ job, attempt }: { readonly job: number; readonly attempt: number }): string {
    return `${this.#name(job)}#${attempt}`;
  }

  #showEvent(event: RunEvent): string {
    switch (event.kind) {
      case 'job-changed': {
        const why = event.reason === null ? '' : `: ${describeReason(event.reason)}`;
        return `${this.#name(event.job)} ${event.from} > ${event.to}${why}`;
      }
      case 'kill-sent': {
        const names = event.jobs.map((job) => this.#name(job)).join(' ');
        return `kill-sent${event.force ? '!' : ''} ${names}: ${describeReason(event.reason)}`;
      }
      case 'run-resumed':
        return 'run-resumed';
      case 'stop-asked':
        return `stop-asked ${event.mode}: ${describeStopCause(event.by)}`;
      case 'backend-busy':
        return `busy ${event.backend} until ${event.untilMs}: ${event.message}`;
      case 'stalled':
        return event.blocked.reduce(
          (line, { job, count, message }) => `${line} [${this.#name(job)} x${count}: ${message}]`,
          'stalled',
        );
      case 'limits-changed':
        return `limits ${JSON.stringify(event.limits)}`;
      case 'run-ended':
        return `run-ended${event.stop === null ? '' : `: ${describeStopCause(event.stop)}`}`;
      case 'slots-idle':
        return `idle ${JSON.stringify(event.idle)}`;
      case 'run-started':
        throw new Error('the core publishes no run-started');
    }
  }

  #name(job: number): string {
    return this.#graph.jobs[job]?.fullName ?? `job ${job}`;
  }
}
