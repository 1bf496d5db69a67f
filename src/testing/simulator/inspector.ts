// Watches a simulated run from outside and checks the rules of scheduling, by its own books. Knows nothing of the core's state.
// Long, because each rule reads what the others have noted: together they are what the core is held to.
import type { Action, CoreEvent } from '../../core/index.js';
import type { AttemptId } from '../../model/backend.js';
import { describeReason, type Reason, type StopCause } from '../../model/reason.js';
import type { Recovery } from '../../model/recovery.js';
import { NONE_IDLE, type RunEvent } from '../../model/run-event.js';
import { isTerminal, type JobStatus } from '../../model/status.js';
import { Books, type JobBook } from './books.js';
import type { Scenario } from './scenario.js';

/** A rule was broken. */
class RuleBroken extends Error {
  override readonly name = 'RuleBroken';
}

type Published<K extends RunEvent['kind']> = Extract<RunEvent, { kind: K }>;

const NEXT: Readonly<Record<JobStatus, readonly JobStatus[]>> = {
  scheduled: ['queued', 'killed'],
  queued: ['queued', 'running', 'passed', 'failed', 'killed'],
  running: ['queued', 'passed', 'failed', 'killed'],
  passed: [],
  failed: [],
  killed: [],
};

/** Books of one run. Call `expect` before every step and `check` after it. */
export class Inspector {
  readonly #scenario: Scenario;
  #books: Books;
  readonly #rankOf: ReadonlyMap<number, number>;
  readonly #backoffUntilMs = new Map<string, number>();
  /** Refusals in a row, by backend. */
  readonly #refusals = new Map<string, number>();
  /** Jobs that the event at hand says were refused. */
  #refused: ReadonlySet<number> = new Set();
  #stopCause: StopCause | null = null;
  #failures = 0;
  #isStalled = false;
  /** Idle slots as they were last told. */
  #idle = NONE_IDLE;
  #hasEnded = false;
  #nowMs = 0;

  /** @param order - Jobs in scheduling order. */
  constructor(scenario: Scenario, order: Int32Array) {
    this.#scenario = scenario;
    this.#books = new Books(scenario.jobs, scenario.limits);
    this.#rankOf = new Map([...order].map((job, rank) => [job, rank]));
  }

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  get isStopping(): boolean {
    return this.#stopCause !== null;
  }

  /** The run's process died, and another goes on from `recovery`: books are begun anew. */
  takeUp({ ended, inFlight, attempts, accepted }: Recovery): void {
    this.#books = new Books(this.#scenario.jobs, this.#scenario.limits);
    this.#backoffUntilMs.clear();
    this.#refusals.clear();
    this.#stopCause = null;
    this.#failures = 0;
    this.#isStalled = false;
    this.#hasEnded = false;
    this.#idle = NONE_IDLE;
    for (const [job, book] of this.#books.all.entries()) {
      book.attempt = attempts[job] ?? 0;
      book.accepted = accepted[job] ?? 0;
    }
    for (const { job, outcome } of ended) {
      const book = this.#books.of(job);
      book.status = outcome.status;
      book.reason = outcome.status === 'passed' ? null : outcome.reason;
    }
    for (const { job, startedAtMs, kill } of inFlight) {
      const book = this.#books.of(job);
      book.mustAdopt = true;
      book.oldStartMs = startedAtMs;
      book.killReason = kill?.reason ?? null;
      book.isOldKill = kill !== null;
      book.runsAgain = kill?.runsAgain === true;
    }
  }

