// The composition root: builds the parts of a run and puts them together. Everything else gets its collaborators passed in.
import { join, resolve } from 'node:path';
import { BatchBackend, demandOf } from '../backends/batch/index.js';
import { DryRunBackend, FakeBackend, LocalBackend, type SpareLauncher } from '../backends/index.js';
import { Core } from '../core/core.js';
import type { CoreOptions } from '../core/core-options.js';
import type { RunPlan } from '../driver/run.js';
import { RealClock } from '../driver/real-clock.js';
import { VirtualClock } from '../driver/virtual-clock.js';
import type { BackendFactory, BackendFrame } from '../backends/plugin.js';
import type { Backend } from '../model/backend.js';
import type { Clock } from '../model/clock.js';
import { UserError } from '../model/problem.js';
import type { Observer } from '../model/run-event.js';
import { createEventLog } from '../observers/event-log.js';
import { createLogLinks } from '../observers/log-links/index.js';
import { createStatusDisplay } from '../observers/status/index.js';
import { Collector } from '../results/collector.js';
import { buildMetrics } from '../results/instrumentation/build-metrics.js';
import { Instrument } from '../results/instrumentation/instrument.js';
import type { MetricsView, UsageSource } from '../results/instrumentation/schema.js';
import { Judge } from '../results/judge.js';
import { messageOf } from '../util/message-of.js';
import { DRY_RUN, FAKE, LOCAL } from './backend-names.js';
import type { CheckedJobs } from './check-jobs.js';
import type { RunSetting } from './execute-run.js';
import type { RunOptions } from './run-options.js';
import type { Site } from './site/site.js';

/** How long a job that needs much may be passed over before room is kept for it. */
const RESERVE_AFTER_MS = 60_000;

/** What a backend gets beyond its grace to report the end of a job it was told to kill. */
const KILL_MARGIN_MS = 30_000;

/** Backends whose jobs end when this machine does. */
const HERE: ReadonlySet<string> = new Set([LOCAL, FAKE, DRY_RUN]);

/** What the outputs of a run are made from. */
export interface RunRecords {
  readonly collector: Collector;
  /** The observers that must be told the events of the run, the collector among them. */
  readonly observers: readonly Observer[];
  /** What was measured of the run so far. */
  readonly measure: () => MetricsView;
}

/** The parts of a run that its caller goes on using. */
export interface ComposedRun {
  readonly plan: RunPlan;
  readonly records: RunRecords;
  readonly judge: Judge;
  /** How the backends work here, for run.json; known once they are open. */
  readonly describeBackends: () => Readonly<Record<string, unknown>>;
  /** Tells the people, and who put the run together, in one line what it cannot go on after. */
  readonly giveUp: (message: string) => void;
}

/** What the caller of a composition gives to it. */
export interface Surroundings {
  /** Observers that belong to the kind of input. */
  readonly more: readonly Observer[];
  /** Told, in one line, what the run cannot go on after. */
  readonly onTrouble: (message: string) => void;
}

/**
 * Builds a run of checked jobs. Starts nothing.
 * @throws UserError when its journal cannot be written.
 */
export function composeRun(
  setting: Omit<RunSetting, 'flow' | 'facts'>,
  { more, onTrouble }: Surroundings,
): ComposedRun {
  const { runId, checked, options, kept, past, spare = null } = setting;
  const clock: Clock = options.virtualClock ? new VirtualClock(Date.now()) : new RealClock();
  const judge = new Judge();
  const display = createStatusDisplay({
    mode: options.status,
    printIntervalMs: options.printIntervalS * 1000,
    runNow: clock.now,
    ...(checked.expectedMsOf && { expectedMsOf: checked.expectedMsOf }),
  });
  const report = (message: string): void => {
    if (options.logLevel !== 'error') display.printLine(`regatta: warning: ${message}`);
  };
  const giveUp = (message: string): void => {
    display.printLine(`regatta: error: ${message}; the run is stopped`);
    onTrouble(message);
  };
  const leavesOutput = (backend: string): boolean => backend !== FAKE && backend !== DRY_RUN;
  const backends = composeBackends(checked, options, { runId, clock, kept, spare, warn: report });
  const local = backends.find((backend) => backend instanceof LocalBackend);
  if (local === undefined) spare?.dispose();
  const records = composeRecords(options.site, () => local?.facts?.mode);
  const recorder = kept?.openJournal({
    path: kept.directory.journal,
    durability: options.durability,
    remoteBackends: new Set(checked.backendNames.filter((name) => !HERE.has(name))),
    onFailure: giveUp,
  });
  const plan: RunPlan = {
    runId,
    graph: checked.graph,
    ...rulesOf(checked, options),
    backendOf: checked.backendOf,
    backends,
    judgeEnd: (spec, end) => judge.judgeEnd(spec, end),
    observers: [
      ...more,
      ...records.observers,
      display,
      ...(checked.backendNames.some(leavesOutput)
        ? [createLogLinks({ report, hasOutput: leavesOutput })]
        : []),
      ...(options.logLevel === 'debug' ? [createEventLog(display.printLine)] : []),
    ],
    ...(recorder === undefined ? {} : { recorder }),
    ...(past === undefined ? {} : { past }),
    clock,
    selfCheck: options.selfCheck,
    report,
  };
  const describeBackends = (): Record<string, unknown> =>
    Object.fromEntries(
      backends.map((backend) => [
        backend.name,
        backend instanceof LocalBackend ? describeLocal(backend) : {},
      ]),
    );
  return { plan, records, judge, describeBackends, giveUp };
}

