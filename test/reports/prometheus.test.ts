// Pins the Prometheus text of a run: well-formed whatever names hold, and every number that of the results and metrics.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatPrometheus } from '../../src/reports/prometheus.js';
import type { BucketRepro, RunMetrics } from '../../src/results/index.js';
import type { Metrics } from '../../src/results/instrumentation/schema.js';
import { failedWith, makeJobResult, makeResults } from '../support/job-result.js';
import { makeMetrics } from '../support/run-metrics.js';

function makeFigures(fields: Partial<Metrics> = {}): RunMetrics {
  return makeMetrics({
    totals: { queued_s: 3, job_runtime_s: 12.5, cpu_s: 11, max_rss_kib: 2048 },
    slots: {
      limit: 2,
      peak: 2,
      busy_s: 12.5,
      idle_slot_s: { no_ready_job: 5, licence: 2.5, limit: 0, backend_busy: 0, backoff: 0 },
    },
    resources: { vcs: { limit: 4, peak: 3, busy_s: 9 } },
    groups: [
      { block: 'uart', tool: 'vcs', jobs: 2, job_runtime_s: 12.5, longest_jobs: [], longest_tests: [] },
    ],
    ...fields,
  });
}

/** Samples by name and labels; every line must be a comment or a sample. */
function parse(text: string): Map<string, number> {
  const samples = new Map<string, number>();
  for (const line of text.split('\n')) {
    if (line === '' || /^# (?:HELP|TYPE) regatta_\w+ \S/.test(line)) continue;
    const match = /^(regatta_\w+(?:\{(?:\w+="(?:[^"\\\n]|\\[\\"n])*",?)+\})?) (-?[\d.e+-]+)$/.exec(line);
    expect(match, line).not.toBeNull();
    samples.set(match?.[1] ?? '', Number(match?.[2]));
  }
  return samples;
}

test('says what the results and the metrics say', async () => {
  const results = makeResults([makeJobResult('a'), makeJobResult('b', failedWith('bad'))], { exit_code: 1 });
  expect(Object.fromEntries(parse(await formatPrometheus(results, makeFigures())))).toEqual({
    regatta_run_start_time_seconds: Date.UTC(2026, 10, 24, 8) / 1000,
    regatta_run_end_time_seconds: Date.UTC(2026, 10, 24, 8, 0, 10) / 1000,
    regatta_run_makespan_seconds: 10,
    regatta_run_exit_code: 1,
    'regatta_jobs{status="passed"}': 1,
    'regatta_jobs{status="failed"}': 1,
    'regatta_jobs{status="killed"}': 0,
    regatta_failure_buckets: 1,
    regatta_queue_seconds: 3,
    'regatta_job_runtime_seconds{block="uart",tool="vcs"}': 12.5,
    regatta_cpu_seconds: 11,
    regatta_max_rss_bytes: 2_097_152,
    'regatta_critical_path_seconds{part="queued"}': 1,
    'regatta_critical_path_seconds{part="running"}': 9,
    regatta_slots: 2,
    regatta_slots_peak: 2,
    regatta_slots_busy_seconds: 12.5,
    'regatta_slots_idle_seconds{cause="no_ready_job"}': 5,
    'regatta_slots_idle_seconds{cause="licence"}': 2.5,
    'regatta_slots_idle_seconds{cause="limit"}': 0,
    'regatta_slots_idle_seconds{cause="backend_busy"}': 0,
    'regatta_slots_idle_seconds{cause="backoff"}': 0,
    'regatta_resource_units{resource="vcs"}': 4,
    'regatta_resource_units_peak{resource="vcs"}': 3,
    'regatta_resource_busy_seconds{resource="vcs"}': 9,
  });
});

test('says what came of running failures again, where any was', async () => {
  const results = makeResults([
    makeJobResult('a', failedWith('bad')),
    makeJobResult('b', failedWith('worse')),
  ]);
  const repro: BucketRepro = {
    outcome: 'flaky',
    ...{ job: 'a', seed: null, status: 'passed', signature: null },
    ...{ message: null, log_path: '/again.log', waves: null },
  };
  const buckets = results.buckets.map((bucket, i) => (i === 0 ? { ...bucket, repro } : bucket));
  const samples = parse(await formatPrometheus({ ...results, buckets }, null));
  expect([...samples].filter(([name]) => name.startsWith('regatta_rerun'))).toEqual([
    ['regatta_rerun_buckets{outcome="deterministic"}', 0],
    ['regatta_rerun_buckets{outcome="flaky"}', 1],
    ['regatta_rerun_buckets{outcome="infrastructure"}', 0],
  ]);
});

test('leaves out what is not known', async () => {
  const metrics = makeFigures({
    totals: { queued_s: 0, job_runtime_s: 0, cpu_s: null, max_rss_kib: null },
    slots: { limit: null, peak: 0, busy_s: 0, idle_slot_s: null },
    resources: {},
    groups: [],
  });
  const results = makeResults([], { ended_at: null, makespan_s: null, exit_code: null });
  const samples = parse(await formatPrometheus(results, metrics));
  expect(
    [...samples.keys()].filter((name) => /end_time|makespan|exit|cpu|rss|idle|resource/.test(name)),
  ).toEqual([]);
});

test('without metrics says what the results alone say', async () => {
  const samples = parse(await formatPrometheus(makeResults([makeJobResult('a')]), null));
  expect([...samples.keys()]).toEqual([
    'regatta_run_start_time_seconds',
    'regatta_run_end_time_seconds',
    'regatta_run_makespan_seconds',
    'regatta_run_exit_code',
    'regatta_jobs{status="passed"}',
    'regatta_jobs{status="failed"}',
    'regatta_jobs{status="killed"}',
    'regatta_failure_buckets',
  ]);
});

test('names of any kind cannot forge lines or samples', async () => {
  const names = fc.string({ unit: 'binary', minLength: 1 });
  await fc.assert(
    fc.asyncProperty(names, names, async (block, resource) => {
      const metrics = makeFigures({
        groups: [{ block, tool: '"} 7\n', jobs: 1, job_runtime_s: 1, longest_jobs: [], longest_tests: [] }],
        resources: { [resource]: { limit: 1, peak: 1, busy_s: 1 } },
      });
      expect(parse(await formatPrometheus(makeResults([]), metrics)).size).toBe(25);
    }),
    { seed: 62, numRuns: 100 },
  );
});
