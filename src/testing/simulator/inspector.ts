// Watches a simulated run from outside and checks the rules of scheduling, by its own books. Knows nothing of the core's state.
import type { Action, CoreEvent } from '../../core/index.js';
import type { JobSpec } from '../../model/job-spec.js';
import type { Limits, RunEvent } from '../../model/run-event.js';
import { isTerminal, type JobStatus } from '../../model/status.js';
import type { Scenario } from './scenario.js';

/** A rule was broken. */
class RuleBroken extends Error {
  override readonly name = 'RuleBroken';
}

interface JobBook {
  status: JobStatus;
  attempt: number;
  inFlight: boolean;
  /** Its backend has accepted the attempt. */
  isAccepted: boolean;
  isKillAsked: boolean;
  /** The kill was passed on to its backend. */
  isKillSent: boolean;
  queuedAtMs: number;
  reasonKind: string | null;
}

type Changed = Extract<RunEvent, { kind: 'job-changed' }>;

const NEXT: Readonly<Record<JobStatus, readonly JobStatus[]>> = {
  scheduled: ['queued', 'killed'],
  queued: ['queued', 'running', 'passed', 'failed', 'killed'],
  running: ['queued', 'passed', 'failed', 'killed'],
  passed: [],
  failed: [],
  killed: [],
};

/** Books of one run. Call `check` after every step. */
export class Inspector {
  readonly #scenario: Scenario;
  readonly #jobs: readonly JobSpec[];
  readonly #rankOf: ReadonlyMap<number, number>;
  readonly #index: ReadonlyMap<string, number>;
  readonly #books: JobBook[];
  readonly #backoffUntilMs = new Map<string, number>();
  #limits: Limits;
  #isStopping = false;
  #hasEnded = false;
  #nowMs = 0;

