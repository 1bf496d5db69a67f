// The scheduler: takes one event at a time, changes the state of the run, and returns what to do. Pure and synchronous;
// knows nothing of processes, files, promises or the real time.
import type { JobGraph } from '../graph/graph.js';
import { rowOf } from '../graph/graph.js';
import type { AttemptId, SubmitAnswer } from '../model/backend.js';
import { NO_FACTS, type EndFacts, type Outcome } from '../model/outcome.js';
import { describeReason, type Reason, type StopCause } from '../model/reason.js';
import { STOP_MODES, type Limits, type RunEvent, type StopMode } from '../model/run-event.js';
import { backoffMs, isInfrastructureEnd } from '../policy/retry.js';
import {
  describeConstraint,
  readLimits,
  setUpConstraints,
  type Constraints,
} from '../resources/constraints.js';
import { unreachable } from '../util/unreachable.js';
import { Admission } from './admission.js';
import { Deadlines, type Deadline } from './deadlines.js';
import { checkInvariants } from './invariants.js';
import { ensure, InvariantError, JobTable, PHASE, type Phase } from './job-table.js';
import type { Action, AnsweredSubmission, CoreEvent, JudgedEnd, LimitScope } from './messages.js';

/** Rules of a run that hold from its start to its end. */
export interface CoreOptions {
  /** Jobs in scheduling order, first to start first (see `rankJobs`). */
  readonly order: Int32Array;
  readonly backends: {
    /** Names of the backends of the run. */
    readonly names: readonly string[];
    /** Index into `names` for each job. */
    readonly of: Int32Array;
  };
  readonly limits: Limits;
  /** Times a job is run again after an end that was not its own doing (lost). Whole number >= 0. */
  readonly infraRetries: number;
  /** The run is stopped after so many failed jobs; null: never. */
  readonly failFast: number | null;
  /** How long a job that needs much may be passed over before room is kept for it, in milliseconds. */
  readonly reserveAfterMs: number;
  /**
   * How long after a kill a backend may take to report the end, in milliseconds: its grace plus a margin. After that the job is
   * killed by force, and after as long again it is given up, so that a run always ends.
   */
  readonly killTimeoutMs: number;
}

/**
 * State of one run. Feed `step` every event, in order, with the time; perform the actions it returns, in order.
 * Deterministic: the same events at the same times give the same actions.
 */
export class Core {
  readonly #graph: JobGraph;
  readonly #options: CoreOptions;
  readonly #table: JobTable;
  readonly #constraints: Constraints;
  readonly #admission: Admission;
  readonly #deadlines: Deadlines;
  /** Refusals in a row, by backend. */
  readonly #refusals: number[];
  /** When each backend's back-off ends; 0: it has none. */
  readonly #backoffUntilMs: number[];
  /** Jobs whose end others have still to be told of. */
  readonly #endedNow: number[] = [];
  #actions: Action[] = [];
  #nowMs = 0;
  #timerMs: number | null = null;
  #stopMode: StopMode | null = null;
  #stopCause: StopCause | null = null;
  #failures = 0;
  #isStalled = false;
  #phase: 'new' | 'running' | 'ended' = 'new';

