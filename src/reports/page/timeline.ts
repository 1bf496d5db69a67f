// Lays the jobs of a run out in time: a row a slot, backend by backend. Pure; draws nothing.
import { SlotRows } from '../slot-rows.js';
import type { RunData } from './run-data.js';

/** One job that ran. Times are milliseconds after the start of the run. */
export interface Bar {
  readonly job: number;
  readonly row: number;
  readonly startMs: number;
  readonly endMs: number;
}

/** The slots of one backend. */
interface Lane {
  readonly backend: string;
  readonly firstRow: number;
  readonly rows: number;
}

/** Everything to draw. */
export interface Timeline {
  /** By start. */
  readonly bars: readonly Bar[];
  readonly lanes: readonly Lane[];
  readonly rows: number;
  readonly endMs: number;
}

/** A job is in the lowest slot of its backend that was free when it started. */
export function layOutJobs(run: RunData): Timeline {
  const { values: backends, codes } = run.texts.backend;
  const slots = backends.map(() => ({ slots: new SlotRows(), rows: 0 }));
  const placed = listSpans(run).map((span) => {
    const backend = slots[codes[span.job] ?? -1];
    const { row = 0, isNew = false } = backend?.slots.take(span.startMs, span.endMs) ?? {};
    if (backend !== undefined && isNew) backend.rows++;
    return { ...span, row };
  });
  const lanes: Lane[] = [];
  let rows = 0;
  for (const [i, backend] of backends.entries()) {
    lanes.push({ backend, firstRow: rows, rows: slots[i]?.rows ?? 0 });
    rows += slots[i]?.rows ?? 0;
  }
  const bars = placed.map((bar) => ({ ...bar, row: bar.row + (lanes[codes[bar.job] ?? -1]?.firstRow ?? 0) }));
  const endMs = bars.reduce((latest, bar) => Math.max(latest, bar.endMs), 0);
  return { bars, lanes: lanes.filter((lane) => lane.rows > 0), rows, endMs };
}

function listSpans({ count, numbers }: RunData): Omit<Bar, 'row'>[] {
  const spans: Omit<Bar, 'row'>[] = [];
  for (let job = 0; job < count; job++) {
    const startMs = numbers.startedMs(job);
    const endMs = numbers.endedMs(job);
    if (startMs !== null && endMs !== null) spans.push({ job, startMs, endMs: Math.max(startMs, endMs) });
  }
  return spans.sort((a, b) => a.startMs - b.startMs);
}

/** The job at a place; undefined where no job ran. */
export function findBar({ bars }: Timeline, row: number, atMs: number): Bar | undefined {
  return bars.find((bar) => bar.row === row && bar.startMs <= atMs && atMs <= bar.endMs);
}

/** Room that a mark and its label take on an axis of time, in CSS pixels. */
export const MARK_PX = 110;

/** Where to put marks on an axis of time: at multiples of a round length, about `count` of them. */
export function placeMarksMs(fromMs: number, toMs: number, count: number): number[] {
  const leastMs = (toMs - fromMs) / count;
  const stepMs = STEPS_MS.find((ms) => ms >= leastMs) ?? Math.ceil(leastMs / DAY_MS) * DAY_MS;
  const first = Math.ceil(fromMs / stepMs);
  const last = Math.floor(toMs / stepMs);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => (first + i) * stepMs);
}

const DAY_MS = 86_400_000;
const STEPS_MS = [
  1,
  2,
  5,
  10,
  20,
  50,
  100,
  200,
  500,
  1000,
  2000,
  5000,
  10_000,
  15_000,
  30_000,
  60_000,
  120_000,
  300_000,
  600_000,
  900_000,
  1_800_000,
  3_600_000,
  7_200_000,
  10_800_000,
  21_600_000,
  43_200_000,
  DAY_MS,
];