/**
 * Builds what keeps the record of a run that outputs are made from.
 * @param site - Tells which backends are batch engines.
 * @param findLocalMode - How local jobs are started, which tells by what their usage is measured; asked when they have ended.
 */
export function composeRecords(site: Site, findLocalMode: () => unknown): RunRecords {
  const collector = new Collector();
  const instrument = new Instrument();
  const measure = (): MetricsView =>
    buildMetrics({
      run: collector.record,
      measured: instrument.read(),
      usageSourceOf: (name) => findUsageSource(name, site, findLocalMode),
    });
  return { collector, observers: [collector, instrument], measure };
}

/** Which mode is in force for the start of jobs, and by what their processes are found. */
function describeLocal({ facts }: LocalBackend): Readonly<Record<string, unknown>> {
  if (facts === null) return {};
  return {
    spawn: facts.mode,
    spawn_fallback: facts.fallbackReason,
    found_by: [
      'session',
      'token',
      ...(facts.adoptsOrphans ? ['subreaper'] : []),
      ...(facts.cgroup === null ? [] : ['cgroup']),
    ],
    cgroup: facts.cgroup,
    no_cgroup: facts.cgroupReason,
  };
}

/** How a backend comes to know what its jobs used; of a local one that is known once it is open. */
function findUsageSource(name: string, { engines }: Site, findLocalMode: () => unknown): UsageSource {
  if (name === FAKE || name === DRY_RUN) return 'none';
  if (name === LOCAL) return findLocalMode() === 'native' ? 'rusage' : 'none';
  return engines.some((engine) => engine.name === name) ? 'wrapper' : 'backend';
}

/** The scheduler's rules for these jobs. */
function rulesOf(checked: CheckedJobs, options: RunOptions): Omit<CoreOptions, 'backends'> {
  return {
    order: checked.order,
    limits: checked.limits,
    infraRetries: options.infraRetries,
    failFast: options.failFast,
    reserveAfterMs: RESERVE_AFTER_MS,
    killTimeoutMs: options.killGraceS * 1000 + KILL_MARGIN_MS,
  };
}

/** A scheduler that nobody drives, for questions about a run. */
export function composeCore(checked: CheckedJobs, options: RunOptions): Core {
  const names = checked.backendNames;
  const of = Int32Array.from(checked.graph.jobs, (spec) => names.indexOf(checked.backendOf(spec)));
  return new Core(checked.graph, { ...rulesOf(checked, options), backends: { names, of } });
}

/** What backends are made with. */
export interface BackendSurroundings {
  readonly runId: string;
  readonly clock: Clock;
  readonly kept: Pick<NonNullable<RunSetting['kept']>, 'directory' | 'session'> | null;
  /** Told, in one line, of what went wrong without harming a job. */
  readonly warn: (message: string) => void;
  /** A launcher process for the local backend that is coming up already; default: none is. */
  readonly spare?: SpareLauncher | null;
}

/** The backends that have jobs. */
export function composeBackends(
  { backendNames, settings }: Pick<CheckedJobs, 'backendNames' | 'settings'>,
  options: RunOptions,
  { runId, clock, kept, warn, spare = null }: BackendSurroundings,
): Backend[] {
  return backendNames.map((name): Backend => {
    if (name === DRY_RUN) return new DryRunBackend();
    if (name === FAKE) return new FakeBackend({ clock, seed: options.fakeSeed });
    const engine = options.site.engines.find((one) => one.name === name);
    const { batchFor = null, options: others = {} } = settings.get(name) ?? {};
    // Only a dry run keeps nothing, and all of its jobs are with the dry-run backend.
    if (engine !== undefined && batchFor !== null && kept !== null) {
      return new BatchBackend({
        engine,
        runId,
        directory: resolve(kept.directory.batch, name),
        clock,
        demandOf: (spec) => demandOf(batchFor(spec.target), spec),
        killGraceMs: options.killGraceS * 1000,
        maxOdirs: options.maxOdirs,
        warn,
      });
    }
    const factory = options.site.factories.find((one) => one.name === name);
    if (factory !== undefined && kept !== null) {
      return createOfPlugin(factory, {
        runId,
        directory: resolve(kept.directory.batch, name),
        clock,
        killGraceMs: options.killGraceS * 1000,
        maxOdirs: options.maxOdirs,
        options: others,
        warn,
      });
    }
    return new LocalBackend({
      runId,
      killGraceMs: options.killGraceS * 1000,
      maxOdirs: options.maxOdirs,
      onHeadDeath: options.onHeadDeath,
      ...(kept === null
        ? {}
        : {
            session: kept.session,
            spoolPath: kept.directory.ends,
            sharedDirectory: join(kept.directory.shared, String(kept.session)),
          }),
      ...(spare === null ? {} : { spare }),
      warn,
    });
  });
}

/** @throws UserError when it cannot be made, or is not what the run knows it as. */
function createOfPlugin(factory: BackendFactory, frame: BackendFrame): Backend {
  const { name } = factory;
  let backend: Backend;
  try {
    backend = factory.create(frame);
  } catch (error) {
    if (error instanceof UserError) throw error;
    const message = `backend ${name} of a plugin cannot be made: ${messageOf(error)}`;
    throw new UserError({ code: 'bad-plugin', message }, { cause: error });
  }
  if ((backend as Backend | undefined)?.name === name) return backend;
  throw new UserError({
    code: 'bad-plugin',
    message: `create of backend ${name} of a plugin must return a backend of that name`,
  });
}