  constructor(graph: JobGraph, options: CoreOptions) {
    this.#graph = graph;
    this.#options = options;
    this.#table = new JobTable(graph);
    this.#constraints = setUpConstraints(graph.jobs, options.backends, options.limits);
    const table = this.#table;
    this.#admission = new Admission(
      this.#constraints,
      {
        order: options.order,
        backends: options.backends.names.length,
        isReady: (job) => table.phase(job) === PHASE.ready,
        queuedAtMs: table.queuedAtMs,
      },
      options.reserveAfterMs,
    );
    this.#deadlines = new Deadlines((deadline) => this.#isLive(deadline));
    this.#refusals = options.backends.names.map(() => 0);
    this.#backoffUntilMs = options.backends.names.map(() => 0);
  }

  /** Handles one event to its end. `nowMs` never goes back. */
  step(event: CoreEvent, nowMs: number): Action[] {
    ensure(nowMs >= this.#nowMs, () => `time went back from ${this.#nowMs} to ${nowMs}`);
    ensure(
      (event.kind === 'start') === (this.#phase === 'new'),
      () => `event ${event.kind} in a run that is ${this.#phase}`,
    );
    this.#nowMs = nowMs;
    this.#actions = [];
    // Answers and timers that were under way when the last job ended may still come in.
    if (this.#phase === 'ended') return this.#actions;
    this.#handle(event);
    this.#propagate();
    if (this.#stopMode === null) this.#admit();
    this.#reportStall();
    this.#finish();
    const actions = this.#actions;
    this.#actions = [];
    return actions;
  }

  /** Checks all state against itself; slow. @throws InvariantError */
  checkInvariants(): void {
    checkInvariants({
      graph: this.#graph,
      table: this.#table,
      constraints: this.#constraints,
      admission: this.#admission,
      isAdmitting: this.#phase === 'running' && this.#stopMode === null,
    });
  }

  #handle(event: CoreEvent): void {
    switch (event.kind) {
      case 'start':
        this.#start();
        break;
      case 'submit-answered':
        this.#takeAnswers(this.#backendIndex(event.backend), event.answers);
        break;
      case 'jobs-started':
        for (const attempt of event.attempts) this.#jobStarted(attempt);
        break;
      case 'jobs-ended':
        for (const end of event.ends) this.#jobEnded(end);
        break;
      case 'limit-set':
        this.#setLimit(event.scope, event.limit);
        break;
      case 'stop-asked':
        this.#stop(event.mode, event.by);
        break;
      case 'kill-asked':
        this.#kill(event.jobs, { kind: 'stopped', by: event.by }, false);
        break;
      case 'timer':
        this.#timerMs = null;
        this.#takeDue();
        break;
      case 'clock-jumped':
        this.#deadlines.postpone(event.byMs, ({ kind }) => kind === 'time-limit');
        break;
      default:
        unreachable(event);
    }
  }

  // Starting

  #start(): void {
    this.#phase = 'running';
    for (let job = 0; job < this.#table.size; job++) {
      if (this.#table.unfinished[job] === 0) this.#makeReady(job, null);
    }
  }

  #makeReady(job: number, reason: Reason | null): void {
    this.#table.queuedAtMs[job] = this.#nowMs;
    this.#setPhase(job, PHASE.ready, { reason });
    this.#admission.add(job);
  }

  #admit(): void {
    const batches = new Map<number, AttemptId[]>();
    for (const job of this.#admission.admit(this.#nowMs)) {
      const attempt = ++this.#table.attempts[job]!;
      this.#setPhase(job, PHASE.submitting);
      const backend = this.#options.backends.of[job]!;
      const batch = batches.get(backend);
      if (batch === undefined) batches.set(backend, [{ job, attempt }]);
      else batch.push({ job, attempt });
    }
    for (const [backend, attempts] of batches) {
      this.#actions.push({ kind: 'submit', backend: this.#backendName(backend), attempts });
    }
  }

  // What backends say

  #takeAnswers(backend: number, answers: readonly AnsweredSubmission[]): void {
    let accepted = false;
    let busy: string | undefined;
    for (const { job, attempt, answer } of answers) {
      if (!this.#isCurrent({ job, attempt })) continue;
      if (answer.kind === 'accepted') accepted = true;
      if (answer.kind === 'busy') busy = answer.message;
      this.#takeAnswer(job, answer);
    }
    if (accepted) this.#refusals[backend] = 0;
    if (busy !== undefined) this.#backOff(backend, busy);
  }

  #takeAnswer(job: number, answer: SubmitAnswer): void {
    // An end or a start that overtook the answer has said more than the answer does.
    if (this.#table.phase(job) !== PHASE.submitting) return;
    switch (answer.kind) {
      case 'accepted':
        this.#accept(job);
        if (answer.running) this.#run(job);
        this.#sendKillAskedMeanwhile(job);
        break;
      case 'busy':
        this.#takeBack(job, null);
        break;
      case 'rejected':
        this.#conclude(job, { status: 'failed', reason: { kind: 'launch-error', message: answer.message } });
        break;
      default:
        unreachable(answer);
    }
  }

  #accept(job: number): void {
    this.#table.accepted[job]!++;
    this.#setPhase(job, PHASE.accepted);
  }

  #run(job: number): void {
    this.#setPhase(job, PHASE.running);
    const limitMins = this.#graph.jobs[job]!.timeoutMins;
    if (limitMins === null) return;
    const atMs = this.#nowMs + limitMins * 60_000;
    this.#deadlines.add({ kind: 'time-limit', atMs, job, attempt: this.#table.attempts[job]! });
  }

  #jobStarted(id: AttemptId): void {
    if (!this.#isCurrent(id) || this.#table.phase(id.job) === PHASE.running) return;
    const overtookAnswer = this.#table.phase(id.job) === PHASE.submitting;
    if (overtookAnswer) this.#accept(id.job);
    this.#run(id.job);
    if (overtookAnswer) this.#sendKillAskedMeanwhile(id.job);
  }

  #jobEnded(end: JudgedEnd): void {
    const { job, outcome, facts } = end;
    if (!this.#isCurrent(end)) return;
    if (this.#table.phase(job) === PHASE.submitting) this.#accept(job);
    if (this.#mayRetry(job, outcome)) {
      this.#table.retries[job]!++;
      this.#takeBack(job, outcome.status === 'passed' ? null : outcome.reason);
    } else {
      this.#conclude(job, outcome, facts);
    }
  }

  /** Ends a job that a backend is done with. One whose end was asked for is killed, whatever came of it. */
  #conclude(job: number, outcome: Outcome, facts: EndFacts = NO_FACTS): void {
    const kill = this.#table.kills.get(job);
    if (kill === undefined) this.#end(job, outcome, facts);
    else this.#end(job, { status: 'killed', reason: withLeftovers(kill.reason, facts) }, facts);
  }

  #mayRetry(job: number, outcome: Outcome): boolean {
    return (
      isInfrastructureEnd(outcome) &&
      this.#stopMode === null &&
      !this.#table.kills.has(job) &&
      this.#table.retries[job]! < this.#options.infraRetries
    );
  }

  /** Puts a job that a backend has given back into the queue, or ends it if its end was asked for meanwhile. */
  #takeBack(job: number, reason: Reason | null): void {
    const kill = this.#table.kills.get(job);
    if (kill !== undefined) {
      this.#end(job, { status: 'killed', reason: kill.reason });
      return;
    }
    this.#admission.release(job);
    this.#makeReady(job, reason);
  }

  #backOff(backend: number, message: string): void {
    const refusals = ++this.#refusals[backend]!;
    const untilMs = this.#nowMs + backoffMs(refusals);
    this.#backoffUntilMs[backend] = untilMs;
    this.#admission.setBackoff(backend, true);
    this.#deadlines.add({ kind: 'backoff-over', atMs: untilMs, backend });
    const name = this.#backendName(backend);
    this.#publish({ kind: 'backend-busy', atMs: this.#nowMs, backend: name, untilMs, message });
  }

  // Limits

  #setLimit(scope: LimitScope, limit: number | null): void {
    const constraint = this.#constraints.names.findIndex(
      (name) =>
        name.kind === scope.kind && (!('name' in name) || !('name' in scope) || name.name === scope.name),
    );
    // A resource that no job asks for limits nothing.
    if (constraint === -1) return;
    this.#admission.setLimit(constraint, limit ?? Infinity);
    this.#isStalled = false;
    this.#publish({ kind: 'limits-changed', atMs: this.#nowMs, limits: this.limits });
  }

  /** Limits in force. */
  get limits(): Limits {
    return readLimits(this.#constraints.names, this.#constraints.ledger);
  }

  // Stopping

  #stop(mode: StopMode, by: StopCause): void {
    if (this.#stopMode !== null && STOP_MODES.indexOf(mode) <= STOP_MODES.indexOf(this.#stopMode)) return;
    this.#stopMode = mode;
    this.#stopCause ??= by;
    this.#publish({ kind: 'stop-asked', atMs: this.#nowMs, mode, by });
    const reason: Reason = { kind: 'stopped', by: this.#stopCause };
    const inFlight: number[] = [];
    for (let job = 0; job < this.#table.size; job++) {
      if (this.#table.isInFlight(job)) inFlight.push(job);
      else if (!this.#table.hasEnded(job)) this.#end(job, { status: 'killed', reason });
    }
    if (mode !== 'drain') this.#kill(inFlight, reason, mode === 'kill');
  }

  /** Ends jobs that wait at once, and asks the backends of the others to end theirs. */
  #kill(jobs: readonly number[], reason: Reason, force: boolean): void {
    const toSend: number[] = [];
    for (const job of jobs) {
      if (this.#table.hasEnded(job)) continue;
      if (!this.#table.isInFlight(job)) {
        this.#end(job, { status: 'killed', reason });
        continue;
      }
      const asked = this.#table.kills.get(job);
      if (asked === undefined) this.#table.kills.set(job, { reason, force });
      else if (force && !asked.force) asked.force = true;
      else continue;
      this.#expectEnd(job);
      // A backend can only be asked to kill what it has accepted; the others are killed as soon as they are.
      if (this.#table.phase(job) !== PHASE.submitting) toSend.push(job);
    }
    this.#sendKills(toSend);
  }

  #sendKillAskedMeanwhile(job: number): void {
    if (this.#table.kills.has(job)) this.#sendKills([job]);
  }

  #expectEnd(job: number): void {
    const atMs = this.#nowMs + this.#options.killTimeoutMs;
    this.#deadlines.add({ kind: 'kill-overdue', atMs, job, attempt: this.#table.attempts[job]! });
  }

  #sendKills(jobs: readonly number[]): void {
    const batches = new Map<number, number[]>();
    for (const job of jobs) {
      const backend = this.#options.backends.of[job]!;
      const batch = batches.get(backend);
      if (batch === undefined) batches.set(backend, [job]);
      else batch.push(job);
    }
    for (const [backend, batch] of batches) {
      const requests = batch.map((job) => ({
        job,
        attempt: this.#table.attempts[job]!,
        force: this.#table.kills.get(job)!.force,
      }));
      this.#actions.push({ kind: 'kill', backend: this.#backendName(backend), requests });
      const { reason, force } = this.#table.kills.get(batch[0]!)!;
      this.#publish({ kind: 'kill-sent', atMs: this.#nowMs, jobs: batch, reason, force });
    }
  }

  // Time

  #isLive(deadline: Deadline): boolean {
    switch (deadline.kind) {
      case 'time-limit':
        return this.#isCurrent(deadline) && !this.#table.kills.has(deadline.job);
      case 'kill-overdue':
        return this.#isCurrent(deadline);
      case 'backoff-over':
        return this.#admission.isInBackoff(deadline.backend);
      default:
        return unreachable(deadline);
    }
  }

  #takeDue(): void {
    for (
      let due = this.#deadlines.takeDue(this.#nowMs);
      due !== undefined;
      due = this.#deadlines.takeDue(this.#nowMs)
    ) {
      switch (due.kind) {
        case 'time-limit':
          this.#kill([due.job], this.#timeoutReason(due.job), false);
          break;
        case 'kill-overdue':
          this.#giveUpOrForce(due.job);
          break;
        case 'backoff-over':
          this.#endBackoff(due.backend);
          break;
        default:
          unreachable(due);
      }
    }
  }

  #timeoutReason(job: number): Reason {
    return { kind: 'timeout', limitMins: this.#graph.jobs[job]!.timeoutMins! };
  }

  #endBackoff(backend: number): void {
    if (this.#backoffUntilMs[backend]! > this.#nowMs) return;
    this.#backoffUntilMs[backend] = 0;
    this.#admission.setBackoff(backend, false);
  }

  #giveUpOrForce(job: number): void {
    const kill = this.#table.kills.get(job)!;
    if (!kill.force) {
      this.#kill([job], kill.reason, true);
      return;
    }
    const backend = this.#backendName(this.#options.backends.of[job]!);
    const leftovers = [`unknown (backend ${backend} did not report the end of the job)`];
    this.#end(job, { status: 'killed', reason: withLeftovers(kill.reason, { ...NO_FACTS, leftovers }) });
  }

  // Ends

  /** Ends a job: gives back what it holds, publishes, and queues its dependents to be told. */
  #end(job: number, outcome: Outcome, facts: EndFacts = NO_FACTS): void {
    if (this.#table.isInFlight(job)) this.#admission.release(job);
    this.#table.kills.delete(job);
    const reason = outcome.status === 'passed' ? null : outcome.reason;
    if (reason !== null) this.#table.reasons.set(job, reason);
    this.#setPhase(job, PHASE[outcome.status], { reason, facts });
    this.#endedNow.push(job);
    if (outcome.status === 'failed') this.#countFailure();
  }

  #countFailure(): void {
    this.#failures++;
    if (this.#failures !== this.#options.failFast) return;
    this.#stop('stop', { kind: 'fail-fast', failures: this.#failures });
  }

  /** Tells dependents of every end until nothing more follows: a work-list, so that a chain of any length is no recursion. */
  #propagate(): void {
    for (let job = this.#endedNow.pop(); job !== undefined; job = this.#endedNow.pop()) {
      const passed = this.#table.phase(job) === PHASE.passed;
      let killReason: Reason | undefined;
      for (const dependent of rowOf(this.#graph.dependents, job)) {
        this.#table.unfinished[dependent]!--;
        if (passed) this.#table.anyPassed[dependent] = 1;
        if (this.#table.phase(dependent) !== PHASE.waiting) continue;
        const fate = this.#fate(dependent, passed);
        if (fate === 'ready') {
          this.#makeReady(dependent, null);
        } else if (fate === 'killed') {
          killReason ??= this.#dependencyReason(job);
          this.#end(dependent, { status: 'killed', reason: killReason });
        }
      }
    }
  }

  /** What the end of one of its dependencies means for a waiting job. */
  #fate(job: number, dependencyPassed: boolean): 'ready' | 'killed' | 'waiting' {
    const needsAll = this.#graph.jobs[job]!.needsAllDependenciesPassing;
    if (needsAll && !dependencyPassed) return 'killed';
    if (this.#table.unfinished[job]! > 0) return 'waiting';
    return needsAll || this.#table.anyPassed[job] === 1 ? 'ready' : 'killed';
  }

  #dependencyReason(job: number): Reason {
    const own = this.#table.reasons.get(job)!;
    const name = this.#graph.jobs[job]!.fullName;
    const status = this.#table.phase(job) === PHASE.failed ? 'failed' : 'killed';
    return own.kind === 'dependency'
      ? { kind: 'dependency', job: name, status, culprit: own.culprit, because: own.because }
      : { kind: 'dependency', job: name, status, culprit: name, because: describeReason(own) };
  }

  #reportStall(): void {
    const stalled =
      this.#stopMode === null &&
      this.#table.inFlight === 0 &&
      this.#table.count(PHASE.ready) > 0 &&
      !this.#backoffUntilMs.some((untilMs) => untilMs > 0);
    if (stalled && !this.#isStalled) {
      const blocked = [...this.#admission.bestOfEachClass()].map(({ job, count }) => ({
        job,
        count,
        message: this.explain(job).join('; '),
      }));
      this.#publish({ kind: 'stalled', atMs: this.#nowMs, blocked });
    }
    this.#isStalled = stalled;
  }

  #finish(): void {
    if (this.#table.open === 0) {
      this.#phase = 'ended';
      this.#setTimer(null);
      this.#publish({ kind: 'run-ended', atMs: this.#nowMs, stop: this.#stopCause });
      this.#actions.push({ kind: 'end-run' });
      return;
    }
    ensure(
      this.#table.inFlight + this.#table.count(PHASE.ready) > 0,
      () => `${this.#table.open} jobs are left that nothing can start`,
    );
    this.#setTimer(this.#deadlines.earliestMs());
  }

  #setTimer(atMs: number | null): void {
    if (atMs === this.#timerMs) return;
    this.#timerMs = atMs;
    this.#actions.push({ kind: 'set-timer', atMs });
  }

  // Small things

  /** Why a job is not running, in words; what a job that runs or has ended is doing. Never empty. */
  explain(job: number): string[] {
    const phase = this.#table.phase(job);
    if (phase === PHASE.waiting) {
      const waitsFor = rowOf(this.#graph.dependencies, job).filter((dep) => !this.#table.hasEnded(dep));
      return [...waitsFor].map((dep) => `waits for ${this.#graph.jobs[dep]!.fullName}`);
    }
    if (phase !== PHASE.ready) return [`is ${this.#table.status(job)}`];
    const blocker = this.#admission.blockerOf(job);
    if (blocker === undefined) return ['waits for better jobs to start'];
    if (blocker.kind === 'backoff') {
      return [`backend ${this.#backendName(blocker.backend)} is busy and will be asked again`];
    }
    const { claim } = this.#constraints.classes[this.#constraints.classOf[job]!]!;
    const { ledger, names } = this.#constraints;
    const wanted = claim.amounts[claim.constraints.indexOf(blocker.constraint)]!;
    const what = describeConstraint(names[blocker.constraint]!);
    const limit = ledger.limit(blocker.constraint);
    const used = ledger.used(blocker.constraint);
    const reserved = this.#admission.reservedClass === null ? '' : ', some kept for a job that needs more';
    return [`needs ${wanted} of the ${what}; limit ${limit}, in use ${used}${reserved}`];
  }

  /** A message about an attempt that is over, or about a job that has ended, is late and means nothing any more. */
  #isCurrent({ job, attempt }: AttemptId): boolean {
    return this.#table.attempts[job] === attempt && this.#table.isInFlight(job);
  }

  #backendName(index: number): string {
    return this.#options.backends.names[index]!;
  }

  #backendIndex(name: string): number {
    const index = this.#options.backends.names.indexOf(name);
    if (index === -1) throw new InvariantError(`a message came from the unknown backend ${name}`);
    return index;
  }

  #publish(event: RunEvent): void {
    this.#actions.push({ kind: 'publish', event });
  }

  #setPhase(job: number, to: Phase, detail: { reason?: Reason | null; facts?: EndFacts } = NO_DETAIL): void {
    const from = this.#table.status(job);
    this.#table.setPhase(job, to);
    const status = this.#table.status(job);
    if (status === from && (detail.reason ?? null) === null) return;
    this.#publish({
      kind: 'job-changed',
      atMs: this.#nowMs,
      job,
      from,
      to: status,
      attempts: this.#table.accepted[job]!,
      reason: detail.reason ?? null,
      facts: detail.facts ?? null,
    });
  }
}

const NO_DETAIL = {};

/** A kill's reason with the processes that outlived it, where there are any. */
function withLeftovers(reason: Reason, facts: EndFacts): Reason {
  if (facts.leftovers.length === 0) return reason;
  return reason.kind === 'timeout' || reason.kind === 'stopped'
    ? { ...reason, leftovers: facts.leftovers }
    : reason;
}
