// Runs one seeded scenario through the core to its end, every step checked. A failure names its seed and the last steps.
import { Core, type CoreEvent } from '../../core/index.js';
import { buildGraph } from '../../graph/index.js';
import { byWeight, rankJobs } from '../../policy/index.js';
import { createRandom } from '../../util/random.js';
import { Inspector } from './inspector.js';
import { drawScenario, type Scenario } from './scenario.js';
import { shrink } from './shrink.js';
import { World } from './world.js';
import { messageOf } from '../../util/message-of.js';

/** A scenario ends within this many steps, or it hangs. */
const MAX_STEPS = 5_000;

/** Steps a failure shows. */
const SHOWN_STEPS = 12;

/** Backends of a simulation have this long to report the end of a job they were told to kill. */
const KILL_TIMEOUT_MS = 500;

/** Parts the random numbers of the world from those of its scenario, so that a smaller scenario can be tried in the same world. */
const WORLD = 0x5eed;

/** What came of a simulated run. */
export interface SimulationReport {
  readonly scenario: Scenario;
  readonly steps: number;
}

/** What the core was told, and when. */
interface Step {
  readonly event: CoreEvent;
  readonly nowMs: number;
}

/** How a run failed: the rule broken, and what led there. */
interface Failure {
  readonly message: string;
  readonly trace: readonly Step[];
}

/**
 * Simulates the scenario of a seed: the same seed gives the same run, step by step.
 * @throws Error whose message holds the seed, the rule broken, and the last steps of the smallest scenario found to break one.
 */
export function simulate(seed: number): SimulationReport {
  const scenario = drawScenario(createRandom(seed));
  const result = run(scenario, seed);
  if (typeof result === 'number') return { scenario, steps: result };
  const small = shrink(scenario, (smaller) => typeof run(smaller, seed) !== 'number');
  const shrunk = run(small, seed);
  const { message, trace } = typeof shrunk === 'number' ? result : shrunk;
  const steps = trace.slice(-SHOWN_STEPS).map(formatStep).join('\n  ');
  throw new Error(
    `seed ${seed}, step ${result.trace.length}: ${result.message}\n` +
      `with ${small.jobs.length} of its ${scenario.jobs.length} jobs, at step ${trace.length}: ${message}\n  ${steps}`,
  );
}

/** The number of steps of a run, or how it failed. */
function run(scenario: Scenario, seed: number): number | Failure {
  const trace: Step[] = [];
  try {
    new Simulation(scenario, seed, trace).run();
    return trace.length;
  } catch (error) {
    return { message: messageOf(error), trace };
  }
}

function formatStep({ event, nowMs }: Step): string {
  return `${nowMs} ms ${JSON.stringify(event)}`;
}

class Simulation {
  readonly #scenario: Scenario;
  readonly #core: Core;
  readonly #inspector: Inspector;
  readonly #world: World;
  readonly #trace: Step[];

  constructor(scenario: Scenario, seed: number, trace: Step[]) {
    const graph = buildGraph(
      { jobs: scenario.jobs, locate: () => undefined },
      { backends: new Set(scenario.backends), resourceLimits: scenario.limits.resources },
    );
    const ranking = rankJobs(scenario.jobs, byWeight);
    if (ranking.kind === 'invalid') throw new Error(ranking.problem.message);
    const { order } = ranking;
    this.#scenario = scenario;
    this.#core = new Core(graph, {
      order,
      backends: {
        names: scenario.backends,
        of: Int32Array.from(scenario.jobs, ({ backend }) => scenario.backends.indexOf(backend ?? '')),
      },
      limits: scenario.limits,
      infraRetries: scenario.infraRetries,
      failFast: scenario.failFast,
      reserveAfterMs: scenario.reserveAfterMs,
      killTimeoutMs: KILL_TIMEOUT_MS,
    });
    this.#inspector = new Inspector(scenario, order);
    this.#world = new World(scenario, createRandom(seed ^ WORLD));
    this.#trace = trace;
  }

  run(): void {
    this.#step({ kind: 'start' });
    let helped = 0;
    while (!this.#inspector.hasEnded) {
      if (this.#trace.length > MAX_STEPS) throw new Error(`the run has not ended after ${MAX_STEPS} steps`);
      const event = this.#world.next();
      if (event === undefined) {
        this.#helpOut(helped++);
      } else {
        if (event.kind === 'limit-set') helped = 0;
        this.#step(event);
      }
    }
  }

  /**
   * What users do when nothing happens any more: lift limits, which may have been set too low; then end the run by force, which
   * nothing but a submission without an answer can make necessary.
   */
  #helpOut(helped: number): void {
    if (helped === 0) this.#liftLimits();
    else if (helped === 1 && this.#world.isMute) {
      this.#step({ kind: 'stop-asked', mode: 'kill', by: { kind: 'signal', signal: 'SIGINT' } });
    } else throw new Error('nothing will ever happen and the run has not ended');
  }

  #step(event: CoreEvent): void {
    const { nowMs } = this.#world;
    this.#trace.push({ event, nowMs });
    this.#inspector.expect(event, nowMs);
    const actions = this.#core.step(event, nowMs);
    this.#inspector.check(event, actions);
    this.#core.checkInvariants();
    for (const action of actions) this.#world.perform(action);
  }

  #liftLimits(): void {
    this.#step({ kind: 'limit-set', scope: { kind: 'run' }, limit: null });
    for (const name of this.#scenario.backends) {
      this.#step({ kind: 'limit-set', scope: { kind: 'backend', name }, limit: null });
    }
    for (const name of Object.keys(this.#scenario.limits.resources)) {
      this.#step({ kind: 'limit-set', scope: { kind: 'resource', name }, limit: null });
    }
  }
}
