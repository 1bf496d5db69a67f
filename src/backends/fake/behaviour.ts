// What a fake job does: as its spec says, and where the spec is silent, drawn from a seed. Pure.
import type { JobSpec } from '../../model/job-spec.js';
import type { Outcome } from '../../model/outcome.js';
import { createRandom, hashText, type RandomStream } from '../../util/random.js';

/** What fake jobs do when their spec does not say; probabilities are in [0, 1]. */
export interface FakeDefaults {
  /** Run times are spread evenly between these two, in seconds. */
  readonly minDurationS: number;
  readonly maxDurationS: number;
  readonly failProbability: number;
}

/** Things that go wrong with a backend, each with its probability for one submission. */
export interface FakeFaults {
  /** The submission is refused for now. */
  readonly busy: number;
  /** The job vanishes instead of ending. */
  readonly lost: number;
  /** The end is reported before the submission is answered. */
  readonly early: number;
  /** The end is reported twice. */
  readonly duplicate: number;
}

export const NO_FAULTS: FakeFaults = { busy: 0, lost: 0, early: 0, duplicate: 0 };

/** The whole life of one attempt. */
export interface FakeLife {
  readonly durationMs: number;
  readonly outcome: Outcome;
  readonly isBusy: boolean;
  readonly isLost: boolean;
  readonly endsEarly: boolean;
  readonly endsTwice: boolean;
}

/** Draws lives: the same seed, job name and attempt give the same life, whatever else is run and in whatever order. */
export class FakeOracle {
  readonly #seed: number;
  readonly #defaults: FakeDefaults;
  readonly #faults: FakeFaults;

  constructor(seed: number, defaults: FakeDefaults, faults: FakeFaults) {
    this.#seed = seed;
    this.#defaults = defaults;
    this.#faults = faults;
  }

  foretell(spec: JobSpec, attempt: number): FakeLife {
    const random = createRandom(hashText(spec.fullName) ^ Math.imul(this.#seed, 0x9e3779b1) ^ attempt);
    const { minDurationS, maxDurationS } = this.#defaults;
    const drawnS = minDurationS + random() * (maxDurationS - minDurationS);
    const outcome = this.#outcome(spec, random);
    return {
      durationMs: (spec.fake?.durationS ?? drawnS) * 1000,
      outcome,
      isBusy: random() < this.#faults.busy,
      isLost: random() < this.#faults.lost,
      endsEarly: random() < this.#faults.early,
      endsTwice: random() < this.#faults.duplicate,
    };
  }

  #outcome(spec: JobSpec, random: RandomStream): Outcome {
    const drawn = random() < this.#defaults.failProbability ? 'failed' : 'passed';
    const status = spec.fake?.status ?? drawn;
    if (status === 'passed') return { status };
    return { status, reason: { kind: 'fake', message: spec.fake?.message ?? `fake job ${status}` } };
  }
}
