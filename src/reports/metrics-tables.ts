// Where the time and the licences of a run went, as tables. Pure; knows no format.
import type { RunMetrics, UseMetrics } from '../results/index.js';
import type { Cell, ReportTable } from './report-table.js';
import { optional, percentCell } from './report-table.js';

const USE_HEADS = ['what', 'limit', 'most at once', 'busy, s', 'mean use'];
const TIME_HEADS = ['queued, s', 'ran, s'];

/** The causes of idle slots, in words. */
const CAUSES = {
  no_ready_job: 'no job was ready',
  licence: 'ready jobs waited for a resource',
  limit: 'ready jobs waited for slots of their backend',
  backend_busy: 'the backend had not started the job yet',
  backoff: 'the backend had refused work',
} as const;

/** The tables, what concerns the run as a whole first. */
export function makeMetricsTables(metrics: RunMetrics): ReportTable[] {
  return [
    makeUseTable(metrics),
    ...makeIdleTables(metrics),
    makePathTable(metrics),
    makeTotalsTable(metrics),
    makeShareTable(metrics),
    ...makeGroupTables(metrics),
  ];
}

function makeUseTable({ slots, backends, resources, makespan_s: makespanS }: RunMetrics): ReportTable {
  const row = (what: string, { limit, peak, busy_s: busyS }: UseMetrics): Cell[] => {
    const capacityS = limit === null || makespanS === null ? 0 : limit * makespanS;
    const use = capacityS === 0 ? null : (100 * busyS) / capacityS;
    return [what, optional(limit), peak, busyS, percentCell(use)];
  };
  return {
    title: 'Use of slots and resources',
    heads: USE_HEADS,
    numbers: USE_HEADS.slice(1),
    rows: [
      row('slots', slots),
      ...Object.entries(backends).map(([name, use]) => row(`slots of ${name}`, use)),
      ...Object.entries(resources).map(([name, use]) => row(name, use)),
    ],
    notes: [],
  };
}

function makeTotalsTable({ totals, usage_source: sources }: RunMetrics): ReportTable {
  return {
    title: 'All jobs together',
    heads: ['what', 'value'],
    numbers: ['value'],
    rows: [
      ['queued, s', totals.queued_s],
      ['ran, s', totals.job_runtime_s],
      ['CPU time, s', optional(totals.cpu_s)],
      ['most memory of one, KiB', optional(totals.max_rss_kib)],
      ...Object.entries(sources).map(([backend, source]) => [
        `CPU time and memory of ${backend} from`,
        source,
      ]),
    ],
    notes: [],
  };
}

/** None for a run without a limit: it had no slot to be idle. */
function makeIdleTables({ slots: { idle_slot_s: idle, busy_s: busyS } }: RunMetrics): ReportTable[] {
  if (idle === null) return [];
  const causes = Object.entries(CAUSES).map(
    ([cause, words]) => [words, idle[cause as keyof typeof CAUSES]] as const,
  );
  const whole = causes.reduce((sum, [, seconds]) => sum + seconds, busyS);
  return [
    {
      title: 'Slots without a job',
      heads: ['because', 'slots times s', 'of all'],
      numbers: ['slots times s', 'of all'],
      rows: causes.map(([words, seconds]) => [
        words,
        seconds,
        percentCell(whole === 0 ? null : (100 * seconds) / whole),
      ]),
      notes: [],
    },
  ];
}

function makePathTable({ critical_path: path }: RunMetrics): ReportTable {
  return {
    title: 'Critical path',
    heads: ['job', 'ready at, s', ...TIME_HEADS],
    numbers: ['ready at, s', ...TIME_HEADS],
    rows: [
      ...path.steps.map((step) => [step.full_name, step.ready_at_s, step.queued_s, step.job_runtime_s]),
      ['in all', '', path.queued_s, path.job_runtime_s],
    ],
    notes: [],
  };
}

function makeShareTable({ groups }: RunMetrics): ReportTable {
  return {
    title: 'Time by block and tool',
    heads: ['block', 'tool', 'jobs', 'ran, s'],
    numbers: ['jobs', 'ran, s'],
    rows: groups.map(({ block, tool, jobs, job_runtime_s: runtimeS }) => [
      block ?? '',
      tool ?? '',
      jobs,
      runtimeS,
    ]),
    notes: [],
  };
}

function makeGroupTables({ groups }: RunMetrics): ReportTable[] {
  return groups.flatMap(({ block, tool, longest_jobs: longest, longest_tests: tests }) => {
    const of = `${block ?? 'no block'}, ${tool ?? 'no tool'}`;
    return [
      {
        title: `Longest tests of ${of}`,
        heads: ['test', 'target', 'jobs', 'in all, s', 'mean, s', 'longest, s'],
        numbers: ['jobs', 'in all, s', 'mean, s', 'longest, s'],
        rows: tests.map((test) => [
          test.name,
          test.target,
          test.jobs,
          test.job_runtime_s,
          test.mean_s,
          test.longest_s,
        ]),
        notes: [],
      },
      {
        title: `Longest jobs of ${of}`,
        heads: ['job', 'ran, s'],
        numbers: ['ran, s'],
        rows: longest.map((job) => [job.full_name, job.job_runtime_s]),
        notes: [],
      },
    ];
  });
}
