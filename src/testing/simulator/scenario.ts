// Draws a small, nasty run from a seed: jobs, graph, limits, and the faults of its backends. Knows nothing of the core.
import type { JobSpec } from '../../model/job-spec.js';
import type { Limits } from '../../model/run-event.js';
import type { RandomStream } from '../../util/random.js';

/** How badly the backends of a scenario behave; each is the probability for one message. */
export interface Faults {
  readonly busy: number;
  readonly rejected: number;
  readonly lost: number;
  /** An end, or a start, overtakes the answer to its submission. */
  readonly early: number;
  readonly duplicate: number;
  /** A kill is not obeyed: by an ordinary request, or not at all. */
  readonly ignoresKill: number;
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
  /** Probability that something is asked of the run (a limit, a stop, a kill, a pause) before any step. */
  readonly meddling: number;
}

const RESOURCES = ['vcs', 'xcelium'];
const BACKENDS = ['north', 'south', 'west'];

/** A whole number from `min` to `max`, both included. */
export function drawInt(random: RandomStream, min: number, max: number): number {
  return min + Math.floor(random() * (max - min + 1));
}

/** The scenario of a stream; the same stream gives the same one. */
export function drawScenario(random: RandomStream): Scenario {
  const backends = BACKENDS.slice(0, drawInt(random, 1, 3));
  const resources = Object.fromEntries(
    RESOURCES.map((name) => [name, random() < 0.4 ? null : drawInt(random, 1, 4)]),
  );
  const limits: Limits = {
    run: random() < 0.3 ? null : drawInt(random, 1, 6),
    backends: Object.fromEntries(
      backends.map((name) => [name, random() < 0.5 ? null : drawInt(random, 1, 4)]),
    ),
    resources,
  };
  const isCalm = random() < 0.3;
  const rare = (most: number): number => (isCalm || random() < 0.5 ? 0 : random() * most);
  return {
    jobs: drawJobs(random, { backends, resources }),
    backends,
    limits,
    faults: {
      busy: rare(0.5),
      rejected: rare(0.2),
      lost: rare(0.4),
      early: rare(0.4),
      duplicate: rare(0.4),
      ignoresKill: rare(0.6),
      fails: rare(0.4),
    },
    infraRetries: drawInt(random, 0, 2),
    failFast: random() < 0.15 ? drawInt(random, 1, 3) : null,
    reserveAfterMs: drawInt(random, 0, 400),
    meddling: random() < 0.5 ? 0 : random() * 0.15,
  };
}

interface Surroundings {
  readonly backends: readonly string[];
  readonly resources: Readonly<Record<string, number | null>>;
}

function drawJobs(random: RandomStream, { backends, resources }: Surroundings): JobSpec[] {
  const size = drawInt(random, 1, 24);
  const shape = drawInt(random, 0, 3);
  return Array.from({ length: size }, (_, job) => {
    const name = `j${job}`;
    return {
      fullName: name,
      name,
      qualName: name,
      jobType: null,
      target: 'run',
      backend: backends[drawInt(random, 0, backends.length - 1)] ?? null,
      resources: drawDemand(random, resources),
      seed: null,
      block: null,
      tool: null,
      dependencies: drawDependencies(random, job, shape),
      needsAllDependenciesPassing: random() < 0.7,
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
function drawDemand(
  random: RandomStream,
  resources: Readonly<Record<string, number | null>>,
): Record<string, number | null> {
  const demand: Record<string, number | null> = {};
  for (const [name, limit] of Object.entries(resources)) {
    if (random() < 0.5) continue;
    demand[name] = limit === null && random() < 0.2 ? null : drawInt(random, 0, limit ?? 3);
  }
  return demand;
}

/** Shapes: none, a chain, builds with runs on them, anything. */
function drawDependencies(random: RandomStream, job: number, shape: number): string[] {
  if (job === 0 || shape === 0) return [];
  if (shape === 1) return [`j${job - 1}`];
  if (shape === 2) return job < 3 ? [] : [`j${drawInt(random, 0, 2)}`];
  const names = Array.from({ length: drawInt(random, 0, 3) }, () => `j${drawInt(random, 0, job - 1)}`);
  return [...new Set(names)];
}
