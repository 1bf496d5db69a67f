// Puts what was measured of a run into the words of metrics.json. Knows no files.
import { seconds, toIsoTime, toSeconds } from '../job-result.js';
import type { RunRecord } from '../run-record.js';
import { Groups } from './groups.js';
import type { IdleTime, Measurements, UseOverTime } from './instrument.js';
import { findRunPath } from './run-path.js';
import {
  METRICS_SCHEMA,
  type Curves,
  type IdleSlotSeconds,
  type JobMetrics,
  type MetricsView,
  type RunMetrics,
  type TotalMetrics,
  type UsageSource,
  type UseMetrics,
} from './schema.js';

/** Means are given to so many decimals. */
const MEAN_SCALE = 1000;

/** Where a run's metrics come from. */
export interface MetricsSource {
  readonly run: RunRecord;
  /** Read at the run's end, or now when it has none. */
  readonly measured: Measurements;
  readonly usageSourceOf: (backend: string) => UsageSource;
}

/** The metrics so far. Jobs are put into words only as they are gone through. */
export function buildMetrics(source: MetricsSource): MetricsView {
  const { run, measured } = source;
  const { runId, startedAtMs, endedAtMs } = run;
  return {
    schema: METRICS_SCHEMA,
    run_id: runId,
    started_at: toIsoTime(startedAtMs),
    ended_at: endedAtMs === null ? null : toIsoTime(endedAtMs),
    makespan_s: endedAtMs === null ? null : seconds(startedAtMs, endedAtMs),
    usage_source: Object.fromEntries(
      [...measured.backends.keys()].map((name) => [name, source.usageSourceOf(name)]),
    ),
    ...sumUp(run),
    slots: {
      ...describeUse(measured.slots),
      idle_slot_s: measured.idle === null ? null : describeIdle(measured.idle),
    },
    backends: describeUses(measured.backends),
    resources: describeUses(measured.resources),
    critical_path: findRunPath(run),
    curves: drawCurves(measured),
    jobs: { [Symbol.iterator]: () => listJobs(source) },
  };
}

/** What one pass over the jobs gives. */
function sumUp({ jobs, specs }: RunRecord): Pick<RunMetrics, 'totals' | 'groups'> {
  const groups = new Groups();
  let queuedMs = 0;
  let runtimeMs = 0;
  let cpuMs: number | null = null;
  let maxRssKib: number | null = null;
  for (const { job, queuedAtMs, startedAtMs, endedAtMs, facts } of jobs.ended()) {
    const spec = specs[job];
    const hasRun = !Number.isNaN(startedAtMs);
    if (!Number.isNaN(queuedAtMs)) queuedMs += (hasRun ? startedAtMs : endedAtMs) - queuedAtMs;
    if (!hasRun || spec === undefined) continue;
    runtimeMs += endedAtMs - startedAtMs;
    groups.add(spec, endedAtMs - startedAtMs);
    const { usage } = facts;
    if (usage.cpuMs !== undefined) cpuMs = (cpuMs ?? 0) + usage.cpuMs;
    if (usage.maxRssKib !== undefined) maxRssKib = Math.max(maxRssKib ?? 0, usage.maxRssKib);
  }
  const totals: TotalMetrics = {
    queued_s: toSeconds(queuedMs),
    job_runtime_s: toSeconds(runtimeMs),
    cpu_s: cpuMs === null ? null : toSeconds(cpuMs),
    max_rss_kib: maxRssKib,
  };
  return { totals, groups: groups.read() };
}

function describeUse({ series, limit }: UseOverTime): UseMetrics {
  return { limit, peak: series.peak, busy_s: toSeconds(series.integral) };
}

function describeUses(uses: ReadonlyMap<string, UseOverTime>): Record<string, UseMetrics> {
  return Object.fromEntries(Array.from(uses, ([name, use]) => [name, describeUse(use)]));
}

function describeIdle({ noReadyJob, resource, limit, backendBusy, backoff }: IdleTime): IdleSlotSeconds {
  return {
    no_ready_job: toSeconds(noReadyJob),
    licence: toSeconds(resource),
    limit: toSeconds(limit),
    backend_busy: toSeconds(backendBusy),
    backoff: toSeconds(backoff),
  };
}

function drawCurves({ slots, queue, backends, resources }: Measurements): Curves {
  const { intervalMs, means } = slots.series.read();
  const drawAll = (uses: ReadonlyMap<string, UseOverTime>): Record<string, number[]> =>
    Object.fromEntries(Array.from(uses, ([name, { series }]) => [name, series.read().means.map(round)]));
  return {
    interval_s: intervalMs / 1000,
    slots: means.map(round),
    queue: queue.read().means.map(round),
    backends: drawAll(backends),
    resources: drawAll(resources),
  };
}

function round(mean: number): number {
  return Math.round(mean * MEAN_SCALE) / MEAN_SCALE;
}

function* listJobs({ run, measured }: MetricsSource): Generator<JobMetrics> {
  for (const { job, status, queuedAtMs, startedAtMs, endedAtMs, facts } of run.jobs.ended()) {
    const { cpuMs, maxRssKib } = facts.usage;
    yield {
      full_name: run.specs[job]?.fullName ?? '',
      status,
      backend: run.backends[job] ?? '',
      slot: measured.slotOf(job) || null,
      queued_s: seconds(queuedAtMs, Number.isNaN(startedAtMs) ? endedAtMs : startedAtMs),
      job_runtime_s: seconds(startedAtMs, endedAtMs),
      cpu_s: cpuMs === undefined ? null : toSeconds(cpuMs),
      max_rss_kib: maxRssKib ?? null,
    };
  }
}
