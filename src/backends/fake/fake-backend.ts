// A backend that runs nothing and takes the time it says: for tests, trials of a config, and simulated nights.
import type {
  AttemptId,
  Backend,
  BackendSink,
  EndReport,
  KillRequest,
  Submission,
  SubmitAnswer,
} from '../../model/backend.js';
import type { Clock, TimerHandle } from '../../model/clock.js';
import type { JobEnd } from '../../model/outcome.js';
import { FakeOracle, NO_FAULTS, type FakeDefaults, type FakeFaults, type FakeLife } from './behaviour.js';

/** How the fake backend behaves. */
export interface FakeOptions {
  /** Decides every time of its jobs. */
  readonly clock: Clock;
  /** Seed of all that is drawn. Default 1. */
  readonly seed?: number;
  /** Default: 1 to 10 s, all pass. */
  readonly defaults?: Partial<FakeDefaults>;
  /** Default: none. */
  readonly faults?: Partial<FakeFaults>;
}

/** An attempt that has been accepted and has not ended. */
interface RunningFake extends AttemptId {
  readonly timer: TimerHandle;
}

/** Declared, like all its outcomes, so that nobody looks for a log. */
const KILLED: JobEnd = {
  kind: 'declared',
  outcome: { status: 'killed', reason: { kind: 'fake', message: 'fake job killed' } },
};

/** Pretends to run jobs. Outcomes are declared, so no log is read. */
export class FakeBackend implements Backend {
  readonly name = 'fake';
  readonly #clock: Clock;
  readonly #oracle: FakeOracle;
  readonly #running = new Map<string, RunningFake>();
  #sink: BackendSink | null = null;

  constructor({ clock, seed = 1, defaults, faults }: FakeOptions) {
    this.#clock = clock;
    this.#oracle = new FakeOracle(
      seed,
      { minDurationS: 1, maxDurationS: 10, failProbability: 0, ...defaults },
      { ...NO_FAULTS, ...faults },
    );
  }

  async open(sink: BackendSink): Promise<void> {
    this.#sink = sink;
  }

  async submit(batch: readonly Submission[]): Promise<readonly SubmitAnswer[]> {
    return batch.map((submission) => this.#submitOne(submission));
  }

  async kill(batch: readonly KillRequest[]): Promise<void> {
    const ends: EndReport[] = [];
    for (const { job, attempt } of batch) {
      const running = this.#take({ job, attempt });
      if (running === undefined) continue;
      this.#clock.clearTimer(running.timer);
      ends.push({ job, attempt, end: KILLED });
    }
    if (ends.length > 0) this.#sink?.ended(ends);
  }

  async close(): Promise<void> {
    for (const { timer } of this.#running.values()) this.#clock.clearTimer(timer);
    this.#running.clear();
    this.#sink = null;
  }

  #submitOne({ job, attempt, spec }: Submission): SubmitAnswer {
    const life = this.#oracle.foretell(spec, attempt);
    if (life.isBusy) return { kind: 'busy', message: 'the fake backend pretends to be full' };
    const id = { job, attempt };
    if (life.endsEarly) {
      this.#report(id, life);
    } else {
      const timer = this.#clock.setTimer(this.#clock.now() + life.durationMs, () => {
        if (this.#take(id) !== undefined) this.#report(id, life);
      });
      this.#running.set(keyOf(id), { ...id, timer });
    }
    return { kind: 'accepted', running: true };
  }

  #take(id: AttemptId): RunningFake | undefined {
    const key = keyOf(id);
    const running = this.#running.get(key);
    this.#running.delete(key);
    return running;
  }

  #report({ job, attempt }: AttemptId, life: FakeLife): void {
    const end: EndReport['end'] = life.isLost
      ? { kind: 'lost', message: 'the fake backend pretends to have lost the job' }
      : { kind: 'declared', outcome: life.outcome };
    this.#sink?.ended([{ job, attempt, end }]);
    if (life.endsTwice) this.#sink?.ended([{ job, attempt, end }]);
  }
}

function keyOf({ job, attempt }: AttemptId): string {
  return `${job} ${attempt}`;
}
