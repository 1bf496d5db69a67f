// Runs one seeded scenario through the core to its end, every step checked. A failure names its seed and the last steps.
import { Core, type CoreEvent } from '../../core/index.js';
import { buildGraph } from '../../graph/index.js';
import { byWeight, rankJobs } from '../../policy/index.js';
import { createRandom } from '../../util/random.js';
import { Inspector } from './inspector.js';
import { drawScenario, type Scenario } from './scenario.js';
import { World } from './world.js';

/** A scenario ends within this many steps, or it hangs. */
const MAX_STEPS = 5_000;

/** Steps a failure shows. */
const SHOWN_STEPS = 12;

/** What came of a simulated run. */
export interface SimulationReport {
  readonly scenario: Scenario;
  readonly steps: number;
}

/**
 * Simulates the scenario of a seed: the same seed gives the same run, step by step.
 * @throws Error whose message holds the seed, the rule broken and the last steps.
 */
export function simulate(seed: number): SimulationReport {
  const random = createRandom(seed);
  const scenario = drawScenario(random);
  const trace: string[] = [];
  try {
    return { scenario, steps: run(scenario, { world: new World(scenario, random), trace }) };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const steps = trace.slice(-SHOWN_STEPS).join('\n  ');
    throw new Error(`seed ${seed}, step ${trace.length}: ${message}\n  ${steps}`, { cause: error });
  }
}

function run(
  scenario: Scenario,
  { world, trace }: { readonly world: World; readonly trace: string[] },
): number {
  const graph = buildGraph(
    { jobs: scenario.jobs, locate: () => undefined },
    { backends: new Set(scenario.backends), resourceLimits: scenario.limits.resources },
  );
  const ranking = rankJobs(scenario.jobs, byWeight);
  if (ranking.kind === 'invalid') throw new Error(ranking.problem.message);
  const { order } = ranking;
  const core = new Core(graph, {
    order,
    backends: {
      names: scenario.backends,
      of: Int32Array.from(scenario.jobs, ({ backend }) => scenario.backends.indexOf(backend ?? '')),
    },
    limits: scenario.limits,
    infraRetries: scenario.infraRetries,
    failFast: scenario.failFast,
    reserveAfterMs: scenario.reserveAfterMs,
    killTimeoutMs: 500,
  });
  const inspector = new Inspector(scenario, order);
  const step = (event: CoreEvent): void => {
    trace.push(`${world.nowMs} ms ${JSON.stringify(event)}`);
    inspector.expect(event);
    const actions = core.step(event, world.nowMs);
    inspector.check(event, actions, world.nowMs);
    core.checkInvariants();
    for (const action of actions) world.perform(action);
  };
  step({ kind: 'start' });
  while (!inspector.hasEnded) {
    if (trace.length > MAX_STEPS) throw new Error(`the run has not ended after ${MAX_STEPS} steps`);
    const event = world.next();
    if (event === undefined) liftLimits(scenario, step);
    else step(event);
  }
  return trace.length;
}

/** Nothing will ever happen by itself: only limits that were set too low can be the cause, and lifting them the cure. */
function liftLimits(scenario: Scenario, step: (event: CoreEvent) => void): void {
  step({ kind: 'limit-set', scope: { kind: 'run' }, limit: null });
  for (const name of scenario.backends)
    step({ kind: 'limit-set', scope: { kind: 'backend', name }, limit: null });
  for (const name of Object.keys(scenario.limits.resources)) {
    step({ kind: 'limit-set', scope: { kind: 'resource', name }, limit: null });
  }
}
