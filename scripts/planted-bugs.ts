// The bugs that scripts/plant-bugs.ts plants in the core. A test sees to it that each still has its place in the sources.

/** A change of one place in the sources that breaks one rule. */
export interface Bug {
  /** The rule that the bug breaks. */
  readonly rule: string;
  /** Below `src/`. */
  readonly file: string;
  /** Text that is in the file once. */
  readonly from: string;
  readonly to: string;
}

/** A bug for each rule of the core that a simulated run can show broken. */
export const BUGS: readonly Bug[] = [
  {
    rule: 'a job waits for all its dependencies',
    file: 'core/fates.ts',
    from: `if (table.unfinished[job]! > 0) return 'waiting';`,
    to: `if (table.unfinished[job]! > 1) return 'waiting';`,
  },
  {
    rule: 'a needs-all job is killed at the first dependency that does not pass',
    file: 'core/fates.ts',
    from: `if (needsAll && !dependencyPassed) return 'killed';`,
    to: `if (needsAll && !dependencyPassed && table.unfinished[job]! === 0) return 'killed';`,
  },
  {
    rule: 'a needs-any job runs only if a dependency passed',
    file: 'core/fates.ts',
    from: `return needsAll || table.anyPassed[job] === 1 ? 'ready' : 'killed';`,
    to: `return 'ready';`,
  },
  {
    rule: 'no limit is exceeded',
    file: 'resources/ledger.ts',
    from: `+ claim.amounts[i]! > this.#limits[constraint]!) return constraint;`,
    to: `+ claim.amounts[i]! > this.#limits[constraint]! + 1) return constraint;`,
  },
  {
    rule: 'what a job held is given back when it ends',
    file: 'core/core.ts',
    from: `if (this.#table.isInFlight(job)) this.#admission.release(job);`,
    to: `if (this.#table.phase(job) === PHASE.running) this.#admission.release(job);`,
  },
  {
    rule: 'nothing is submitted during a back-off',
    file: 'core/admission.ts',
    from: `if (this.#inBackoff[backend]!) return this.#backoffGate(backend);`,
    to: ``,
  },
  {
    rule: 'a killed job is killed, whatever its end says',
    file: 'core/core.ts',
    from: `if (kill !== undefined) {`,
    to: `if (kill !== undefined && outcome?.status !== 'passed') {`,
  },
  {
    rule: 'a job rejected after its kill was asked for is killed, not failed',
    file: 'core/core.ts',
    from: `this.#conclude(job, { status: 'failed', reason: { kind: 'launch-error'`,
    to: `this.#end(job, { status: 'failed', reason: { kind: 'launch-error'`,
  },
  {
    rule: 'a retry of a job that was accepted and not yet running is told',
    file: 'core/core.ts',
    from: `if (status === from && (detail.reason ?? null) === null) return;`,
    to: `if (status === from) return;`,
  },
  {
    rule: 'a late message of an earlier attempt means nothing',
    file: 'core/core.ts',
    from: `return this.#table.attempts[job] === attempt && this.#table.isInFlight(job);`,
    to: `return attempt > 0 && this.#table.isInFlight(job);`,
  },
  {
    rule: 'a limit that is raised lets waiting jobs start',
    file: 'core/admission.ts',
    from: `    this.#constraints.ledger.setLimit(constraint, limit);
    this.#gates.open(constraint);`,
    to: `    this.#constraints.ledger.setLimit(constraint, limit);`,
  },
  {
    rule: 'the better job of a class goes first',
    file: 'util/int-heap.ts',
    from: `if (above <= value) break;`,
    to: `if (above >= value) break;`,
  },
  {
    rule: 'a job being submitted when the stop comes is killed once accepted',
    file: 'core/core.ts',
    from: `        if (this.#table.kills.has(job)) this.#killOrders.add(job);
        break;
      case 'busy':`,
    to: `        break;
      case 'busy':`,
  },
  {
    rule: 'nothing starts after a stop',
    file: 'core/core.ts',
    from: `else if (!this.#table.hasEnded(job)) this.#end(job, { status: 'killed', reason });`,
    to: ``,
  },
  {
    rule: 'a job that a busy backend gives back after a stop is killed',
    file: 'core/core.ts',
    from: `kill === undefined || kill.runsAgain ? this.#stopReason : kill.reason;`,
    to: `kill === undefined || kill.runsAgain ? null : kill.reason;`,
  },
  {
    rule: 'room kept for a large job is given up when its backend backs off',
    file: 'core/admission.ts',
    from: `    if (this.#inBackoff[this.#constraints.classes[index]!.backend]!) return undefined;`,
    to: ``,
  },
  {
    rule: 'a back-off doubles only after a refusal of its own',
    file: 'core/core.ts',
    from: `    if (this.#admission.isInBackoff(backend)) return;`,
    to: ``,
  },
  {
    rule: 'a queue parked where nothing is free does not hide better ones',
    file: 'core/admission.ts',
    from: `this.#constraints.ledger.free(gate) < 1`,
    to: `this.#constraints.ledger.free(gate) < 2`,
  },
  {
    rule: 'a job that was given up and is accepted after all is killed',
    file: 'core/core.ts',
    from: `if (this.#table.phase(job) === PHASE.submitting) this.#killOrders.abandon(job);`,
    to: ``,
  },
  {
    rule: 'time spent suspended does not count towards a time limit',
    file: 'core/core.ts',
    from: `this.#deadlines.postpone(event.byMs, ({ kind }) => kind !== 'backoff-over');`,
    to: `this.#deadlines.postpone(0, ({ kind }) => kind !== 'backoff-over');`,
  },
  {
    rule: 'a kill by force has a time of its own',
    file: 'core/core.ts',
    from: `this.#isCurrent(deadline) && this.#table.kills.get(deadline.job)?.force === deadline.force;`,
    to: `this.#isCurrent(deadline);`,
  },
  {
    rule: 'a job that is over does not run over its limit while its log is read',
    file: 'core/core.ts',
    from: `    if (this.#isCurrent(id)) this.#table.left[id.job] = id.attempt;`,
    to: ``,
  },
  {
    rule: 'a stall is told again when a change of limits does not end it',
    file: 'core/core.ts',
    from: `    this.#isStalled = false;
    this.#publish({ kind: 'limits-changed'`,
    to: `    this.#publish({ kind: 'limits-changed'`,
  },
  {
    rule: 'a run ends even if a backend never reports the end of a killed job',
    file: 'core/core.ts',
    from: `    this.#deadlines.add({ kind: 'kill-overdue',`,
    to: `    if (!kill.force) this.#deadlines.add({ kind: 'kill-overdue',`,
  },
  {
    rule: 'a reason names the job that started it all',
    file: 'core/fates.ts',
    from: `status, culprit: own.culprit, because: own.because }`,
    to: `status, culprit: name, because: own.because }`,
  },
  {
    rule: 'slots kept idle by what ready jobs wait for are told as such',
    file: 'core/admission.ts',
    from: `    queue.drop();\n    this.#gates.count(queue, -1);`,
    to: `    queue.drop();`,
  },
  {
    rule: 'a pass that is on record does not run again',
    file: 'core/core.ts',
    from: `    for (const { job, outcome } of ended) {`,
    to: `    for (const { job, outcome } of ended.filter(({ outcome }) => outcome.status !== 'passed')) {`,
  },
  {
    rule: 'what was with a backend when the process died is asked after',
    file: 'core/core.ts',
    from: `      this.#actions.push({ kind: 'adopt', backend: name, attempts: ids });`,
    to: `      this.#actions.push({ kind: 'adopt', backend: name, attempts: ids.slice(1) });`,
  },
  {
    rule: 'a kill that was under way when the process died is carried out',
    file: 'core/core.ts',
    from: `    if (kill !== null) this.#oldKills.set(job, {`,
    to: `    if (kill !== null && kill.runsAgain) this.#oldKills.set(job, {`,
  },
  {
    rule: 'what a stop was ending when the process died runs again',
    file: 'core/core.ts',
    from: `    if (this.#table.kills.get(job)?.runsAgain === true) {`,
    to: `    if (this.#stopMode === 'kill' && this.#table.kills.get(job)?.runsAgain === true) {`,
  },
  {
    rule: 'an attempt number is given once, whatever process gives it',
    file: 'core/core.ts',
    from: `    this.#table.attempts.set(attempts);`,
    to: `    this.#table.attempts.set(attempts.map((attempt, job) => (inFlight.some((one) => one.job === job) ? attempt : 0)));`,
  },
  {
    rule: 'a job of which nothing is left is submitted again',
    file: 'core/core.ts',
    from: `        this.#takeBack(job, { kind: 'lost', message: answer.message });`,
    to: `        this.#conclude(job, { status: 'failed', reason: { kind: 'lost', message: answer.message } });`,
  },
  {
    rule: 'the time limit of an adopted job counts from its start',
    file: 'core/core.ts',
    from: `    const startedAtMs = this.#oldStartsMs.get(job) ?? Math.min(toldMs, this.#nowMs);`,
    to: `    const startedAtMs = this.#nowMs;`,
  },
  {
    rule: 'failures of before a crash do not stop the run that goes on',
    file: 'core/core.ts',
    from: `    const failures = this.#failures - this.#oldFailures;`,
    to: `    const failures = this.#failures;`,
  },
  {
    rule: 'what a stop has killed starts anew',
    file: 'journal/record-state.ts',
    from: `reason.kind !== 'dependency' && !this.#isOfStop(reason);`,
    to: `reason.kind !== 'dependency';`,
  },
  {
    rule: 'what was killed for a dependency is decided anew',
    file: 'journal/record-state.ts',
    from: `reason !== undefined && reason.kind !== 'dependency' && `,
    to: `reason !== undefined && `,
  },
  {
    rule: 'a kill of a stop that is sent again is still one of a stop',
    file: 'journal/record-state.ts',
    from: `this.#isOfStop(event.reason) || this.#isOldStop(event.reason, flight),`,
    to: `this.#isOfStop(event.reason),`,
  },
  {
    rule: 'an attempt that was given back is not asked after',
    file: 'journal/record-state.ts',
    from: `      else this.#flights.delete(job);`,
    to: ``,
  },
  {
    rule: 'an attempt that ended is not asked after',
    file: 'journal/record-state.ts',
    from: `    if (!isTerminal(to)) return;
    this.#flights.delete(job);`,
    to: `    if (!isTerminal(to)) return;`,
  },
  {
    rule: 'the time of a kill begins when there is something to kill',
    file: 'core/core.ts',
    from: `    if (kill !== null) this.#oldKills.set(job, {`,
    to: `    if (kill !== null) this.#noteKill(job, {`,
  },
];
