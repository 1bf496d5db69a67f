// Starts runs for tests of the driver: backends made by hand, a virtual clock, and everything that was seen.
import { startRun, VirtualClock, type Run, type RunPlan } from '../../src/driver/index.js';
import { buildGraph } from '../../src/graph/index.js';
import type { Backend, BackendSink, SubmitAnswer } from '../../src/model/backend.js';
import type { JobSpec } from '../../src/model/job-spec.js';
import { NO_FACTS } from '../../src/model/outcome.js';
import { describeReason } from '../../src/model/reason.js';
import type { RunEvent } from '../../src/model/run-event.js';
import { byWeight, rankJobs } from '../../src/policy/index.js';

export const ACCEPTED: SubmitAnswer = { kind: 'accepted', running: true };

/** A backend that runs jobs of no duration, each of which passes; what is given replaces a part of it. */
export function makeBackend(parts: Partial<Backend> = {}): Backend & { readonly sink: () => BackendSink } {
  let sink: BackendSink | undefined;
  const current = (): BackendSink => {
    if (sink === undefined) throw new Error('the backend was not opened');
    return sink;
  };
  return {
    name: 'local',
    open: async (given) => {
      sink = given;
    },
    submit: async (batch) => {
      current().ended(
        batch.map(({ job, attempt }) => ({ job, attempt, end: { kind: 'exited', exitCode: 0 } })),
      );
      return batch.map(() => ACCEPTED);
    },
    adopt: async (batch) => batch.map(() => ({ kind: 'gone', message: 'nothing outlives this backend' })),
    kill: async () => undefined,
    close: async () => undefined,
    ...parts,
    sink: current,
  };
}

export interface Watched {
  readonly run: Run;
  /** All events, in order. */
  readonly events: RunEvent[];
  /** Lines of `report`. */
  readonly reports: string[];
  /** How each job ended, by name: `passed`, or the status and the reason. */
  readonly ends: () => Record<string, string>;
}

/** Starts a run of `jobs`; those that name no backend are on the first. */
export async function startWatched(
  jobs: readonly JobSpec[],
  backends: readonly Backend[],
  parts: Partial<RunPlan> = {},
): Promise<Watched> {
  const events: RunEvent[] = [];
  const reports: string[] = [];
  const names = backends.map(({ name }) => name);
  const graph = buildGraph({ jobs, locate: () => undefined }, { backends: new Set(names) });
  const ranking = rankJobs(jobs, byWeight);
  if (ranking.kind === 'invalid') throw new Error(ranking.problem.message);
  const { observers = [], ...rest } = parts;
  const run = await startRun({
    runId: 'test',
    graph,
    order: ranking.order,
    limits: { run: null, backends: {}, resources: {} },
    infraRetries: 0,
    failFast: null,
    reserveAfterMs: 60_000,
    killTimeoutMs: 1000,
    backends,
    backendOf: ({ backend }) => backend ?? names[0] ?? '',
    judgeEnd: async (_, { end }) => ({
      outcome:
        end.kind === 'declared'
          ? end.outcome
          : end.kind === 'exited' && end.exitCode === 0
            ? { status: 'passed' }
            : { status: 'failed', reason: { kind: 'exit-code', exitCode: 1, context: [] } },
      facts: NO_FACTS,
    }),
    observers: [...observers, { name: 'watch', notify: (event) => void events.push(event) }],
    clock: new VirtualClock(0),
    selfCheck: true,
    report: (line) => void reports.push(line),
    ...rest,
  });
  const ends = (): Record<string, string> =>
    Object.fromEntries(
      events.flatMap((event) =>
        event.kind === 'job-changed' && event.facts !== null
          ? [
              [
                jobs[event.job]?.fullName ?? '',
                event.reason === null ? event.to : `${event.to}: ${describeReason(event.reason)}`,
              ],
            ]
          : [],
      ),
    );
  return { run, events, reports, ends };
}
