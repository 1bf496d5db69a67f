// Makes figures of a run for tests of reports: a small run with a bit of everything.
import type { Metrics } from '../../src/results/instrumentation/schema.js';
import { METRICS_SCHEMA } from '../../src/results/instrumentation/schema.js';

/** Figures of ten seconds with two slots and one licence. */
export function makeMetrics(fields: Partial<Metrics> = {}): Metrics {
  return {
    schema: METRICS_SCHEMA,
    run_id: 'run-1',
    started_at: '2026-11-24T08:00:00.000Z',
    ended_at: '2026-11-24T08:00:10.000Z',
    makespan_s: 10,
    usage_source: { local: 'rusage' },
    totals: { queued_s: 4.5, job_runtime_s: 15, cpu_s: 7.25, max_rss_kib: null },
    slots: {
      limit: 2,
      peak: 2,
      busy_s: 15,
      idle_slot_s: { no_ready_job: 3, licence: 1.5, limit: 0.5, backend_busy: 0, backoff: 0 },
    },
    backends: { local: { limit: null, peak: 2, busy_s: 15 } },
    resources: { VCS: { limit: 1, peak: 1, busy_s: 9 } },
    critical_path: {
      queued_s: 1,
      job_runtime_s: 9,
      steps: [{ full_name: 'a<b>', ready_at_s: 0, queued_s: 1, job_runtime_s: 9 }],
    },
    groups: [
      {
        block: null,
        tool: 'vcs',
        jobs: 2,
        job_runtime_s: 15,
        longest_jobs: [{ full_name: 'a<b>', job_runtime_s: 9 }],
        longest_tests: [{ name: 'a', target: 'run', jobs: 2, job_runtime_s: 15, mean_s: 7.5, longest_s: 9 }],
      },
    ],
    curves: {
      interval_s: 5,
      slots: [2, 1],
      queue: [1, 0],
      backends: { local: [2, 1] },
      resources: { VCS: [1, 0.8] },
    },
    jobs: [],
    ...fields,
  };
}
