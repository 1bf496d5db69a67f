// The scheduler: takes one event at a time, changes the state of the run, and returns what to do. Pure and synchronous;
// knows nothing of processes, files, promises or the real time. Long, because all that changes the state of a run is here.
import type { JobGraph } from '../graph/graph.js';
import type { AdoptAnswer, AttemptId, SubmitAnswer } from '../model/backend.js';
import { NO_FACTS, type EndFacts, type Outcome } from '../model/outcome.js';
import type { Reason, StopCause } from '../model/reason.js';
import type { RecoveredAttempt, Recovery } from '../model/recovery.js';
import {
  NONE_IDLE,
  STOP_MODES,
  type IdleSlots,
  type Limits,
  type RunEvent,
  type StopMode,
} from '../model/run-event.js';
import { backoffMs, isInfrastructureEnd } from '../policy/retry.js';
import { readLimits, setUpConstraints, type Constraints } from '../resources/constraints.js';
import { unreachable } from '../util/unreachable.js';
import { Admission } from './admission.js';
import { Deadlines, type Deadline } from './deadlines.js';
import type { CoreOptions } from './core-options.js';
import { explain } from './explain.js';
import { dependencyReason, fateOf } from './fates.js';
import { checkInvariants } from './invariants.js';
import { InvariantError, JobTable, PHASE, type PendingKill, type Phase } from './job-table.js';
import { KillOrders } from './kill-orders.js';
import type {
  Action,
  AnsweredAdoption,
  AnsweredSubmission,
  CoreEvent,
  JudgedEnd,
  LimitScope,
} from './messages.js';
import type { CoreParts } from './parts.js';

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
  readonly #parts: CoreParts;
  /** Refusals in a row, by backend. */
  readonly #refusals: number[];
  /** What the event at hand lets start, by backend. */
  readonly #batches: AttemptId[][];
  /** Jobs whose end others have still to be told of. */
  readonly #endedNow: number[] = [];
  readonly #killOrders: KillOrders;
  #actions: Action[] = [];
  #nowMs = 0;
  #timerMs: number | null = null;
  #stopMode: StopMode | null = null;
  #stopReason: Extract<Reason, { kind: 'stopped' }> | null = null;
  #failures = 0;
  /** Of these, failures of before the run was interrupted. */
  #oldFailures = 0;
  /** When adopted jobs started, by job, until they are known to run. */
  readonly #oldStartsMs = new Map<number, number>();
  /** Start of each job that was adopted while it ran, or after: none ends before it started. */
  readonly #adoptedStartsMs = new Map<number, number>();
  /** Kills of before the run was interrupted, by job, until their backend is known to have it. */
  readonly #oldKills = new Map<number, PendingKill>();
  #isStalled = false;
  #idle = NONE_IDLE;
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
    this.#batches = options.backends.names.map(() => []);
    this.#parts = {
      graph,
      backends: options.backends,
      table,
      constraints: this.#constraints,
      admission: this.#admission,
    };
    this.#killOrders = new KillOrders(this.#parts);
  }

  /** Handles one event to its end. `nowMs` never goes back. */
  step(event: CoreEvent, nowMs: number): Action[] {
    if (nowMs < this.#nowMs) throw new InvariantError(`time went back from ${this.#nowMs} to ${nowMs}`);
    if ((event.kind === 'start') !== (this.#phase === 'new')) {
      throw new InvariantError(`event ${event.kind} in a run that is ${this.#phase}`);
    }
    this.#nowMs = nowMs;
    this.#actions = [];
    // Answers and timers that were under way when the last job ended may still come in.
    if (this.#phase === 'ended') return this.#actions;
    this.#handle(event);
    this.#propagate();
    this.#failFast();
    for (const action of this.#killOrders.take(nowMs)) this.#actions.push(action);
    this.#admit();
    this.#reportStall();
    this.#reportIdle();
    this.#finish();
    const actions = this.#actions;
    this.#actions = [];
    return actions;
  }

  /** Checks all state against itself; slow. @throws InvariantError */
  checkInvariants(): void {
    checkInvariants(this.#parts, {
      isStopping: this.#stopMode !== null,
      deadlines: this.#deadlines.live(),
      timerMs: this.#timerMs,
      endsToTell: this.#endedNow.length,
      failures: this.#failures,
    });
  }

  #handle(event: CoreEvent): void {
    switch (event.kind) {
      case 'start':
        this.#start(event.recovery);
        break;
      case 'submit-answered':
        this.#takeAnswers(this.#backendIndex(event.backend), event.answers);
        break;
      case 'adopt-answered':
        for (const answered of event.answers) this.#takeAdoption(answered);
        break;
      case 'jobs-started':
        for (const attempt of event.attempts) this.#jobStarted(attempt);
        break;
      case 'jobs-left':
        for (const attempt of event.attempts) this.#jobLeft(attempt);
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
        // Backends stood still as well, so the ends of killed jobs are as late as everything else.
        this.#deadlines.postpone(event.byMs, ({ kind }) => kind !== 'backoff-over');
        break;
      default:
        unreachable(event);
    }
  }

  // Starting

  #start(recovery: Recovery | undefined): void {
    this.#phase = 'running';
    if (recovery !== undefined) this.#recover(recovery);
    for (let job = 0; job < this.#table.size; job++) {
      const isReady = this.#table.unfinished[job] === 0 && this.#table.phase(job) === PHASE.waiting;
      if (isReady) this.#makeReady(job, null);
    }
  }

  /** Takes up an interrupted run: ends stand, and what was with a backend is asked after. */
  #recover({ ended, inFlight, attempts, accepted }: Recovery): void {
    this.#table.attempts.set(attempts);
    this.#table.accepted.set(accepted);
    for (const { job, outcome } of ended) {
      this.#table.restoreEnd(job, PHASE[outcome.status]);
      if (outcome.status !== 'passed') this.#table.reasons.set(job, outcome.reason);
      if (outcome.status === 'failed') this.#oldFailures++;
      this.#endedNow.push(job);
    }
    this.#failures = this.#oldFailures;
    for (const attempt of inFlight) this.#askAfter(attempt);
    for (const [backend, name] of this.#options.backends.names.entries()) {
      const asked = inFlight.filter(({ job }) => this.#options.backends.of[job] === backend);
      if (asked.length === 0) continue;
      const ids = asked.map(({ job, attempt }) => ({ job, attempt }));
      this.#actions.push({ kind: 'adopt', backend: name, attempts: ids });
    }
  }

  /** Until the backend has answered, the attempt is as one that is being submitted. */
  #askAfter({ job, queuedAtMs, startedAtMs, kill }: RecoveredAttempt): void {
    this.#table.queuedAtMs[job] = queuedAtMs;
    this.#setPhase(job, PHASE.ready, { atMs: queuedAtMs });
    this.#admission.hold(job);
    this.#setPhase(job, PHASE.submitting);
    if (startedAtMs !== null) this.#oldStartsMs.set(job, startedAtMs);
    // Its time begins when there is something to kill: an engine that cannot be reached is waited for.
    if (kill !== null) this.#oldKills.set(job, { ...kill, force: true });
  }

  #makeReady(job: number, reason: Reason | null): void {
    this.#table.queuedAtMs[job] = this.#nowMs;
    this.#setPhase(job, PHASE.ready, { reason });
    this.#admission.add(job);
  }

  #admit(): void {
    this.#admission.admit(this.#nowMs, this.#submit);
    for (let backend = 0; backend < this.#batches.length; backend++) {
      const attempts = this.#batches[backend]!;
      if (attempts.length === 0) continue;
      this.#batches[backend] = [];
      this.#actions.push({ kind: 'submit', backend: this.#backendName(backend), attempts });
    }
  }

  readonly #submit = (job: number): void => {
    const attempt = ++this.#table.attempts[job]!;
    this.#setPhase(job, PHASE.submitting);
    this.#batches[this.#options.backends.of[job]!]!.push({ job, attempt });
  };

  // What backends say

  #takeAnswers(backend: number, answers: readonly AnsweredSubmission[]): void {
    let accepted = false;
    let busy: string | undefined;
    for (const answered of answers) {
      const { job, answer } = answered;
      if (!this.#isCurrent(answered)) {
        if (answer.kind === 'accepted')
          this.#actions.push(...this.#killOrders.takeAbandoned(answered, this.#nowMs));
        continue;
      }
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
        if (this.#table.kills.has(job)) this.#killOrders.add(job);
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

  #takeAdoption({ job, attempt, answer }: AnsweredAdoption): void {
    if (!this.#isCurrent({ job, attempt })) {
      if (answer.kind === 'adopted')
        this.#actions.push(...this.#killOrders.takeAbandoned({ job, attempt }, this.#nowMs));
      return;
    }
    if (this.#table.phase(job) !== PHASE.submitting) return;
    this.#takeAdoptAnswer(job, answer);
  }

  #takeAdoptAnswer(job: number, answer: AdoptAnswer): void {
    switch (answer.kind) {
      case 'adopted':
        this.#accept(job);
        if (answer.running) this.#adoptedStartsMs.set(job, this.#run(job, answer.startedAtMs));
        if (this.#table.kills.has(job)) this.#killOrders.add(job);
        break;
      case 'gone':
        if (this.#oldStartsMs.delete(job)) this.#table.accepted[job]!++;
        this.#takeUpKill(job);
        this.#takeBack(job, { kind: 'lost', message: answer.message });
        break;
      default:
        unreachable(answer);
    }
  }

  #accept(job: number): void {
    this.#table.accepted[job]!++;
    this.#setPhase(job, PHASE.accepted);
    this.#takeUpKill(job);
  }

  /** A kill that was under way when the run was interrupted goes on. */
  #takeUpKill(job: number): void {
    const kill = this.#oldKills.get(job);
    if (kill === undefined) return;
    this.#oldKills.delete(job);
    this.#noteKill(job, kill);
  }

  /** @returns When it started: by the run's own record, by its backend's, or now. */
  #run(job: number, toldMs = this.#nowMs): number {
    const startedAtMs = this.#oldStartsMs.get(job) ?? Math.min(toldMs, this.#nowMs);
    this.#oldStartsMs.delete(job);
    this.#setPhase(job, PHASE.running, { atMs: startedAtMs });
    const limitMins = this.#graph.jobs[job]!.timeoutMins;
    if (limitMins !== null) {
      const atMs = startedAtMs + limitMins * 60_000;
      this.#deadlines.add({ kind: 'time-limit', atMs, job, attempt: this.#table.attempts[job]! });
    }
    return startedAtMs;
  }

  #jobStarted(id: AttemptId): void {
    if (!this.#isCurrent(id) || this.#table.phase(id.job) === PHASE.running) return;
    const overtookAnswer = this.#table.phase(id.job) === PHASE.submitting;
    if (overtookAnswer) this.#accept(id.job);
    this.#run(id.job);
    if (overtookAnswer && this.#table.kills.has(id.job)) this.#killOrders.add(id.job);
  }

  /** A long log, or many, may be read long after a job has ended in time: that is no running over the limit. */
  #jobLeft(id: AttemptId): void {
    if (this.#isCurrent(id)) this.#table.left[id.job] = id.attempt;
  }

  #jobEnded(end: JudgedEnd): void {
    const { job, outcome, facts } = end;
    if (!this.#isCurrent(end)) return;
    if (this.#table.phase(job) === PHASE.submitting) this.#accept(job);
    this.#oldStartsMs.delete(job);
    const startedAtMs = this.#adoptedStartsMs.get(job) ?? -Infinity;
    this.#adoptedStartsMs.delete(job);
    if (this.#table.kills.get(job)?.runsAgain === true) {
      this.#takeBack(job, this.#table.kills.get(job)!.reason);
    } else if (outcome !== null && this.#mayRetry(job, outcome)) {
      this.#table.retries.set(job, this.#retriesOf(job) + 1);
      this.#takeBack(job, outcome.status === 'passed' ? null : outcome.reason);
    } else {
      const atMs = Math.max(startedAtMs, Math.min(end.endedAtMs ?? this.#nowMs, this.#nowMs));
      this.#conclude(job, outcome, { facts, atMs });
    }
  }

  /** Ends a job that a backend is done with. One whose end was asked for is killed, whatever came of it. */
  #conclude(job: number, outcome: Outcome | null, detail: EndDetail = {}): void {
    const kill = this.#table.kills.get(job);
    if (kill !== undefined) {
      this.#end(job, { status: 'killed', reason: withLeftovers(kill.reason, detail.facts) }, detail);
    } else if (outcome !== null) {
      this.#end(job, outcome, detail);
    } else {
      throw new InvariantError(`job ${job} was not judged, and its kill was not asked for`);
    }
  }

  #mayRetry(job: number, outcome: Outcome): boolean {
    return (
      isInfrastructureEnd(outcome) &&
      this.#stopMode === null &&
      !this.#table.kills.has(job) &&
      this.#retriesOf(job) < this.#options.infraRetries
    );
  }

  #retriesOf(job: number): number {
    return this.#table.retries.get(job) ?? 0;
  }

  /** Puts a job that a backend has given back into the queue, or ends it if nothing is to be started any more. */
  #takeBack(job: number, reason: Reason | null): void {
    const kill = this.#table.kills.get(job);
    const killReason = kill === undefined || kill.runsAgain ? this.#stopReason : kill.reason;
    if (killReason !== null) {
      this.#end(job, { status: 'killed', reason: killReason });
      return;
    }
    this.#table.kills.delete(job);
    this.#admission.release(job);
    this.#makeReady(job, reason);
  }

  /** Leaves a backend alone for a while. Refusals of what was submitted before it began add nothing to a back-off. */
  #backOff(backend: number, message: string): void {
    if (this.#admission.isInBackoff(backend)) return;
    const refusals = ++this.#refusals[backend]!;
    const untilMs = this.#nowMs + backoffMs(refusals);
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
    this.#stopReason ??= { kind: 'stopped', by };
    this.#publish({ kind: 'stop-asked', atMs: this.#nowMs, mode, by });
    const reason = this.#stopReason;
    const inFlight: number[] = [];
    for (let job = 0; job < this.#table.size; job++) {
      if (this.#table.isInFlight(job)) inFlight.push(job);
      else if (!this.#table.hasEnded(job)) this.#end(job, { status: 'killed', reason });
    }
    if (mode !== 'drain') this.#kill(inFlight, reason, mode === 'kill');
  }

  /** Stops the run when enough jobs have failed: after all ends at hand, so that what has ended by itself is not killed. */
  #failFast(): void {
    const { failFast } = this.#options;
    const failures = this.#failures - this.#oldFailures;
    if (failFast === null || failures < failFast) return;
    this.#stop('stop', { kind: 'fail-fast', failures });
    this.#propagate();
  }

  /** Ends jobs that wait at once, and has the backends of the others asked to end theirs. */
  #kill(jobs: readonly number[], reason: Reason, force: boolean): void {
    for (const job of jobs) {
      if (this.#table.hasEnded(job)) continue;
      if (!this.#table.isInFlight(job)) {
        this.#end(job, { status: 'killed', reason });
        continue;
      }
      const old = this.#oldKills.get(job);
      if (old !== undefined) {
        this.#oldKills.delete(job);
        this.#noteKill(job, { reason: old.runsAgain ? reason : old.reason, force, runsAgain: false });
        continue;
      }
      const asked = this.#table.kills.get(job);
      if (asked?.runsAgain === true) this.#table.kills.set(job, { ...asked, reason, runsAgain: false });
      else if (asked === undefined) this.#noteKill(job, { reason, force, runsAgain: false });
      if (asked !== undefined) {
        if (!force || asked.force) continue;
        this.#noteKill(job, { reason: asked.reason, force, runsAgain: false });
      }
      // A backend can only be asked to kill what it has accepted; the others are killed as soon as they are.
      if (this.#table.phase(job) !== PHASE.submitting) this.#killOrders.add(job);
    }
  }

  /** Keeps a kill, and watches that the backend reports the end in time. */
  #noteKill(job: number, kill: PendingKill): void {
    this.#table.kills.set(job, kill);
    const atMs = this.#nowMs + this.#options.killTimeoutMs;
    const attempt = this.#table.attempts[job]!;
    this.#deadlines.add({ kind: 'kill-overdue', atMs, job, attempt, force: kill.force });
  }

  // Time

  #isLive(deadline: Deadline): boolean {
    switch (deadline.kind) {
      case 'time-limit':
        return (
          this.#isCurrent(deadline) &&
          this.#table.left[deadline.job] !== deadline.attempt &&
          !this.#table.kills.has(deadline.job)
        );
      case 'kill-overdue':
        return this.#isCurrent(deadline) && this.#table.kills.get(deadline.job)?.force === deadline.force;
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
          this.#admission.setBackoff(due.backend, false);
          break;
        default:
          unreachable(due);
      }
    }
  }

  #timeoutReason(job: number): Reason {
    return { kind: 'timeout', limitMins: this.#graph.jobs[job]!.timeoutMins! };
  }

  #giveUpOrForce(job: number): void {
    const kill = this.#table.kills.get(job)!;
    if (!kill.force) {
      this.#kill([job], kill.reason, true);
      return;
    }
    if (this.#table.phase(job) === PHASE.submitting) this.#killOrders.abandon(job);
    const backend = this.#backendName(this.#options.backends.of[job]!);
    const silence = `backend ${backend} did not report the end of the job`;
    // Nobody wants it dead any more, but what is not known to have ended must not be started beside itself.
    if (kill.runsAgain) {
      this.#end(job, { status: 'failed', reason: { kind: 'lost', message: silence } });
      return;
    }
    const leftovers = [`unknown (${silence})`];
    this.#end(job, { status: 'killed', reason: withLeftovers(kill.reason, { ...NO_FACTS, leftovers }) });
  }

  // Ends

  /** Ends a job: gives back what it holds, publishes, and queues its dependents to be told. */
  #end(job: number, outcome: Outcome, { facts = NO_FACTS, atMs = this.#nowMs }: EndDetail = {}): void {
    if (this.#table.isInFlight(job)) this.#admission.release(job);
    else if (this.#table.phase(job) === PHASE.ready) this.#admission.withdraw(job);
    this.#table.kills.delete(job);
    const reason = outcome.status === 'passed' ? null : outcome.reason;
    if (reason !== null) this.#table.reasons.set(job, reason);
    this.#setPhase(job, PHASE[outcome.status], { reason, facts, atMs });
    this.#endedNow.push(job);
    if (outcome.status === 'failed') this.#failures++;
  }

  /** Tells dependents of every end until nothing more follows: a work-list, so that a chain of any length is no recursion. */
  #propagate(): void {
    const { offsets, targets } = this.#graph.dependents;
    for (let job = this.#endedNow.pop(); job !== undefined; job = this.#endedNow.pop()) {
      const passed = this.#table.phase(job) === PHASE.passed;
      let killReason: Reason | undefined;
      for (let edge = offsets[job]!; edge < offsets[job + 1]!; edge++) {
        const dependent = targets[edge]!;
        this.#table.unfinished[dependent]!--;
        if (passed) this.#table.anyPassed[dependent] = 1;
        if (this.#table.phase(dependent) !== PHASE.waiting) continue;
        const fate = fateOf(dependent, { dependencyPassed: passed }, this.#parts);
        if (fate === 'ready') {
          this.#makeReady(dependent, null);
        } else if (fate === 'killed') {
          killReason ??= dependencyReason(job, this.#parts);
          this.#end(dependent, { status: 'killed', reason: killReason });
        }
      }
    }
  }

  #reportStall(): void {
    const stalled =
      this.#table.inFlight === 0 && this.#table.count(PHASE.ready) > 0 && !this.#admission.isAnyInBackoff;
    if (stalled && !this.#isStalled) {
      const blocked = Array.from(this.#admission.readyJobs(), ({ best, jobs }) => ({
        job: best,
        count: jobs.length,
        message: this.explain(best).join('; '),
      }));
      this.#publish({ kind: 'stalled', atMs: this.#nowMs, blocked });
    }
    this.#isStalled = stalled;
  }

  /** Tells of idle slots when their numbers change, while the run goes on. */
  #reportIdle(): void {
    if (this.#table.open === 0) return;
    const idle = this.#admission.idleSlots();
    if (isSameIdle(idle, this.#idle)) return;
    this.#idle = idle;
    this.#publish({ kind: 'slots-idle', atMs: this.#nowMs, idle });
  }

  #finish(): void {
    if (this.#table.open === 0) {
      this.#phase = 'ended';
      this.#setTimer(null);
      this.#publish({ kind: 'run-ended', atMs: this.#nowMs, stop: this.#stopReason?.by ?? null });
      this.#actions.push({ kind: 'end-run' });
      return;
    }
    if (this.#table.inFlight + this.#table.count(PHASE.ready) === 0) {
      throw new InvariantError(`${this.#table.open} jobs are left that nothing can start`);
    }
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
    return explain(job, this.#parts);
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

  #setPhase(job: number, to: Phase, detail: ChangeDetail = NO_DETAIL): void {
    const from = this.#table.status(job);
    this.#table.setPhase(job, to);
    const status = this.#table.status(job);
    if (status === from && (detail.reason ?? null) === null) return;
    this.#publish({
      kind: 'job-changed',
      atMs: detail.atMs ?? this.#nowMs,
      job,
      from,
      to: status,
      attempts: this.#table.accepted[job]!,
      reason: detail.reason ?? null,
      facts: detail.facts ?? null,
    });
  }
}

/** What is known of an end: facts, and when it was if not now. */
type EndDetail = Pick<ChangeDetail, 'facts' | 'atMs'>;

/** What is published with a change of status. */
interface ChangeDetail {
  readonly reason?: Reason | null;
  readonly facts?: EndFacts;
  /** When it came about; default now. */
  readonly atMs?: number;
}

const NO_DETAIL: ChangeDetail = {};

function isSameIdle(one: IdleSlots, other: IdleSlots): boolean {
  return (
    one.noReadyJob === other.noReadyJob &&
    one.resource === other.resource &&
    one.limit === other.limit &&
    one.backoff === other.backoff
  );
}

/** A kill's reason with the processes that outlived it, where there are any. */
function withLeftovers(reason: Reason, facts: EndFacts = NO_FACTS): Reason {
  if (facts.leftovers.length === 0) return reason;
  return reason.kind === 'timeout' || reason.kind === 'stopped'
    ? { ...reason, leftovers: facts.leftovers }
    : reason;
}
