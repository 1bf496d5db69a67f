// What a fake job does: as its spec says, and where the spec is silent, drawn from a seed. Pure.
import type { JobSpec } from '../../model/job-spec.js';
import type { Outcome } from '../../model/outcome.js';
import { createRandom, hashText, type RandomStream } from '../../util/random.js';

/** What fake jobs do when their spec does not say. */
export interface FakeDefaults {
  /** Half of the jobs are shorter, half longer; in seconds, >= 0. Default 3. */
  readonly medianDurationS: number;
  /**
   * How far run times spread: the standard deviation of their natural logarithm, >= 0. 0: all are the median.
   * Default 0.75: a third is shorter than half or longer than twice the median. No job leaves three deviations.
   */
  readonly durationSpread: number;
  /** Share of jobs that fail, in [0, 1]. Default 0. */
  readonly failProbability: number;
}

/** Things that go wrong with a backend, each with its probability for one submission, in [0, 1]. Default 0. */
export interface FakeFaults {
  /** The submission is refused for now. */
  readonly busy: number;
  /** The submission is refused for good. */
  readonly rejected: number;
  /** The whole batch fails with an exception; drawn for its first job. */
  readonly thrown: number;
  /** The job vanishes halfway instead of ending. */
  readonly lost: number;
  /** Of lost jobs: the end is reported after all, when another attempt may run. Breaks the contract of backends. */
  readonly late: number;
  /** The end is reported before the submission is answered. */
  readonly early: number;
  /** The end is reported twice. Breaks the contract of backends. */
  readonly duplicate: number;
}

const DEFAULTS: FakeDefaults = { medianDurationS: 3, durationSpread: 0.75, failProbability: 0 };

const NO_FAULTS: FakeFaults = {
  busy: 0,
  rejected: 0,
  thrown: 0,
  lost: 0,
  late: 0,
  early: 0,
  duplicate: 0,
};

/** No run time is further from the median than this many spreads: a simulated night has an end one can foresee. */
const MAX_DEVIATION = 3;

/** The whole life of one attempt. */
export interface FakeLife {
  /** Whole milliseconds. */
  readonly durationMs: number;
  readonly outcome: Outcome;
  /** How its submission goes: `thrown` takes the batch along when the job is its first. */
  readonly fate: 'taken' | 'busy' | 'rejected' | 'thrown';
  readonly isLost: boolean;
  readonly endsLate: boolean;
  readonly endsEarly: boolean;
  readonly endsTwice: boolean;
}

/** Draws lives: the same seed, job name and attempt give the same life, whatever else is run and in whatever order. */
export class FakeOracle {
  readonly #seed: number;
  readonly #defaults: FakeDefaults;
  readonly #faults: FakeFaults;

  constructor(seed: number, defaults: Partial<FakeDefaults>, faults: Partial<FakeFaults>) {
    this.#seed = seed;
    this.#defaults = { ...DEFAULTS, ...defaults };
    this.#faults = { ...NO_FAULTS, ...faults };
  }

  /** Always draws everything, in one order: what a spec says, or a fault that is switched on, moves no other draw. */
  foretell(spec: JobSpec, attempt: number): FakeLife {
    const random = createRandom(
      hashText(spec.fullName) ^ Math.imul(this.#seed, 0x9e3779b1) ^ Math.imul(attempt, 0x85ebca6b),
    );
    const drawnS = this.#durationS(random);
    const outcome = this.#outcome(spec, random);
    const busy = random() < this.#faults.busy;
    const rejected = random() < this.#faults.rejected;
    const thrown = random() < this.#faults.thrown;
    return {
      durationMs: Math.round((spec.fake?.durationS ?? drawnS) * 1000),
      outcome,
      fate: thrown ? 'thrown' : rejected ? 'rejected' : busy ? 'busy' : 'taken',
      isLost: random() < this.#faults.lost,
      endsLate: random() < this.#faults.late,
      endsEarly: random() < this.#faults.early,
      endsTwice: random() < this.#faults.duplicate,
    };
  }

  /** Log-normal, as run times of simulations roughly are: many short, few long. */
  #durationS(random: RandomStream): number {
    const { medianDurationS, durationSpread } = this.#defaults;
    // Box and Muller's transform; 1 - random() is never 0.
    const deviation = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    const bounded = Math.max(-MAX_DEVIATION, Math.min(MAX_DEVIATION, deviation));
    return medianDurationS * Math.exp(durationSpread * bounded);
  }

  #outcome(spec: JobSpec, random: RandomStream): Outcome {
    const drawn = random() < this.#defaults.failProbability ? 'failed' : 'passed';
    const status = spec.fake?.status ?? drawn;
    if (status === 'passed') return { status };
    return { status, reason: { kind: 'fake', message: spec.fake?.message ?? `fake job ${status}` } };
  }
}
