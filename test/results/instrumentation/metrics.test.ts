// Pins metrics.json: numbers that add up over random runs with faults, and what a small run must say.
import { describe, expect, test } from 'vitest';
import { FakeBackend, type FakeOptions } from '../../../src/backends/index.js';
import { VirtualClock } from '../../../src/driver/index.js';
import type { JobSpec } from '../../../src/model/job-spec.js';
import type { Limits, RunEvent } from '../../../src/model/run-event.js';
import {
  buildMetrics,
  Collector,
  formatMetricsJson,
  formatResultsJson,
  Instrument,
  type JobMetrics,
  type JobResult,
  type Metrics,
  type Results,
} from '../../../src/results/index.js';
import { startWatched } from '../../driver/run-fixture.js';
import { makeSpec } from '../../support/job-spec.js';

/** What the files of a run with these events say. */
function read(events: readonly RunEvent[]): { metrics: Metrics; results: Results } {
  const collector = new Collector();
  const instrument = new Instrument();
  for (const event of events) {
    collector.notify(event);
    instrument.notify(event);
  }
  const metrics = buildMetrics({
    run: collector.record,
    measured: instrument.read(),
    usageSourceOf: () => 'none',
  });
  return {
    metrics: JSON.parse([...formatMetricsJson(metrics)].join('')) as Metrics,
    results: JSON.parse([...formatResultsJson(collector.build(0))].join('')) as Results,
  };
}

/** Runs fake jobs on virtual time. */
async function run(
  jobs: readonly JobSpec[],
  limits: Partial<Limits>,
  fake: Omit<FakeOptions, 'clock'> = {},
): Promise<RunEvent[]> {
  const clock = new VirtualClock(1_700_000_000_000);
  const { run: started, events } = await startWatched(jobs, [new FakeBackend({ clock, ...fake })], {
    clock,
    infraRetries: 2,
    limits: { run: null, backends: {}, resources: {}, ...limits },
  });
  await started.ended;
  return events;
}

function sum(numbers: Iterable<number | null>): number {
  return [...numbers].reduce<number>((total, number) => total + (number ?? 0), 0);
}

const lasting = (durationS: number, fields: Partial<JobSpec> = {}): Partial<JobSpec> => ({
  ...fields,
  fake: { durationS },
});

describe('a small run', () => {
  const jobs = [
    makeSpec('build', lasting(10, { target: 'build', block: { name: 'uart', variant: '' } })),
    makeSpec('a', lasting(20, { name: 'smoke', dependencies: ['build'], resources: { vcs: 1 } })),
    makeSpec('b', lasting(30, { name: 'smoke', dependencies: ['build'], resources: { vcs: 1 } })),
    makeSpec('c', lasting(5, { dependencies: ['build'], tool: { name: 'xcelium', version: '' } })),
  ];

  test('says where its time went', async () => {
    const { metrics } = read(await run(jobs, { run: 3, resources: { vcs: 1 } }));
    expect(metrics.makespan_s).toBe(60);
    // 10 s of the build alone, 20 s of a, beside it 5 s of c, 30 s of b: of 180 slot-seconds 65 were used.
    expect(metrics.slots).toEqual({
      limit: 3,
      peak: 2,
      busy_s: 65,
      idle_slot_s: { no_ready_job: 20 + 15 + 60, licence: 20, limit: 0, backend_busy: 0, backoff: 0 },
    });
    expect(metrics.resources).toEqual({ vcs: { limit: 1, peak: 1, busy_s: 50 } });
    expect(metrics.totals).toMatchObject({ queued_s: 20, job_runtime_s: 65, cpu_s: null, max_rss_kib: null });
  });

  test('names its critical path, waits included', async () => {
    const { metrics } = read(await run(jobs, { run: 3, resources: { vcs: 1 } }));
    expect(metrics.critical_path).toEqual({
      queued_s: 20,
      job_runtime_s: 40,
      steps: [
        { full_name: 'build', ready_at_s: 0, queued_s: 0, job_runtime_s: 10 },
        { full_name: 'b', ready_at_s: 10, queued_s: 20, job_runtime_s: 30 },
      ],
    });
  });

  test('names the longest jobs and tests of each block and tool', async () => {
    const { metrics } = read(await run(jobs, { run: 3 }));
    expect(metrics.groups.map(({ block, tool, jobs: count }) => [block, tool, count])).toEqual([
      [null, null, 2],
      ['uart', null, 1],
      [null, 'xcelium', 1],
    ]);
    expect(metrics.groups[0]?.longest_jobs).toEqual([
      { full_name: 'b', job_runtime_s: 30 },
      { full_name: 'a', job_runtime_s: 20 },
    ]);
    expect(metrics.groups[0]?.longest_tests).toEqual([
      { name: 'smoke', target: 'run', jobs: 2, job_runtime_s: 50, mean_s: 25, longest_s: 30 },
    ]);
  });

  test('gives each job the lowest free slot', async () => {
    const { metrics } = read(await run(jobs, { run: 3 }));
    expect(metrics.jobs.map(({ full_name: name, slot }) => [name, slot])).toEqual([
      ['build', 1],
      ['a', 1],
      ['b', 2],
      ['c', 3],
    ]);
  });

  test('counts no idle slots where there is no limit', async () => {
    const { metrics } = read(await run(jobs, {}));
    expect(metrics.slots).toEqual({ limit: null, peak: 3, busy_s: 65, idle_slot_s: null });
  });

  test('of which nothing ran has no path and no groups', async () => {
    const { metrics } = read(await run([], { run: 2 }));
    expect(metrics).toMatchObject({ critical_path: { steps: [] }, groups: [], jobs: [], makespan_s: 0 });
  });
});

