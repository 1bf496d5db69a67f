// Draws a small, nasty run from a seed: jobs, limits, and the faults of its backends. Knows nothing of the core.
import type { JobSpec } from '../../model/job-spec.js';
import type { Limits } from '../../model/run-event.js';
import type { RandomStream } from '../../util/random.js';
import { drawInt, pick } from './draw.js';
import { drawDependencies } from './draw-graph.js';

/** How badly the backends of a scenario behave; each is the probability for one message. */
export interface Faults {
  readonly busy: number;
  readonly rejected: number;
  readonly lost: number;
  /** An end, or a start, overtakes the answer to its submission. */
  readonly early: number;
  /** A message comes a second time, perhaps when another attempt is under way. */
  readonly duplicate: number;
  /** A kill is not obeyed: by an ordinary request, or not at all. */
  readonly ignoresKill: number;
  /** A submission is answered seconds later, when everybody may have given it up. */
  readonly slow: number;
  /** A submission is never answered. */
  readonly mute: number;
  readonly fails: number;
}

/** One run to simulate. */
export interface Scenario {
  readonly jobs: readonly JobSpec[];
  readonly backends: readonly string[];
  readonly limits: Limits;
  readonly faults: Faults;
  readonly infraRetries: number;
  readonly failFast: number | null;
  readonly reserveAfterMs: number;
  readonly meddling: {
    /** Probability that something is asked of the run (a limit, a stop, a kill, a pause) before any step. */
    readonly probability: number;
    /** Times that happens at most, so that it cannot hide a run that hangs. */
    readonly most: number;
  };
  /** The run's process dies, and another takes the run up from its record. */
  readonly crashes: {
    /** Probability of a crash within any step. */
    readonly probability: number;
    readonly most: number;
    /** Probability that jobs outlive the crash, for each crash. */
    readonly jobsSurvive: number;
  };
  /** Probability that the log of a job takes long to read once the job is over, for each job. */
  readonly judgedLate: number;
}

const BACKENDS = ['north', 'south', 'west'];
const RESOURCES = ['vcs', 'xcelium'];

/** The scenario of a stream; the same stream gives the same one. */
export function drawScenario(random: RandomStream): Scenario {
  const backends = BACKENDS.slice(0, drawInt(random, 1, 3));
  const limits: Limits = {
    run: random() < 0.3 ? null : drawInt(random, 1, 6),
    backends: Object.fromEntries(
      backends.map((name) => [name, random() < 0.5 ? null : drawInt(random, 1, 4)]),
    ),
    resources: Object.fromEntries(
      RESOURCES.map((name) => [name, random() < 0.4 ? null : drawInt(random, 1, 4)]),
    ),
  };
  return {
    jobs: drawJobs(random, backends, limits.resources),
    backends,
    limits,
    faults: drawFaults(random),
    infraRetries: drawInt(random, 0, 2),
    failFast: random() < 0.15 ? drawInt(random, 1, 3) : null,
    reserveAfterMs: drawInt(random, 0, 400),
    meddling: { probability: random() < 0.5 ? 0 : random() * 0.15, most: drawInt(random, 1, 10) },
    // Drawn last, one after the other: whether there are crashes changes nothing else in the scenario of a seed.
    crashes: {
      probability: random() < 0.6 ? 0 : random() * 0.1,
      most: drawInt(random, 1, 4),
      jobsSurvive: random(),
    },
    judgedLate: random() < 0.7 ? 0 : random() * 0.5,
  };
}

function drawFaults(random: RandomStream): Faults {
  const isCalm = random() < 0.3;
  const rare = (most: number): number => (isCalm || random() < 0.5 ? 0 : random() * most);
  return {
    busy: rare(0.5),
    rejected: rare(0.2),
    lost: rare(0.4),
    early: rare(0.4),
    duplicate: rare(0.4),
    ignoresKill: rare(0.6),
    slow: rare(0.2),
    mute: random() < 0.1 ? rare(0.1) : 0,
    fails: rare(0.4),
  };
}

function drawJobs(
  random: RandomStream,
  backends: readonly string[],
  resources: Limits['resources'],
): JobSpec[] {
  const size = random() < 0.1 ? drawInt(random, 25, 40) : drawInt(random, 1, 24);
  const dependencies = drawDependencies(random, size);
  const needsAny = random() < 0.5 ? 0.3 : 0;
  return dependencies.map((before, job) => {
    const name = `j${job}`;
    return {
      fullName: name,
      name,
      qualName: name,
      jobType: null,
      target: 'run',
      backend: pick(random, backends),
      resources: drawDemand(random, resources),
      seed: null,
      block: null,
      tool: null,
      dependencies: before.map((other) => `j${other}`),
      needsAllDependenciesPassing: random() >= needsAny,
      weight: drawInt(random, 1, 3),
      timeoutMins: random() < 0.2 ? drawInt(random, 1, 300) / 60_000 : null,
      cmd: 'true',
      exports: {},
      dryRun: false,
      interactive: random() < 0.05,
      odir: `/nowhere/${name}`,
      renewOdir: false,
      logPath: `/nowhere/${name}/log`,
      linksDir: '/nowhere',
      passPatterns: [],
      failPatterns: [],
      fake: null,
    };
  });
}

/** Demands that fit the limits the run starts with: what cannot ever fit is refused before a run. */
function drawDemand(random: RandomStream, resources: Limits['resources']): Record<string, number | null> {
  const demand: Record<string, number | null> = {};
  for (const [name, limit] of Object.entries(resources)) {
    if (random() < 0.5) continue;
    demand[name] = limit === null && random() < 0.2 ? null : drawInt(random, 0, limit ?? 3);
  }
  return demand;
}
