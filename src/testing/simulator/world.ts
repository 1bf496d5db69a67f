// The world a simulated run lives in: backends with faults, people who meddle, and a clock. Knows the core's messages only.
import type { Action, AnsweredAdoption, AnsweredSubmission, CoreEvent } from '../../core/index.js';
import type { AttemptId, SubmitAnswer } from '../../model/backend.js';
import { NO_FACTS, type Outcome } from '../../model/outcome.js';
import type { RandomStream } from '../../util/random.js';
import { drawInt, pick } from './draw.js';
import type { Scenario } from './scenario.js';

interface Message {
  readonly atMs: number;
  readonly order: number;
  readonly event: CoreEvent;
}

/** Gives the core its events and takes its actions. All chance comes from the stream it is given. */
export class World {
  readonly #scenario: Scenario;
  readonly #random: RandomStream;
  #messages: Message[] = [];
  /** Attempts that were accepted and have not reported their end. */
  readonly #alive = new Set<string>();
  /** Ends of attempts: what a record of the backend's own would hold. */
  readonly #ends = new Map<string, { readonly atMs: number; readonly outcome: Outcome }>();
  /** Every attempt that was ever submitted. */
  readonly #submitted = new Set<string>();
  #timerMs: number | null = null;
  #order = 0;
  #nowMs = 0;
  #meddled = 0;
  #isMute = false;

  constructor(scenario: Scenario, random: RandomStream) {
    this.#scenario = scenario;
    this.#random = random;
  }

  get nowMs(): number {
    return this.#nowMs;
  }

  /** Whether some submission will never be answered, so that only a stop can end the run. */
  get isMute(): boolean {
    return this.#isMute;
  }