  /** Takes down what an event says, before the core is told. */
  expect(event: CoreEvent, nowMs: number): void {
    this.#nowMs = nowMs;
    this.#refused = new Set();
    switch (event.kind) {
      case 'submit-answered':
        this.#expectAnswers(event);
        return;
      case 'adopt-answered':
        this.#expectAdoptions(event);
        return;
      case 'jobs-started':
        for (const id of event.attempts) this.#noteAccepted(id);
        return;
      case 'jobs-left':
        for (const id of event.attempts) this.#noteLeft(id);
        return;
      case 'jobs-ended':
        for (const id of event.ends) this.#noteAccepted(id);
        return;
      case 'kill-asked':
        this.#expectKill(event.jobs, { kind: 'stopped', by: event.by });
        return;
      case 'timer':
        this.#expectTimeouts();
        this.#endBackoffs();
        return;
      case 'clock-jumped':
        for (const book of this.#books.all) book.limitAtMs += event.byMs;
        return;
      default:
        return;
    }
  }

  /** Checks what one step did. @throws RuleBroken */
  check(event: CoreEvent, actions: readonly Action[]): void {
    for (const job of this.#refused) this.#books.setInFlight(job, false);
    const submitted: number[] = [];
    for (const action of actions) {
      this.#require(!this.#hasEnded || action.kind === 'end-run', 'something follows the end of the run');
      if (action.kind === 'publish') this.#take(action.event, event);
      if (action.kind === 'adopt') this.#takeAdopt(action);
      if (action.kind === 'kill') this.#takeKill(action);
      if (action.kind === 'submit') submitted.push(...this.#takeSubmit(action));
    }
    const endRuns = actions.filter(({ kind }) => kind === 'end-run').length;
    this.#require(
      endRuns === (this.#hasEnded ? 1 : 0),
      'the end of the run is not both published and acted upon',
    );
    this.#require(
      event.kind !== 'limit-set' || actions.every(({ kind }) => kind !== 'kill'),
      'a change of limits killed a job',
    );
    for (const [job, { mustAdopt }] of this.#books.all.entries()) {
      this.#require(!mustAdopt, `nobody asked after job ${job}`);
    }
    this.#checkSubmitted(submitted);
    this.#checkFates();
    this.#checkKillsSent();
    this.#checkStall(event, actions);
    if (!this.#hasEnded) this.#checkIdleSlots();
    if (this.isStopping) this.#checkNothingWaits();
    else this.#checkNothingIdle();
  }

  #expectAnswers({ backend, answers }: Extract<CoreEvent, { kind: 'submit-answered' }>): void {
    const refused: number[] = [];
    for (const { job, attempt, answer } of answers) {
      const book = this.#books.of(job);
      if (book.attempt !== attempt) continue;
      if (answer.kind === 'accepted') {
        if (book.inFlight) this.#refusals.set(backend, 0);
        if (book.isAbandoned) book.isOrphan = true;
        this.#noteAccepted({ job, attempt });
      } else if (book.inFlight) {
        book.isAnswered = true;
        if (answer.kind === 'busy') refused.push(job);
      }
      book.isAbandoned = false;
    }
    this.#refused = new Set(refused);
  }

  #expectAdoptions({ answers }: Extract<CoreEvent, { kind: 'adopt-answered' }>): void {
    const gone: number[] = [];
    for (const { job, attempt, answer } of answers) {
      const book = this.#books.of(job);
      if (book.attempt !== attempt) continue;
      if (answer.kind === 'adopted') {
        if (book.isAbandoned) book.isOrphan = true;
        this.#noteAccepted({ job, attempt });
      } else if (book.inFlight && !book.isAccepted) {
        book.isAnswered = true;
        if (book.oldStartMs !== null) book.accepted++;
        gone.push(job);
      }
      book.isAbandoned = false;
    }
    this.#refused = new Set(gone);
  }

  #noteAccepted({ job, attempt }: AttemptId): void {
    const book = this.#books.of(job);
    if (!book.inFlight || book.attempt !== attempt || book.isAccepted) return;
    book.isAnswered = true;
    book.isAccepted = true;
    book.accepted++;
  }

