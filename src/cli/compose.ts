// The composition root: builds the parts of a run and puts them together. Everything else gets its collaborators passed in.
import { DryRunBackend, FakeBackend, LocalBackend } from '../backends/index.js';
import type { RunPlan } from '../driver/run.js';
import { RealClock } from '../driver/real-clock.js';
import { VirtualClock } from '../driver/virtual-clock.js';
import type { Backend } from '../model/backend.js';
import type { Clock } from '../model/clock.js';
import type { Observer } from '../model/run-event.js';
import { createEventLog } from '../observers/event-log.js';
import { createLogLinks } from '../observers/log-links/index.js';
import { createStatusDisplay } from '../observers/status/index.js';
import { Collector } from '../results/collector.js';
import { buildMetrics } from '../results/instrumentation/build-metrics.js';
import { Instrument } from '../results/instrumentation/instrument.js';
import type { MetricsView, UsageSource } from '../results/instrumentation/schema.js';
import { Judge } from '../results/judge.js';
import { DRY_RUN, FAKE, type CheckedJobs } from './check-jobs.js';
import type { RunOptions } from './run-options.js';

/** How long a job that needs much may be passed over before room is kept for it. */
const RESERVE_AFTER_MS = 60_000;

/** What a backend gets beyond its grace to report the end of a job it was told to kill. */
const KILL_MARGIN_MS = 30_000;

/** The parts of a run that its caller goes on using. */
export interface ComposedRun {
  readonly plan: RunPlan;
  readonly collector: Collector;
  readonly judge: Judge;
  /** What was measured of the run so far. */
  readonly measure: () => MetricsView;
}

/**
 * Builds a run of checked jobs. Starts nothing.
 * @param more - Observers that belong to the kind of input.
 */
export function composeRun(
  checked: CheckedJobs,
  options: RunOptions,
  { runId, more }: { readonly runId: string; readonly more: readonly Observer[] },
): ComposedRun {
  const clock: Clock = options.virtualClock ? new VirtualClock(Date.now()) : new RealClock();
  const collector = new Collector();
  const instrument = new Instrument();
  const judge = new Judge();
  const display = createStatusDisplay({
    mode: options.status,
    printIntervalMs: options.printIntervalS * 1000,
    runNow: clock.now,
  });
  const report = (message: string): void => {
    if (options.logLevel !== 'error') display.printLine(`regatta: warning: ${message}`);
  };
  const leavesOutput = (backend: string): boolean => backend !== FAKE && backend !== DRY_RUN;
  const killGraceMs = options.killGraceS * 1000;
  const backends = checked.backendNames.map((name): Backend => {
    if (name === DRY_RUN) return new DryRunBackend();
    if (name === FAKE) return new FakeBackend({ clock, seed: options.fakeSeed });
    return new LocalBackend({
      runId,
      killGraceMs,
      maxOdirs: options.maxOdirs,
      onHeadDeath: options.onHeadDeath,
      warn: report,
    });
  });
  const plan: RunPlan = {
    runId,
    graph: checked.graph,
    order: checked.order,
    limits: checked.limits,
    backendOf: checked.backendOf,
    backends,
    infraRetries: options.infraRetries,
    failFast: options.failFast,
    reserveAfterMs: RESERVE_AFTER_MS,
    killTimeoutMs: killGraceMs + KILL_MARGIN_MS,
    judgeEnd: (spec, end) => judge.judgeEnd(spec, end),
    observers: [
      ...more,
      collector,
      instrument,
      display,
      ...(checked.backendNames.some(leavesOutput)
        ? [createLogLinks({ report, hasOutput: leavesOutput })]
        : []),
      ...(options.logLevel === 'debug' ? [createEventLog(display.printLine)] : []),
    ],
    clock,
    selfCheck: options.selfCheck,
    report,
  };
  const measure = (): MetricsView =>
    buildMetrics({
      run: collector.record,
      measured: instrument.read(),
      usageSourceOf: findUsageSources(backends),
    });
  return { plan, collector, judge, measure };
}

/** How each backend comes to know what its jobs used; of a local one that is known once it is open. */
function findUsageSources(backends: readonly Backend[]): (name: string) => UsageSource {
  const local = backends.find((backend) => backend instanceof LocalBackend);
  return (name) => {
    if (name === FAKE || name === DRY_RUN) return 'none';
    if (name !== local?.name) return 'engine';
    return local.facts?.mode === 'native' ? 'rusage' : 'none';
  };
}
