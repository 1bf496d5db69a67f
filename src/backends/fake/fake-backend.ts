// A backend that runs nothing and takes the time it says: for tests, trials of a config, and simulated nights.
import type {
  AdoptAnswer,
  AttemptId,
  Backend,
  BackendSink,
  EndReport,
  KillRequest,
  Submission,
  SubmitAnswer,
} from '../../model/backend.js';
import type { Clock } from '../../model/clock.js';
import type { JobEnd } from '../../model/outcome.js';
import { Agenda } from './agenda.js';
import { FakeOracle, type FakeDefaults, type FakeFaults } from './behaviour.js';

/** How the fake backend behaves. */
export interface FakeOptions {
  /** Decides every time of its jobs. */
  readonly clock: Clock;
  /** Seed of all that is drawn; an integer. Default 1. */
  readonly seed?: number;
  /** Default: a few seconds, all pass. */
  readonly defaults?: Partial<FakeDefaults>;
  /** Default: none. */
  readonly faults?: Partial<FakeFaults>;
}

/** Something to report when its time comes; an attempt runs until its first report. */
interface FakeEnd extends AttemptId {
  readonly dueMs: number;
  readonly end: JobEnd;
  readonly isTwice: boolean;
}

/** Declared, like all its outcomes, so that nobody looks for a log. */
const KILLED: JobEnd = {
  kind: 'declared',
  outcome: { status: 'killed', reason: { kind: 'fake', message: 'fake job killed' } },
};

const LOST: JobEnd = { kind: 'lost', message: 'the fake backend pretends to have lost the job' };

/**
 * Pretends to run jobs; see {@link FakeOracle} for what is drawn. Outcomes are declared, so no log is read. Jobs that end in
 * the same millisecond are reported together, in the order of their submission. A job that is killed ends at once.
 */
export class FakeBackend implements Backend {
  readonly name = 'fake';
  readonly #clock: Clock;
  readonly #oracle: FakeOracle;
  readonly #agenda: Agenda<FakeEnd>;
  /** By job: a job has one attempt at a time. */
  readonly #running = new Map<number, FakeEnd>();
  #sink: BackendSink | null = null;

  constructor({ clock, seed = 1, defaults = {}, faults = {} }: FakeOptions) {
    this.#clock = clock;
    this.#oracle = new FakeOracle(seed, defaults, faults);
    this.#agenda = new Agenda(clock, (ends) => {
      this.#endAll(ends);
    });
  }

  async open(sink: BackendSink): Promise<void> {
    this.#sink = sink;
  }

  async submit(batch: readonly Submission[]): Promise<readonly SubmitAnswer[]> {
    const [first] = batch;
    if (first !== undefined && this.#oracle.foretell(first.spec, first.attempt).fate === 'thrown') {
      throw new Error('the fake backend pretends to be broken');
    }
    const early: FakeEnd[] = [];
    const answers = batch.map((submission) => this.#submitOne(submission, early));
    this.#endAll(early);
    return answers;
  }

  /** A pretended job ends with the process that pretends it. */
  async adopt(batch: readonly Submission[]): Promise<readonly AdoptAnswer[]> {
    return batch.map(() => ({ kind: 'gone', message: 'a fake job ends with its run' }));
  }

  async kill(batch: readonly KillRequest[]): Promise<void> {
    const reports: EndReport[] = [];
    for (const { job, attempt } of batch) {
      const running = this.#running.get(job);
      if (running?.attempt !== attempt) continue;
      this.#running.delete(job);
      this.#agenda.remove(running.dueMs, running);
      reports.push({ job, attempt, end: KILLED });
    }
    this.#report(reports);
  }

  async close(): Promise<void> {
    this.#agenda.clear();
    this.#report(Array.from(this.#running.values(), ({ job, attempt }) => ({ job, attempt, end: KILLED })));
    this.#running.clear();
    this.#sink = null;
  }

  /** @param early - Receives the end that is to be reported before the answer. */
  #submitOne({ job, attempt, spec }: Submission, early: FakeEnd[]): SubmitAnswer {
    const life = this.#oracle.foretell(spec, attempt);
    if (life.fate === 'busy') return { kind: 'busy', message: 'the fake backend pretends to be full' };
    if (life.fate === 'rejected') {
      return { kind: 'rejected', message: 'the fake backend pretends that it cannot run the job' };
    }
    // Up to a whole millisecond, so that ends fall together.
    const fullMs = Math.ceil(this.#clock.now() + life.durationMs);
    const lostMs = Math.ceil(this.#clock.now() + life.durationMs / 2);
    const own: JobEnd = { kind: 'declared', outcome: life.outcome };
    const running: FakeEnd = {
      job,
      attempt,
      dueMs: life.isLost ? lostMs : fullMs,
      end: life.isLost ? LOST : own,
      isTwice: life.endsTwice,
    };
    this.#running.set(job, running);
    if (life.endsEarly) early.push(running);
    else this.#agenda.add(running.dueMs, running);
    if (life.isLost && life.endsLate) {
      this.#agenda.add(fullMs, { job, attempt, dueMs: fullMs, end: own, isTwice: false });
    }
    return { kind: 'accepted', running: true };
  }

  /** Reports ends that are due; an end that its attempt outlived comes late. */
  #endAll(ends: readonly FakeEnd[]): void {
    for (const end of ends) if (this.#running.get(end.job) === end) this.#running.delete(end.job);
    this.#report(ends);
    this.#report(ends.filter(({ isTwice }) => isTwice));
  }

  #report(reports: readonly EndReport[]): void {
    if (reports.length > 0) {
      this.#sink?.ended(reports.map(({ job, attempt, end }) => ({ job, attempt, end })));
    }
  }
}