  #noteLeft({ job, attempt }: AttemptId): void {
    const book = this.#books.of(job);
    if (book.inFlight && book.attempt === attempt) book.left = attempt;
  }

  #expectKill(jobs: Iterable<number>, reason: Reason): void {
    for (const job of jobs) {
      const book = this.#books.of(job);
      if (!book.inFlight) continue;
      book.killReason = book.runsAgain ? reason : (book.killReason ?? reason);
      book.runsAgain = false;
      book.isOldKill = false;
    }
  }

  #expectTimeouts(): void {
    for (const [job, { status, limitAtMs, runsAgain, left, attempt }] of this.#books.all.entries()) {
      if (status !== 'running' || limitAtMs > this.#nowMs || runsAgain || left === attempt) continue;
      this.#expectKill([job], { kind: 'timeout', limitMins: this.#books.spec(job).timeoutMins ?? 0 });
    }
  }

  #endBackoffs(): void {
    for (const [backend, untilMs] of this.#backoffUntilMs) {
      if (untilMs <= this.#nowMs) this.#backoffUntilMs.delete(backend);
    }
  }

  #take(published: RunEvent, event: CoreEvent): void {
    switch (published.kind) {
      case 'job-changed':
        this.#takeChange(published, event);
        return;
      case 'limits-changed':
        this.#books.limits = published.limits;
        return;
      case 'stop-asked':
        this.#takeStop(published);
        return;
      case 'backend-busy':
        this.#takeBusy(published);
        return;
      case 'slots-idle':
        this.#idle = published.idle;
        return;
      case 'run-ended':
        this.#require(!this.#hasEnded, 'the run ended twice');
        this.#require(
          published.stop === this.#stopCause,
          'the run ended for another cause than it was stopped for',
        );
        this.#require(
          this.#books.all.every(({ status }) => isTerminal(status)),
          'the run ended before all jobs had',
        );
        this.#hasEnded = true;
        return;
      default:
        return;
    }
  }

  #takeStop({ mode, by }: Published<'stop-asked'>): void {
    const { failFast } = this.#scenario;
    this.#require(
      by.kind !== 'fail-fast' || (failFast !== null && this.#failures >= failFast),
      `a stop after ${this.#failures} failures`,
    );
    this.#stopCause ??= by;
    if (mode !== 'drain') this.#expectKill(this.#books.all.keys(), { kind: 'stopped', by: this.#stopCause });
  }

  #takeChange({ job, atMs, from, to, reason, attempts }: Published<'job-changed'>, event: CoreEvent): void {
    const book = this.#books.of(job);
    const name = this.#books.spec(job).fullName;
    this.#require(book.status === from, `${name} is said to leave ${from} but is ${book.status}`);
    this.#require(NEXT[from].includes(to), `${name} went from ${from} to ${to}`);
    this.#require(attempts === book.accepted, `${name} counts ${attempts} attempts, not ${book.accepted}`);
    if (to === 'running') {
      const hasOldStart = book.oldStartMs === null || book.oldStartMs === atMs;
      this.#require(hasOldStart, `${name} was adopted and is said to have started now`);
      book.limitAtMs = atMs + (this.#books.spec(job).timeoutMins ?? Infinity) * 60_000;
    }
    if (to === 'queued') this.#takeQueued(book, { atMs, isBack: from !== 'scheduled' });
    if (to === 'failed') this.#failures++;
    if (isTerminal(to)) {
      this.#checkOutcome(job, { to, reason }, event);
      book.isAbandoned = book.inFlight && !book.isAnswered;
    }
    if (to === 'queued' || isTerminal(to)) this.#books.setInFlight(job, false);
    book.status = to;
    book.reason = reason;
  }

  #takeQueued(book: JobBook, { atMs, isBack }: { readonly atMs: number; readonly isBack: boolean }): void {
    book.queuedAtMs = atMs;
    if (!isBack) return;
    // What was to be ended so that it can run again has ended.
    this.#require(book.killReason === null || book.runsAgain, 'a job that was to be killed is queued');
    book.killReason = null;
    book.runsAgain = false;
    book.oldStartMs = null;
  }

  #checkOutcome(
    job: number,
    { to, reason }: { readonly to: JobStatus; readonly reason: Reason | null },
    event: CoreEvent,
  ): void {
    const { killReason, inFlight, runsAgain, isAnswered, isOldKill } = this.#books.of(job);
    const { fullName } = this.#books.spec(job);
    this.#require((to === 'passed') === (reason === null), `${fullName} ${to} with the wrong sort of reason`);
    this.#require(
      event.kind !== 'timer' || isAnswered || !isOldKill,
      `${fullName} is given up although its backend is still being asked`,
    );
    this.#require(
      to !== 'failed' || event.kind !== 'adopt-answered',
      `${fullName} failed because nothing is left of it`,
    );
    if (runsAgain && to === 'failed') {
      const isGivenUp = event.kind === 'timer' && reason?.kind === 'lost';
      this.#require(isGivenUp, `${fullName} failed and was to run again`);
    } else if (runsAgain) {
      this.#require(this.isStopping, `${fullName} ${to} and was to run again`);
      const isOfStop = reason?.kind === 'stopped' && reason.by === this.#stopCause;
      this.#require(isOfStop, `${fullName} is killed for the stop of a process that is dead`);
    } else if (killReason !== null) {
      this.#require(to === 'killed', `${fullName} ${to} although its kill was asked for`);
      this.#require(
        isSame(reason, killReason),
        `${fullName} is killed for another reason than was asked for`,
      );
    } else if (to === 'killed' && reason?.kind === 'dependency') {
      this.#require(!inFlight, `${fullName} is killed for a dependency while it runs`);
      this.#checkCulprit(job, reason);
    } else if (to === 'killed') {
      const isAsked = event.kind === 'kill-asked' && event.jobs.includes(job);
      const by = isAsked ? event.by : this.#stopCause;
      this.#require(!inFlight && by !== null, `${fullName} is killed and nobody asked for it`);
      this.#require(
        reason?.kind === 'stopped' && reason.by === by,
        `${fullName} is killed for the wrong reason`,
      );
    }
  }

  #checkCulprit(job: number, reason: Extract<Reason, { kind: 'dependency' }>): void {
    const { fullName, dependencies, needsAllDependenciesPassing } = this.#books.spec(job);
    const culprit = this.#books.named(reason.culprit).reason;
    this.#require(dependencies.includes(reason.job), `${fullName} blames ${reason.job}`);
    this.#require(this.#books.named(reason.job).status === reason.status, `${fullName} tells a wrong status`);
    this.#require(
      culprit !== null && culprit.kind !== 'dependency',
      `${fullName} blames ${reason.culprit}, which has no reason of its own`,
    );
    this.#require(
      culprit !== null && reason.because === describeReason(culprit),
      `${fullName} tells a wrong reason of its culprit`,
    );
    const others = this.#books.dependencyStatuses(job);
    this.#require(
      needsAllDependenciesPassing || others.every((status) => status === 'failed' || status === 'killed'),
      `${fullName} is killed although a dependency could still pass`,
    );
  }

  #takeBusy({ backend, untilMs, atMs }: Published<'backend-busy'>): void {
    const refusals = (this.#refusals.get(backend) ?? 0) + 1;
    const expected = Math.min(50 * 2 ** (refusals - 1), 5000);
    this.#require(
      untilMs - atMs === expected,
      `back-off ${refusals} of ${backend} takes ${untilMs - atMs} ms`,
    );
    this.#require(!this.#backoffUntilMs.has(backend), `a back-off of ${backend} within another`);
    this.#refusals.set(backend, refusals);
    this.#backoffUntilMs.set(backend, untilMs);
  }

  #takeKill(action: Extract<Action, { kind: 'kill' }>): void {
    for (const { job, attempt, force } of action.requests) {
      const book = this.#books.of(job);
      const isDue = book.isOrphan ? force : book.inFlight && book.isAccepted && book.killReason !== null;
      this.#require(isDue && book.attempt === attempt, `a kill for attempt ${attempt} of job ${job}`);
      this.#require(
        this.#books.backendOf(job) === action.backend,
        `a kill for job ${job} sent to ${action.backend}`,
      );
      book.isKillSent = true;
      book.isOrphan = false;
    }
  }

  #takeAdopt(action: Extract<Action, { kind: 'adopt' }>): void {
    for (const { job, attempt } of action.attempts) {
      const book = this.#books.of(job);
      this.#require(
        book.mustAdopt && book.attempt === attempt,
        `attempt ${attempt} of job ${job} is asked after`,
      );
      this.#require(
        this.#books.backendOf(job) === action.backend,
        `job ${job} is sought on ${action.backend}`,
      );
      this.#books.setInFlight(job, true);
      Object.assign(book, { mustAdopt: false, isAnswered: false, isAccepted: false, isKillSent: false });
    }
  }

  #takeSubmit(action: Extract<Action, { kind: 'submit' }>): number[] {
    this.#require(!this.isStopping, 'a submission after a stop');
    this.#require(
      !this.#backoffUntilMs.has(action.backend),
      `a submission to ${action.backend} during its back-off`,
    );
    for (const { job, attempt } of action.attempts) {
      const book = this.#books.of(job);
      this.#require(this.#books.isWaiting(job), `job ${job} submitted while ${book.status}`);
      this.#require(attempt === book.attempt + 1, `attempt ${attempt} of job ${job} follows ${book.attempt}`);
      this.#require(
        this.#books.backendOf(job) === action.backend,
        `job ${job} submitted to ${action.backend}`,
      );
      this.#require(this.#mayRun(job), `job ${job} submitted before its dependencies allow`);
      this.#books.setInFlight(job, true);
      Object.assign(book, { attempt, isAnswered: false, isAccepted: false, limitAtMs: Infinity });
    }
    return action.attempts.map(({ job }) => job);
  }

  #mayRun(job: number): boolean {
    const statuses = this.#books.dependencyStatuses(job);
    if (!statuses.every(isTerminal)) return false;
    return this.#books.spec(job).needsAllDependenciesPassing
      ? statuses.every((status) => status === 'passed')
      : statuses.length === 0 || statuses.includes('passed');
  }

  /** What started fits, and took nothing that a better job could have had. */
  #checkSubmitted(submitted: readonly number[]): void {
    for (const job of submitted) {
      for (const { what, amount, limit, used } of this.#books.needs(job)) {
        const isWithin = limit === null || (amount !== null && used <= limit);
        this.#require(isWithin, `job ${job} started although ${what} is over its limit ${limit}: ${used}`);
      }
      if (this.#isStarving(job)) continue;
      for (const other of this.#books.waiting()) {
        const isBetter = (this.#rankOf.get(other) ?? 0) < (this.#rankOf.get(job) ?? 0);
        const isOpen = isBetter && !this.#backoffUntilMs.has(this.#books.backendOf(other));
        const couldHave = isOpen && this.#books.fits(other, { without: job }) && !this.#isKeptFrom(other);
        this.#require(!couldHave, `job ${job} started before the better job ${other}`);
      }
    }
  }

  #checkFates(): void {
    for (const [job, { status }] of this.#books.all.entries()) {
      if (status !== 'scheduled') continue;
      const statuses = this.#books.dependencyStatuses(job);
      const needsAll = this.#books.spec(job).needsAllDependenciesPassing;
      const isDoomed = needsAll && statuses.some((dep) => isTerminal(dep) && dep !== 'passed');
      this.#require(!isDoomed && !statuses.every(isTerminal), `job ${job} waits although its fate is known`);
    }
    const { failFast } = this.#scenario;
    const isEnough = failFast !== null && this.#failures >= failFast;
    this.#require(!isEnough || this.isStopping, `the run goes on after ${this.#failures} failures`);
  }

  /** What is to be killed and has been accepted must have been told so. */
  #checkKillsSent(): void {
    for (const [job, book] of this.#books.all.entries()) {
      const isForgotten = book.inFlight && book.isAccepted && book.killReason !== null && !book.isKillSent;
      this.#require(!isForgotten, `the backend of job ${job} was not told to kill it`);
      this.#require(!book.isOrphan || this.#hasEnded, `job ${job} was given up, accepted, and not killed`);
    }
  }

  /** A stall is told once, and again after each change of limits that does not end it. */
  #checkStall(event: CoreEvent, actions: readonly Action[]): void {
    const told = actions.filter(
      (action) => action.kind === 'publish' && action.event.kind === 'stalled',
    ).length;
    const isStalled =
      !this.isStopping &&
      this.#backoffUntilMs.size === 0 &&
      this.#books.all.every(({ inFlight }) => !inFlight) &&
      this.#books.waiting().length > 0;
    const isNews = isStalled && (!this.#isStalled || event.kind === 'limit-set');
    this.#require(told === (isNews ? 1 : 0), isNews ? 'a stall is not told' : 'a stall is told and is none');
    this.#isStalled = isStalled;
  }

  /** Each slot that no job holds is told, with a cause; as many have one beside the want of ready jobs as ready jobs wait. */
  #checkIdleSlots(): void {
    const { noReadyJob, resource, limit, backoff } = this.#idle;
    const held = this.#books.all.filter(({ inFlight }) => inFlight).length;
    const { run } = this.#books.limits;
    const idle = run === null ? 0 : Math.max(0, run - held);
    const kept = Math.min(idle, this.#books.waiting().length);
    this.#require(noReadyJob === idle - kept, `${noReadyJob} slots are told to lack a ready job`);
    this.#require(resource + limit + backoff === kept, `${kept} slots are kept idle, and that is not told`);
    this.#require(backoff === 0 || this.#backoffUntilMs.size > 0, 'slots are told to idle in back-off');
  }

  /** After a stop every job has ended or is with a backend. */
  #checkNothingWaits(): void {
    for (const [job, { status, inFlight }] of this.#books.all.entries()) {
      this.#require(isTerminal(status) || inFlight, `job ${job} waits after a stop`);
    }
  }

  /** Work-conserving: what could start has started, or room is being kept for a large job that has waited long. */
  #checkNothingIdle(): void {
    for (const job of this.#books.waiting()) {
      const isOpen = !this.#backoffUntilMs.has(this.#books.backendOf(job));
      const isIdle = isOpen && this.#books.fits(job) && !this.#isKeptFrom(job);
      this.#require(!isIdle, `job ${job} could start and did not`);
    }
  }

  /** Whether room for a starving job may be what keeps a job waiting. */
  #isKeptFrom(job: number): boolean {
    return this.#books
      .waiting()
      .some((large) => large !== job && this.#isStarving(large) && !this.#books.fits(job, { aside: large }));
  }

  #isStarving(job: number): boolean {
    const { queuedAtMs } = this.#books.of(job);
    const hasWaited = this.#nowMs - queuedAtMs >= this.#scenario.reserveAfterMs;
    return hasWaited && this.#books.isLarge(job) && !this.#backoffUntilMs.has(this.#books.backendOf(job));
  }

  #require(holds: boolean, rule: string): void {
    if (!holds) throw new RuleBroken(rule);
  }
}

/** Whether two reasons are one, whatever processes are said to be left. */
function isSame(told: Reason | null, asked: Reason): boolean {
  return (
    JSON.stringify({ ...told, leftovers: undefined }) === JSON.stringify({ ...asked, leftovers: undefined })
  );
}
