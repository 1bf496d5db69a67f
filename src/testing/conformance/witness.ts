// Works a backend on behalf of a check, keeps the books, and puts a bound on every wait. Knows no check.
import { setTimeout as delay } from 'node:timers/promises';
import type { AttemptId, Backend, EndReport, Submission, SubmitAnswer } from '../../model/backend.js';
import { Books, describeAttempt } from './books.js';
import { ContractBroken, type ConformanceHarness, type JobBehaviour } from './harness.js';

/** A job of a check, ready to be submitted. */
export interface TestJob extends Submission {
  readonly whenReady: () => Promise<void>;
}

const BUSY_WAIT_MS = 20;

/** A backend under observation. */
export class Witness {
  readonly #harness: ConformanceHarness;
  readonly #backend: Backend;
  readonly #books = new Books();
  readonly #watchers = new Set<() => void>();
  readonly #timeoutMs: number;
  #jobs = 0;
  #isClosed = false;

  private constructor(harness: ConformanceHarness, killGraceMs: number) {
    this.#harness = harness;
    this.#backend = harness.makeBackend(killGraceMs);
    this.#timeoutMs = harness.timeoutMs ?? 20_000;
  }

  static async open(harness: ConformanceHarness, killGraceMs: number): Promise<Witness> {
    const witness = new Witness(harness, killGraceMs);
    await witness.#within(
      'open',
      witness.#backend.open({
        started: (attempts) => {
          witness.#books.noteStarted(attempts);
          for (const look of witness.#watchers) look();
        },
        ended: (reports) => {
          witness.#books.noteEnded(reports);
          for (const look of witness.#watchers) look();
        },
      }),
    );
    return witness;
  }

  get largeBatch(): number {
    return this.#harness.largeBatch ?? 1000;
  }

  /** New jobs of one behaviour, each the first attempt at a job of its own. */
  make(behaviour: JobBehaviour, count: number): TestJob[] {
    const makeJob = this.#harness.jobs[behaviour];
    if (makeJob === undefined) throw new Error(`a check uses ${behaviour} jobs without saying so`);
    return Array.from({ length: count }, () => {
      const job = this.#jobs++;
      const { spec, whenReady = async () => undefined } = makeJob(`conformance/${behaviour}_${job}`);
      return { job, attempt: 1, spec: deepFreeze(spec), whenReady };
    });
  }

  /** Submits one batch and returns the answers as they came; an exception is passed on. */
  async submit(batch: readonly TestJob[]): Promise<readonly SubmitAnswer[]> {
    // The same for every backend: a batch that cannot be changed, of plain submissions.
    const submissions = deepFreeze(batch.map(({ job, attempt, spec }) => ({ job, attempt, spec })));
    this.#books.noteSubmitted(submissions);
    try {
      const answers = await this.#within('the answers to a batch', this.#backend.submit(submissions));
      this.#books.noteAnswers(submissions, answers);
      return answers;
    } catch (error) {
      this.#books.noteThrown(submissions);
      throw error;
    }
  }

  /** Submits jobs until each is accepted, a new attempt for each that was answered busy, and waits until they are ready. */
  async start(batch: readonly TestJob[]): Promise<readonly TestJob[]> {
    const started: TestJob[] = [];
    const giveUpAt = performance.now() + this.#timeoutMs;
    let waiting = batch;
    for (;;) {
      await this.submit(waiting);
      const busy: TestJob[] = [];
      for (const job of waiting) {
        const answer = this.#books.answerOf(job);
        if (answer?.kind === 'accepted') started.push(job);
        else if (answer?.kind === 'busy') busy.push(again(job));
        else throw new ContractBroken(`${describeAttempt(job)} got the answer ${JSON.stringify(answer)}`);
      }
      if (busy.length === 0) break;
      this.require(performance.now() < giveUpAt, `busy for more than ${this.#timeoutMs} ms`);
      await delay(BUSY_WAIT_MS);
      waiting = busy;
    }
    await this.#within('jobs to be ready', Promise.all(started.map((job) => job.whenReady())));
    return started;
  }

  async kill(ids: readonly AttemptId[], force = false): Promise<void> {
    const requests = deepFreeze(ids.map(({ job, attempt }) => ({ job, attempt, force })));
    await this.#within('a kill to be taken', this.#backend.kill(requests));
  }

  /** Reports of these attempts, in their order, as soon as all have ended. */
  async whenEnded(ids: readonly AttemptId[]): Promise<readonly EndReport[]> {
    // Ends are never taken back, so no look has to go over what an earlier one has seen.
    let seen = 0;
    const findMissing = (): AttemptId | undefined => {
      while (seen < ids.length && this.#hasEnded(ids[seen])) seen++;
      return ids[seen];
    };
    await this.#until(
      () => findMissing() === undefined,
      () =>
        `the end of ${ids
          .slice(seen)
          .filter((id) => !this.#hasEnded(id))
          .slice(0, 5)
          .map(describeAttempt)
          .join('; ')}`,
    );
    return ids.flatMap((id) => this.#books.endOf(id) ?? []);
  }

  /** Resolves as soon as all these attempts are said to run. */
  async whenStarted(ids: readonly AttemptId[]): Promise<void> {
    await this.#until(
      () => ids.every((id) => this.#books.hasStarted(id)),
      () => 'word that jobs have started',
    );
  }

  endOf(id: AttemptId): EndReport | undefined {
    return this.#books.endOf(id);
  }

  answerOf(id: AttemptId): SubmitAnswer['kind'] | 'thrown' | undefined {
    return this.#books.answerOf(id)?.kind;
  }

  /** Sends a job of its own through the backend, so that what was asked of it before has had its effect. */
  async roundTrip(): Promise<void> {
    const [job] = await this.start(this.make('waits', 1));
    if (job === undefined) return;
    await this.kill([job], true);
    await this.whenEnded([job]);
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    await this.#within('close', this.#backend.close());
    this.#books.noteClosed();
  }

  /** Closes the backend and goes through the books. @throws ContractBroken */
  async finish(): Promise<void> {
    await this.close();
    await delay(this.#harness.quietMs ?? 20);
    const leftovers = (await this.#harness.findLeftovers?.()) ?? [];
    this.require(leftovers.length === 0, `close left behind: ${leftovers.join(', ')}`);
    const breach = this.findBreach();
    if (breach !== undefined) throw breach;
  }

  /** What the books have found, worded; undefined when they add up. */
  findBreach(cause?: unknown): ContractBroken | undefined {
    const { violations } = this.#books;
    if (violations.length === 0) return undefined;
    const more = violations.length > 5 ? `\nand ${violations.length - 5} more` : '';
    return new ContractBroken(violations.slice(0, 5).join('\n') + more, { cause });
  }

  /** @throws ContractBroken with the message unless the condition holds. */
  require(condition: boolean, message: string): void {
    if (!condition) throw new ContractBroken(message);
  }

  #hasEnded(id: AttemptId | undefined): boolean {
    return id !== undefined && this.#books.endOf(id) !== undefined;
  }

  async #until(condition: () => boolean, what: () => string): Promise<void> {
    if (condition()) return;
    let look: () => void = () => undefined;
    const met = new Promise<void>((resolve) => {
      look = () => {
        if (condition()) resolve();
      };
      this.#watchers.add(look);
    });
    try {
      await this.#within(what, met);
    } finally {
      this.#watchers.delete(look);
    }
  }

  async #within<T>(what: string | (() => string), promised: Promise<T>): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const limit = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        const name = typeof what === 'string' ? what : what();
        reject(new ContractBroken(`waited ${this.#timeoutMs} ms in vain for ${name}`));
      }, this.#timeoutMs);
    });
    try {
      return await Promise.race([promised, limit]);
    } finally {
      clearTimeout(timer);
    }
  }
}

/** The next attempt at the same job. */
export function again(job: TestJob): TestJob {
  return { ...job, attempt: job.attempt + 1 };
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const inner of Object.values(value)) deepFreeze(inner);
  }
  return value;
}
