// Figures of a run in Prometheus's text format, for the textfile collector of node_exporter. Knows no files.
import { Gauge, Registry } from 'prom-client';
import { REPRO_OUTCOMES } from '../results/buckets/repro.js';
import type { ResultsView, RunMetrics } from '../results/index.js';

/** Labels and a value. */
type Sample = readonly [labels: Readonly<Record<string, string>>, value: number];

/**
 * The text; without metrics, what the results alone say. Every figure is a gauge that says how the last run was; none names the run, so that a series goes on from one run to
 * the next. Jobs have no series of their own: a night would add tens of thousands.
 */
export async function formatPrometheus(results: ResultsView, metrics: RunMetrics | null): Promise<string> {
  const registry = new Registry();
  const add = (name: string, help: string, samples: readonly Sample[]): void => {
    if (samples.length === 0) return;
    const labelNames = Object.keys(samples[0]?.[0] ?? {});
    const gauge = new Gauge({ name: `regatta_${name}`, help, labelNames, registers: [registry] });
    for (const [labels, value] of samples) gauge.set({ ...labels }, value);
  };
  addRun(add, results);
  if (metrics !== null) {
    addTimes(add, metrics);
    addUse(add, metrics);
  }
  return registry.metrics();
}

type AddGauge = (name: string, help: string, samples: readonly Sample[]) => void;

function addRun(add: AddGauge, results: ResultsView): void {
  const {
    started_at: startedAt,
    ended_at: endedAt,
    makespan_s: makespanS,
    exit_code: exitCode,
    counts,
  } = results;
  add('run_start_time_seconds', 'Unix time at which the run started.', [[{}, Date.parse(startedAt) / 1000]]);
  if (endedAt !== null)
    add('run_end_time_seconds', 'Unix time at which the run ended.', [[{}, Date.parse(endedAt) / 1000]]);
  if (makespanS !== null)
    add('run_makespan_seconds', 'Time from start to end of the run.', [[{}, makespanS]]);
  if (exitCode !== null) add('run_exit_code', 'Exit code of the run.', [[{}, exitCode]]);
  const { passed, failed, killed } = counts;
  add('jobs', 'Jobs of the run by how they ended.', [
    [{ status: 'passed' }, passed],
    [{ status: 'failed' }, failed],
    [{ status: 'killed' }, killed],
  ]);
  add('failure_buckets', 'Kinds of failure in the run.', [[{}, results.buckets.length]]);
  const outcomes = results.buckets.flatMap(({ repro }) => repro?.outcome ?? []);
  if (outcomes.length > 0) {
    add(
      'rerun_buckets',
      'Kinds of failure of which one was run again, by what came of it.',
      REPRO_OUTCOMES.map((outcome) => [{ outcome }, outcomes.filter((one) => one === outcome).length]),
    );
  }
}

function addTimes(add: AddGauge, { totals, groups, critical_path: path }: RunMetrics): void {
  add('queue_seconds', 'Sum of the times jobs waited after they were ready.', [[{}, totals.queued_s]]);
  add(
    'job_runtime_seconds',
    'Sum of the run times of the jobs of a block and tool.',
    groups.map(({ block, tool, job_runtime_s: timeS }) => [{ block: block ?? '', tool: tool ?? '' }, timeS]),
  );
  if (totals.cpu_s !== null)
    add('cpu_seconds', 'Sum of the CPU times that are known of jobs.', [[{}, totals.cpu_s]]);
  if (totals.max_rss_kib !== null)
    add('max_rss_bytes', 'Largest resident set of a process of any job.', [[{}, totals.max_rss_kib * 1024]]);
  add('critical_path_seconds', 'Waits and run times on the critical path of the run.', [
    [{ part: 'queued' }, path.queued_s],
    [{ part: 'running' }, path.job_runtime_s],
  ]);
}

function addUse(add: AddGauge, { slots, resources }: RunMetrics): void {
  if (slots.limit !== null) add('slots', 'Most jobs allowed at once.', [[{}, slots.limit]]);
  add('slots_peak', 'Most jobs that ran at once.', [[{}, slots.peak]]);
  add('slots_busy_seconds', 'Slot-seconds in which a job ran.', [[{}, slots.busy_s]]);
  if (slots.idle_slot_s !== null)
    add(
      'slots_idle_seconds',
      'Slot-seconds in which no job ran, by cause.',
      Object.entries(slots.idle_slot_s).map(([cause, timeS]) => [{ cause }, timeS]),
    );
  const each = Object.entries(resources);
  add(
    'resource_units',
    'Units of a resource.',
    each.flatMap(([resource, { limit }]) => (limit === null ? [] : [[{ resource }, limit]])),
  );
  add(
    'resource_units_peak',
    'Most units of a resource in use at once.',
    each.map(([resource, { peak }]) => [{ resource }, peak]),
  );
  add(
    'resource_busy_seconds',
    'Unit-seconds of a resource in use.',
    each.map(([resource, { busy_s: timeS }]) => [{ resource }, timeS]),
  );
}
