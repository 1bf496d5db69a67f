// Whole runs of fake jobs on virtual time: hours pass in no time, every fault is survived, and a seed repeats a run to the event.
import { expect, test } from 'vitest';
import { FakeBackend, type FakeOptions } from '../../src/backends/index.js';
import { startRun, VirtualClock } from '../../src/driver/index.js';
import { buildGraph } from '../../src/graph/build.js';
import type { JobSpec } from '../../src/model/job-spec.js';
import type { RunEvent } from '../../src/model/run-event.js';
import { isTerminal } from '../../src/model/status.js';
import { byWeight, rankJobs } from '../../src/policy/priority.js';
import { Judge } from '../../src/results/judge.js';
import { makeSpec } from '../support/job-spec.js';

const START_MS = 1_700_000_000_000;

/** Ten builds, and the tests of each. */
function makeJobs(tests: number): JobSpec[] {
  const builds = Array.from({ length: 10 }, (_, i) => makeSpec(`build_${i}`, { target: 'build' }));
  const runs = Array.from({ length: tests }, (_, i) =>
    makeSpec(`test_${i}`, { dependencies: [`build_${i % 10}`] }),
  );
  return [...builds, ...runs];
}

/** Runs jobs on 50 slots of a fake backend; returns every event. */
async function run(jobs: readonly JobSpec[], options: Omit<FakeOptions, 'clock'>): Promise<RunEvent[]> {
  const events: RunEvent[] = [];
  const clock = new VirtualClock(START_MS);
  const judge = new Judge();
  const graph = buildGraph({ jobs, locate: () => undefined }, { backends: new Set(['fake']) });
  const ranking = rankJobs(graph.jobs, byWeight);
  if (ranking.kind === 'invalid') throw new Error(ranking.problem.message);
  const { ended } = await startRun({
    runId: 'night',
    graph,
    order: ranking.order,
    limits: { run: 50, backends: { fake: null }, resources: {} },
    backends: [new FakeBackend({ clock, ...options })],
    backendOf: () => 'fake',
    infraRetries: 2,
    failFast: null,
    reserveAfterMs: 60_000,
    killTimeoutMs: 10_000,
    judgeEnd: (spec, end) => judge.judgeEnd(spec, end),
    observers: [{ name: 'events', notify: (event) => void events.push(event) }],
    clock,
    selfCheck: false,
    report: () => undefined,
  });
  await ended;
  return events;
}

/** For each job, how often it ended and how. */
function gatherEnds(events: readonly RunEvent[]): Map<number, string[]> {
  const ends = new Map<number, string[]>();
  for (const event of events) {
    if (event.kind !== 'job-changed' || !isTerminal(event.to)) continue;
    ends.set(event.job, [...(ends.get(event.job) ?? []), event.reason?.kind ?? event.to]);
  }
  return ends;
}

test('a night of 5,000 jobs of ten minutes each on 50 slots', async () => {
  const options = { defaults: { medianDurationS: 600, durationSpread: 0 } };
  const events = await run(makeJobs(5000), options);
  const hours = ((events.at(-1)?.atMs ?? 0) - START_MS) / 3_600_000;
  // The builds, then a hundred rounds of fifty.
  expect(hours).toBeCloseTo(101 / 6, 6);
  expect(new Set([...gatherEnds(events).values()].map((ends) => ends.join()))).toEqual(new Set(['passed']));
});

test('every fault at once: each job still ends, once', async () => {
  const jobs = makeJobs(2000);
  const events = await run(jobs, {
    seed: 20_261_124,
    defaults: { failProbability: 0.05 },
    faults: {
      busy: 0.02,
      rejected: 0.01,
      thrown: 0.005,
      lost: 0.1,
      late: 0.5,
      early: 0.1,
      duplicate: 0.2,
    },
  });
  const ends = gatherEnds(events);
  expect(ends.size).toBe(jobs.length);
  expect([...ends.values()].filter((all) => all.length !== 1)).toEqual([]);
  // The faults have happened: without them the test would show nothing.
  const kinds = new Set([...ends.values()].flat());
  expect(kinds).toEqual(new Set(['passed', 'fake', 'lost', 'launch-error', 'dependency']));
  expect(events.some(({ kind }) => kind === 'backend-busy')).toBe(true);
});

test('a seed repeats a run to the event; another seed does not', async () => {
  const faults = { busy: 0.05, lost: 0.1, late: 0.5, early: 0.1, duplicate: 0.2 };
  const [first, second, other] = await Promise.all(
    [1, 1, 2].map(async (seed) => JSON.stringify(await run(makeJobs(300), { seed, faults }))),
  );
  expect(second).toBe(first);
  expect(other).not.toBe(first);
});