test('a slot whose job the backend has yet to start is a busy backend, one in back-off is not', () => {
  const jobs = [makeSpec('a'), makeSpec('b')];
  const idle = { noReadyJob: 0, resource: 0, limit: 0, backoff: 1 };
  const change = { kind: 'job-changed', attempts: 1, reason: null, facts: null } as const;
  const { metrics } = read([
    {
      kind: 'run-started',
      atMs: 0,
      runId: 'r',
      jobs,
      backends: ['lsf', 'lsf'],
      limits: { run: 2, backends: { lsf: null }, resources: {} },
    },
    { ...change, atMs: 0, job: 0, from: 'scheduled', to: 'queued' },
    { ...change, atMs: 0, job: 1, from: 'scheduled', to: 'queued' },
    { kind: 'slots-idle', atMs: 0, idle },
    { ...change, atMs: 4000, job: 0, from: 'queued', to: 'running' },
    { ...change, atMs: 5000, job: 0, from: 'running', to: 'passed' },
    { kind: 'slots-idle', atMs: 5000, idle: { ...idle, noReadyJob: 1, backoff: 0 } },
    { ...change, atMs: 6000, job: 1, from: 'queued', to: 'running' },
  ]);
  expect(metrics.slots.idle_slot_s).toEqual({
    no_ready_job: 1,
    licence: 0,
    limit: 0,
    backend_busy: 4 + 1,
    backoff: 5,
  });
  expect(metrics).toMatchObject({ ended_at: null, makespan_s: null });
});

/** What metrics.json and results.json both say of a job. */
function timesOf(job: JobMetrics | JobResult): unknown[] {
  return [job.full_name, job.status, job.backend, job.queued_s, job.job_runtime_s];
}

test.each([1, 2, 3, 4, 5])(
  'numbers add up and agree with results.json, in a run with faults of seed %i',
  async (seed) => {
    const jobs = Array.from({ length: 400 }, (_, i) =>
      makeSpec(`j${i}`, {
        dependencies: i < 20 ? [] : [`j${i % 20}`],
        resources: i % 3 === 0 ? { vcs: 1 } : {},
        fake: i < 20 ? { status: 'passed' } : null,
      }),
    );
    const events = await run(
      jobs,
      { run: 8, resources: { vcs: 2 } },
      { seed, defaults: { failProbability: 0.1 }, faults: { busy: 0.02, lost: 0.02 } },
    );
    const { metrics, results } = read(events);
    const { slots, curves, totals, critical_path: path } = metrics;
    const makespanS = metrics.makespan_s ?? NaN;
    expect(makespanS).toBe(results.makespan_s);
    expect(slots.busy_s + sum(Object.values(slots.idle_slot_s ?? {}))).toBeCloseTo(8 * makespanS, 1);
    expect(slots.idle_slot_s?.licence).toBeGreaterThan(0);
    expect(slots.idle_slot_s?.backoff).toBeGreaterThan(0);
    expect(metrics.jobs.map(timesOf)).toEqual(results.jobs.map(timesOf));
    expect(totals.queued_s).toBeCloseTo(sum(results.jobs.map((job) => job.queued_s)), 1);
    expect(totals.job_runtime_s).toBeCloseTo(sum(results.jobs.map((job) => job.job_runtime_s)), 1);
    expect(path.queued_s + path.job_runtime_s).toBeCloseTo(makespanS, 2);
    const seenS = curves.slots.reduce(
      (total, mean, i) => total + mean * Math.min(curves.interval_s, makespanS - i * curves.interval_s),
      0,
    );
    expect(seenS / slots.busy_s).toBeCloseTo(1, 3);
    expect(Math.max(...(curves.resources.vcs ?? []))).toBeLessThanOrEqual(2);
  },
);