  /** @param order - Jobs in scheduling order. */
  constructor(scenario: Scenario, order: Int32Array) {
    this.#scenario = scenario;
    this.#jobs = scenario.jobs;
    this.#limits = scenario.limits;
    this.#rankOf = new Map([...order].map((job, rank) => [job, rank]));
    this.#index = new Map(scenario.jobs.map(({ fullName }, job) => [fullName, job]));
    this.#books = scenario.jobs.map(() => ({
      status: 'scheduled',
      attempt: 0,
      inFlight: false,
      isAccepted: false,
      isKillAsked: false,
      isKillSent: false,
      queuedAtMs: 0,
      reasonKind: null,
    }));
  }

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** Checks what one step did. @throws RuleBroken */
  check(event: CoreEvent, actions: readonly Action[], nowMs: number): void {
    this.#nowMs = nowMs;
    if (event.kind === 'timer') this.#endBackoffs();
    const submitted: number[] = [];
    for (const action of actions) {
      this.#require(!this.#hasEnded || action.kind === 'end-run', 'something follows the end of the run');
      if (action.kind === 'publish') this.#take(action.event);
      if (action.kind === 'kill') this.#takeKill(action);
      if (action.kind === 'submit') submitted.push(...this.#takeSubmit(action));
    }
    this.#require(
      this.#hasEnded === actions.some(({ kind }) => kind === 'end-run') || actions.length === 0,
      'the end of the run is not both published and acted upon',
    );
    this.#checkSubmitted(submitted);
    this.#checkFates();
    if (event.kind === 'limit-set' || event.kind === 'stop-asked') this.#checkReaction(event, actions);
    this.#checkKillsSent();
    if (!this.#isStopping && !this.#hasEnded) this.#checkNothingIdle();
  }

  #take(event: RunEvent): void {
    switch (event.kind) {
      case 'job-changed':
        this.#takeChange(event);
        return;
      case 'limits-changed':
        this.#limits = event.limits;
        return;
      case 'stop-asked':
        this.#isStopping = true;
        return;
      case 'backend-busy':
        this.#takeBusy(event);
        return;
      case 'stalled':
        this.#require(
          this.#books.every(({ inFlight }) => !inFlight),
          'a stall is reported while jobs run',
        );
        return;
      case 'run-ended':
        this.#require(!this.#hasEnded, 'the run ended twice');
        this.#require(
          this.#books.every(({ status }) => isTerminal(status)),
          'the run ended before all jobs had',
        );
        this.#hasEnded = true;
        return;
      default:
        return;
    }
  }

  #takeChange({ job, from, to, reason }: Changed): void {
    const book = this.#book(job);
    const name = this.#jobs[job]?.fullName ?? '';
    this.#require(book.status === from, `${name} is said to leave ${from} but is ${book.status}`);
    this.#require(NEXT[from].includes(to), `${name} went from ${from} to ${to}`);
    this.#require(
      (to === 'failed' || to === 'killed') === (reason !== null) || to === 'queued',
      `${name} ${to} with the wrong sort of reason`,
    );
    if (to === 'passed' || to === 'failed')
      this.#require(!book.isKillAsked, `${name} ${to} although its kill was asked for`);
    if (to === 'queued') book.queuedAtMs = this.#nowMs;
    if (to === 'queued' || isTerminal(to)) book.inFlight = false;
    book.status = to;
    book.reasonKind = reason?.kind ?? null;
    if (reason?.kind === 'dependency') this.#checkCulprit(job, reason);
  }

  #checkCulprit(job: number, reason: { readonly job: string; readonly culprit: string }): void {
    const name = this.#jobs[job]?.fullName ?? '';
    const culprit = this.#book(this.#index.get(reason.culprit) ?? -1);
    this.#require(
      this.#jobs[job]?.dependencies.includes(reason.job) === true,
      `${name} blames ${reason.job}`,
    );
    this.#require(
      culprit.reasonKind !== null && culprit.reasonKind !== 'dependency',
      `${name} blames ${reason.culprit}, which has no reason of its own`,
    );
  }

  #takeBusy({ backend, untilMs, atMs }: Extract<RunEvent, { kind: 'backend-busy' }>): void {
    this.#require(untilMs >= atMs + 50 && untilMs <= atMs + 5000, `a back-off of ${untilMs - atMs} ms`);
    this.#backoffUntilMs.set(backend, untilMs);
    // A refused job is back in the queue without a change of status.
    for (const [job, book] of this.#books.entries()) {
      if (this.#jobs[job]?.backend === backend && book.status === 'queued' && this.#refused.has(job)) {
        book.inFlight = false;
      }
    }
  }

  /** Jobs whose refusal the event at hand brings. */
  #refused: ReadonlySet<number> = new Set();

  /** Must be called before the step: a refusal shows in no status. */
  expect(event: CoreEvent): void {
    const answers = event.kind === 'submit-answered' ? event.answers : [];
    const refused = answers.filter(
      ({ job, attempt, answer }) =>
        answer.kind === 'busy' && this.#book(job).inFlight && this.#book(job).attempt === attempt,
    );
    this.#refused = new Set(refused.map(({ job }) => job));
    if (event.kind === 'kill-asked') {
      for (const job of event.jobs) if (this.#book(job).inFlight) this.#book(job).isKillAsked = true;
    }
    const accepted = answers.filter(({ answer }) => answer.kind === 'accepted');
    const started = event.kind === 'jobs-started' ? event.attempts : [];
    for (const { job, attempt } of [...accepted, ...started]) {
      const book = this.#book(job);
      if (book.inFlight && book.attempt === attempt) book.isAccepted = true;
    }
  }

  #takeKill(action: Extract<Action, { kind: 'kill' }>): void {
    for (const { job, attempt } of action.requests) {
      const book = this.#book(job);
      this.#require(book.inFlight && book.attempt === attempt, `a kill for attempt ${attempt} of job ${job}`);
      this.#require(
        this.#jobs[job]?.backend === action.backend,
        `a kill for job ${job} sent to ${action.backend}`,
      );
      book.isKillAsked = true;
      book.isKillSent = true;
    }
  }

  #takeSubmit(action: Extract<Action, { kind: 'submit' }>): number[] {
    this.#require(!this.#isStopping, 'a submission after a stop');
    this.#require(
      !this.#isBackedOff(action.backend),
      `a submission to ${action.backend} during its back-off`,
    );
    for (const { job, attempt } of action.attempts) {
      const book = this.#book(job);
      this.#require(book.status === 'queued' && !book.inFlight, `job ${job} submitted while ${book.status}`);
      this.#require(attempt === book.attempt + 1, `attempt ${attempt} of job ${job} follows ${book.attempt}`);
      this.#require(this.#jobs[job]?.backend === action.backend, `job ${job} submitted to ${action.backend}`);
      this.#require(this.#mayRun(job), `job ${job} submitted before its dependencies allow`);
      book.attempt = attempt;
      book.inFlight = true;
      book.isAccepted = false;
      book.isKillAsked = false;
      book.isKillSent = false;
    }
    return action.attempts.map(({ job }) => job);
  }

  #checkSubmitted(submitted: readonly number[]): void {
    for (const job of submitted) {
      for (const [what, amount, limit, used] of this.#needs(job)) {
        const isWithin = limit === null || (amount !== null && used <= limit);
        this.#require(isWithin, `job ${job} started although ${what} is over its limit ${limit}: ${used}`);
      }
      for (const [other, book] of this.#books.entries()) {
        const isBetter = (this.#rankOf.get(other) ?? 0) < (this.#rankOf.get(job) ?? 0);
        const passedOver =
          book.status === 'queued' &&
          !book.inFlight &&
          isBetter &&
          this.#classOf(other) === this.#classOf(job);
        this.#require(!passedOver, `job ${job} started before the better job ${other} of its class`);
      }
    }
  }

  #checkFates(): void {
    for (const [job, { status }] of this.#books.entries()) {
      if (status !== 'scheduled') continue;
      const deps = this.#dependencyStatuses(job);
      const needsAll = this.#jobs[job]?.needsAllDependenciesPassing === true;
      const isDoomed = needsAll && deps.some((dep) => isTerminal(dep) && dep !== 'passed');
      this.#require(!isDoomed && !deps.every(isTerminal), `job ${job} waits although its fate is known`);
    }
  }

  #checkReaction(event: CoreEvent, actions: readonly Action[]): void {
    const kills = actions.some(({ kind }) => kind === 'kill');
    if (event.kind === 'limit-set') this.#require(!kills, 'a change of limits killed a job');
    if (event.kind !== 'stop-asked' || event.mode === 'drain') return;
    for (const book of this.#books) if (book.inFlight) book.isKillAsked = true;
  }

  /** What is to be killed and has been accepted must have been told so. */
  #checkKillsSent(): void {
    for (const [job, { inFlight, isAccepted, isKillAsked, isKillSent }] of this.#books.entries()) {
      const isForgotten = inFlight && isAccepted && isKillAsked && !isKillSent;
      this.#require(!isForgotten, `the backend of job ${job} was not told to kill it`);
    }
  }

  /** Work-conserving: what could start has started, or room is being kept for a large job that has waited long. */
  #checkNothingIdle(): void {
    for (const [job, book] of this.#books.entries()) {
      const backend = this.#jobs[job]?.backend ?? '';
      if (book.status !== 'queued' || book.inFlight || this.#isBackedOff(backend)) continue;
      if (!this.#fits(job, null)) continue;
      const isKeptFor = this.#books.some(
        (other, large) =>
          large !== job &&
          other.status === 'queued' &&
          !other.inFlight &&
          this.#nowMs - other.queuedAtMs >= this.#scenario.reserveAfterMs &&
          this.#mayHaveRoomKept(large) &&
          !this.#fits(job, large),
      );
      this.#require(isKeptFor, `job ${job} could start and did not`);
    }
  }

  /** Room is kept for a job that needs several units or resources, that fits some time, and whose backend takes jobs. */
  #mayHaveRoomKept(job: number): boolean {
    const amounts = Object.values(this.#jobs[job]?.resources ?? {}).filter((amount) => amount !== 0);
    const isLarge = amounts.length > 1 || amounts.some((amount) => amount === null || amount > 1);
    const isPossible = this.#needs(job).every(
      ([, amount, limit]) => limit === null || (amount !== null && amount <= limit),
    );
    return isLarge && isPossible && !this.#isBackedOff(this.#jobs[job]?.backend ?? '');
  }

  /** Whether a job fits now, with what `large` asks of resources set aside. */
  #fits(job: number, large: number | null): boolean {
    const aside = large === null ? {} : (this.#jobs[large]?.resources ?? {});
    return this.#needs(job).every(([what, amount, limit, used]) => {
      if (limit === null) return true;
      const kept = aside[what] ?? 0;
      return amount !== null && used + kept + amount <= limit;
    });
  }

  /** What a job needs: name, amount, limit, and what all jobs in flight use of it. */
  #needs(job: number): [string, number | null, number | null, number][] {
    const spec = this.#jobs[job];
    if (spec === undefined) return [];
    const backend = spec.backend ?? '';
    const count = (select: (other: JobSpec) => number): number =>
      this.#books.reduce((sum, { inFlight }, other) => {
        const otherSpec = this.#jobs[other];
        return inFlight && otherSpec !== undefined ? sum + select(otherSpec) : sum;
      }, 0);
    const needs: [string, number | null, number | null, number][] = [
      ['the run', 1, this.#limits.run, count(() => 1)],
      [
        `backend ${backend}`,
        1,
        this.#limits.backends[backend] ?? null,
        count((other) => (other.backend === backend ? 1 : 0)),
      ],
    ];
    if (spec.interactive) needs.push(['the terminal', 1, 1, count((other) => (other.interactive ? 1 : 0))]);
    for (const [name, amount] of Object.entries(spec.resources)) {
      if (amount === 0) continue;
      needs.push([
        name,
        amount,
        this.#limits.resources[name] ?? null,
        count((other) => other.resources[name] ?? 0),
      ]);
    }
    return needs;
  }

  #classOf(job: number): string {
    const spec = this.#jobs[job];
    const demand = Object.entries(spec?.resources ?? {}).filter(([, amount]) => amount !== 0);
    return JSON.stringify([spec?.backend, spec?.interactive, demand.sort()]);
  }

  #mayRun(job: number): boolean {
    const deps = this.#dependencyStatuses(job);
    if (!deps.every(isTerminal)) return false;
    return this.#jobs[job]?.needsAllDependenciesPassing === true
      ? deps.every((dep) => dep === 'passed')
      : deps.length === 0 || deps.includes('passed');
  }

  #dependencyStatuses(job: number): JobStatus[] {
    const names = this.#jobs[job]?.dependencies ?? [];
    return names.map((name) => this.#book(this.#index.get(name) ?? -1).status);
  }

  #isBackedOff(backend: string): boolean {
    return this.#backoffUntilMs.has(backend);
  }

  #endBackoffs(): void {
    for (const [backend, untilMs] of this.#backoffUntilMs) {
      if (untilMs <= this.#nowMs) this.#backoffUntilMs.delete(backend);
    }
  }

  #book(job: number): JobBook {
    const book = this.#books[job];
    if (book === undefined) throw new RuleBroken(`there is no job ${job}`);
    return book;
  }

  #require(holds: boolean, rule: string): void {
    if (!holds) throw new RuleBroken(rule);
  }
}