  /** The next thing that happens, or undefined when nothing ever will. Moves the clock. */
  next(): CoreEvent | undefined {
    const { probability, most } = this.#scenario.meddling;
    if (this.#meddled < most && this.#random() < probability) {
      this.#meddled++;
      return this.#meddle();
    }
    const earliest = this.#messages.reduce<Message | undefined>(
      (best, message) => (best === undefined || isBefore(message, best) ? message : best),
      undefined,
    );
    if (this.#timerMs !== null && (earliest === undefined || this.#timerMs <= earliest.atMs)) {
      this.#nowMs = Math.max(this.#nowMs, this.#timerMs);
      this.#timerMs = null;
      return { kind: 'timer' };
    }
    if (earliest === undefined) return undefined;
    this.#nowMs = Math.max(this.#nowMs, earliest.atMs);
    return this.#takeTogether(earliest);
  }

  perform(action: Action): void {
    switch (action.kind) {
      case 'submit':
        this.#takeSubmissions(action.backend, action.attempts);
        return;
      case 'adopt':
        this.#takeAdoptions(action.backend, action.attempts);
        return;
      case 'kill':
        for (const { force, ...attempt } of action.requests) this.#takeKill(attempt, force);
        return;
      case 'set-timer':
        this.#timerMs = action.atMs;
        return;
      default:
        // Events and the end of the run are for the inspector.
        return;
    }
  }

  /** The run's process dies: what was on its way to it is lost, and perhaps the jobs as well. Time passes. */
  crash(): void {
    if (!this.#chance(this.#scenario.crashes.jobsSurvive)) {
      this.#alive.clear();
      for (const [key, { atMs }] of this.#ends) if (atMs > this.#nowMs) this.#ends.delete(key);
    }
    this.#messages = [];
    this.#timerMs = null;
    this.#nowMs += this.#delay(300);
  }

  /** Ends that come at one time come in one message. */
  #takeTogether(earliest: Message): CoreEvent {
    const isWithIt = ({ atMs, event }: Message): boolean =>
      atMs === earliest.atMs && event.kind === 'jobs-ended' && earliest.event.kind === 'jobs-ended';
    const taken = this.#messages.filter((message) => message === earliest || isWithIt(message));
    this.#messages = this.#messages.filter((message) => !taken.includes(message));
    if (earliest.event.kind !== 'jobs-ended') return earliest.event;
    const ends = taken.flatMap(({ event }) => (event.kind === 'jobs-ended' ? event.ends : []));
    return { kind: 'jobs-ended', ends };
  }

  #meddle(): CoreEvent {
    const { jobs, backends } = this.#scenario;
    const by = { kind: 'user', by: `request ${this.#meddled}` } as const;
    const limit = this.#random() < 0.3 ? null : drawInt(this.#random, 0, 4);
    switch (drawInt(this.#random, 0, 9)) {
      case 0:
      case 1:
        return { kind: 'limit-set', scope: { kind: 'run' }, limit };
      case 2:
        return { kind: 'limit-set', scope: { kind: 'backend', name: this.#pick(backends) }, limit };
      case 3:
      case 4:
        return {
          kind: 'limit-set',
          scope: { kind: 'resource', name: this.#pick(['vcs', 'xcelium']) },
          limit,
        };
      case 5:
      case 6: {
        const count = drawInt(this.#random, 1, 3);
        const killed = Array.from({ length: count }, () => drawInt(this.#random, 0, jobs.length - 1));
        return { kind: 'kill-asked', jobs: killed, by };
      }
      case 7:
        return { kind: 'clock-jumped', byMs: drawInt(this.#random, 1, 500) };
      case 8:
        return { kind: 'timer' };
      default:
        return { kind: 'stop-asked', mode: this.#pick(['drain', 'stop', 'kill'] as const), by };
    }
  }

  #takeSubmissions(backend: string, batch: readonly AttemptId[]): void {
    for (const id of batch) {
      if (this.#submitted.has(keyOf(id)))
        throw new Error(`attempt ${id.attempt} of job ${id.job} is submitted twice`);
      this.#submitted.add(keyOf(id));
    }
    const { faults } = this.#scenario;
    if (this.#chance(faults.mute)) {
      this.#isMute = true;
      return;
    }
    const answerMs = this.#chance(faults.slow) ? drawInt(this.#random, 500, 3000) : this.#delay(20);
    const answers: AnsweredSubmission[] = batch.map((id) => ({ ...id, answer: this.#drawAnswer() }));
    this.#postTwice(answerMs, { kind: 'submit-answered', backend, answers });
    for (const { answer, ...id } of answers) {
      if (answer.kind === 'accepted') this.#play(id, answerMs, answer.running);
    }
  }

  /** An attempt that lives, or whose end was kept, is taken over; of another nothing is left. */
  #takeAdoptions(backend: string, batch: readonly AttemptId[]): void {
    const answerMs = this.#delay(this.#chance(this.#scenario.faults.slow) ? 2000 : 50);
    const answers: AnsweredAdoption[] = batch.map((id) => {
      const end = this.#ends.get(keyOf(id));
      if (end === undefined || (!this.#alive.has(keyOf(id)) && this.#random() < 0.5)) {
        this.#alive.delete(keyOf(id));
        return { ...id, answer: { kind: 'gone', message: 'nothing is left of it' } };
      }
      const isRunning = this.#random() < 0.7;
      const from = this.#chance(this.#scenario.faults.early) ? 0 : answerMs;
      if (!isRunning) this.#postTwice(from + this.#delay(30), { kind: 'jobs-started', attempts: [id] });
      this.#alive.add(keyOf(id));
      this.#postEnd(id, Math.max(from, end.atMs - this.#nowMs) + this.#delay(20), end.outcome);
      return { ...id, answer: { kind: 'adopted', running: isRunning } };
    });
    this.#postTwice(answerMs, { kind: 'adopt-answered', backend, answers });
  }

  /** What becomes of an accepted job if nobody intervenes. */
  #play(id: AttemptId, answerMs: number, isRunning: boolean): void {
    const { faults } = this.#scenario;
    this.#alive.add(keyOf(id));
    const from = this.#chance(faults.early) ? 0 : answerMs;
    if (!isRunning || this.#chance(faults.early)) {
      this.#postTwice(from + this.#delay(30), { kind: 'jobs-started', attempts: [id] });
    }
    this.#postEnd(id, from + this.#delay(200), this.#drawOutcome());
  }

  #takeKill(id: AttemptId, force: boolean): void {
    if (!this.#alive.has(keyOf(id))) return;
    if (this.#chance(force ? this.#scenario.faults.ignoresKill / 2 : this.#scenario.faults.ignoresKill)) {
      // It may even forget to report the end at all.
      if (this.#random() < 0.5) this.#forget(id);
      return;
    }
    this.#postEnd(id, this.#delay(20), {
      status: 'failed',
      reason: { kind: 'signal', signal: 'SIGTERM', context: [] },
    });
  }

  #postEnd(id: AttemptId, inMs: number, outcome: Outcome): void {
    const atMs = this.#nowMs + inMs;
    if (atMs < (this.#ends.get(keyOf(id))?.atMs ?? Infinity)) this.#ends.set(keyOf(id), { atMs, outcome });
    const { judgedLate } = this.#scenario;
    // Where none is, nothing is drawn: the rest of the world of a seed stays as it is.
    const judgedMs = judgedLate > 0 && this.#chance(judgedLate) ? this.#delay(300) : 0;
    if (judgedMs > 0) this.#postTwice(inMs, { kind: 'jobs-left', attempts: [id] });
    this.#postTwice(inMs + judgedMs, { kind: 'jobs-ended', ends: [{ ...id, outcome, facts: NO_FACTS }] });
  }

  #forget(id: AttemptId): void {
    this.#alive.delete(keyOf(id));
    this.#ends.delete(keyOf(id));
    const isItsEnd = ({ event }: Message): boolean =>
      event.kind === 'jobs-ended' && event.ends.some((end) => keyOf(end) === keyOf(id));
    this.#messages = this.#messages.filter((message) => !isItsEnd(message));
  }

  #drawAnswer(): SubmitAnswer {
    const { faults } = this.#scenario;
    if (this.#chance(faults.busy)) return { kind: 'busy', message: 'full' };
    if (this.#chance(faults.rejected)) return { kind: 'rejected', message: 'cannot run here' };
    return { kind: 'accepted', running: this.#random() < 0.7 };
  }

  #drawOutcome(): Outcome {
    const { faults } = this.#scenario;
    if (this.#chance(faults.lost)) return { status: 'failed', reason: { kind: 'lost', message: 'vanished' } };
    if (this.#chance(faults.fails)) {
      return { status: 'failed', reason: { kind: 'exit-code', exitCode: 1, context: [] } };
    }
    return { status: 'passed' };
  }

  /** Posts a message, and perhaps again later. */
  #postTwice(inMs: number, event: CoreEvent): void {
    this.#post(inMs, event);
    if (this.#chance(this.#scenario.faults.duplicate)) this.#post(inMs + this.#delay(300), event);
  }

  #post(inMs: number, event: CoreEvent): void {
    this.#messages.push({ atMs: this.#nowMs + inMs, order: this.#order++, event });
  }

  #delay(mostMs: number): number {
    return drawInt(this.#random, 0, mostMs);
  }

  #chance(probability: number): boolean {
    return this.#random() < probability;
  }

  #pick<T>(items: readonly T[]): T {
    return pick(this.#random, items);
  }
}

function isBefore(a: Message, b: Message): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);
}

function keyOf({ job, attempt }: AttemptId): string {
  return `${job} ${attempt}`;
}
