// Runs one seeded scenario through the core to its end, every step checked. A failure names its seed and the last steps.
import { Core, type Action, type CoreEvent, type LimitScope } from '../../core/index.js';
import { buildGraph, type JobGraph } from '../../graph/index.js';
import { byWeight, rankJobs } from '../../policy/index.js';
import { createRandom, type RandomStream } from '../../util/random.js';
import { drawInt } from './draw.js';
import { Inspector } from './inspector.js';
import { SimulatedRecord } from './record.js';
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
/** The same for crashes. */
const CRASHES = 0xdead;

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
  readonly #graph: JobGraph;
  readonly #order: Int32Array;
  #core: Core;
  readonly #inspector: Inspector;
  readonly #world: World;
  readonly #record: SimulatedRecord;
  readonly #trace: Step[];
  readonly #chance: RandomStream;
  #crashes = 0;
  /** Times in a row that users helped the run on. */
  #helped = 0;

  constructor(scenario: Scenario, seed: number, trace: Step[]) {
    this.#graph = buildGraph(
      { jobs: scenario.jobs, locate: () => undefined },
      { backends: new Set(scenario.backends), resourceLimits: scenario.limits.resources },
    );
    const ranking = rankJobs(scenario.jobs, byWeight);
    if (ranking.kind === 'invalid') throw new Error(ranking.problem.message);
    this.#scenario = scenario;
    this.#order = ranking.order;
    this.#core = this.#makeCore();
    this.#inspector = new Inspector(scenario, ranking.order);
    this.#world = new World(scenario, createRandom(seed ^ WORLD));
    this.#record = new SimulatedRecord(scenario.jobs.length);
    this.#trace = trace;
    this.#chance = createRandom(seed ^ CRASHES);
  }

  run(): void {
    const { jobs, backends, limits } = this.#scenario;
    const names = jobs.map(({ backend }) => backend ?? backends[0] ?? '');
    this.#record.note({ kind: 'run-started', atMs: 0, runId: '', jobs, backends: names, limits });
    this.#record.flush();
    this.#step({ kind: 'start' });
    while (!this.#inspector.hasEnded) {
      if (this.#trace.length > MAX_STEPS) throw new Error(`the run has not ended after ${MAX_STEPS} steps`);
      const event = this.#world.next();
      if (event === undefined) {
        this.#helpOut(this.#helped++);
      } else {
        if (event.kind === 'limit-set') this.#helped = 0;
        this.#step(event);
      }
    }
  }

  #makeCore(): Core {
    const { jobs, backends, limits, infraRetries, failFast, reserveAfterMs } = this.#scenario;
    return new Core(this.#graph, {
      order: this.#order,
      backends: {
        names: backends,
        of: Int32Array.from(jobs, ({ backend }) => backends.indexOf(backend ?? '')),
      },
      limits,
      infraRetries,
      failFast,
      reserveAfterMs,
      killTimeoutMs: KILL_TIMEOUT_MS,
    });
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
    if (this.#perform(actions, nowMs)) return;
    this.#crash();
  }

  /** Records and performs what a step asks for. @returns Whether the process lived to the end of it. */
  #perform(actions: readonly Action[], nowMs: number): boolean {
    // Two places for each action: before it is recorded, and between that and its performance.
    const end = 2 * actions.length;
    const { probability, most } = this.#scenario.crashes;
    const isDoomed = this.#crashes < most && this.#chance() < probability;
    const cut = isDoomed ? drawInt(this.#chance, 0, end) : end + 1;
    for (const [i, action] of actions.entries()) {
      if (cut <= 2 * i) return false;
      this.#record.noteAction(action, nowMs);
      if (cut === 2 * i + 1) return false;
      this.#world.perform(action);
    }
    if (cut === end) return false;
    this.#record.flush();
    return true;
  }

  /** The process dies, and another takes the run up from what is on record. */
  #crash(): void {
    this.#crashes++;
    // What was asked of the process that died is not known to the next one.
    this.#helped = 0;
    this.#record.cut(this.#chance);
    const recovery = this.#record.recover();
    this.#world.crash();
    this.#core = this.#makeCore();
    this.#inspector.takeUp(recovery);
    const { limits } = this.#scenario;
    this.#record.note({ kind: 'run-resumed', atMs: this.#world.nowMs, limits });
    this.#step({ kind: 'start', recovery });
  }

  #liftLimits(): void {
    const scopes: LimitScope[] = [
      { kind: 'run' },
      ...this.#scenario.backends.map((name): LimitScope => ({ kind: 'backend', name })),
      ...Object.keys(this.#scenario.limits.resources).map((name): LimitScope => ({ kind: 'resource', name })),
    ];
    for (const scope of scopes) this.#step({ kind: 'limit-set', scope, limit: null });
  }
}
