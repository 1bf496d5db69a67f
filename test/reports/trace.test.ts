// Pins the trace: valid JSON in the Trace Event Format, each job in the lowest free slot of its backend, none overlapping.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatTrace } from '../../src/reports/trace.js';
import type { JobResult } from '../../src/results/schema.js';
import { makeJobResult, makeResults } from '../support/job-result.js';

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly ts: number;
  readonly dur: number;
  readonly pid: number;
  readonly tid: number;
}

const START = Date.parse('2026-11-24T08:00:00.000Z');

function jobAt(
  name: string,
  [startMs, endMs]: readonly [number, number],
  fields: Partial<JobResult> = {},
): JobResult {
  return makeJobResult(name, {
    started_at: new Date(START + startMs).toISOString(),
    ended_at: new Date(START + endMs).toISOString(),
    ...fields,
  });
}

function trace(jobs: readonly JobResult[]): TraceEvent[] {
  const text = [...formatTrace(makeResults(jobs))].join('');
  return (JSON.parse(text) as { traceEvents: TraceEvent[] }).traceEvents;
}

describe('formatTrace', () => {
  test('names backends and slots, and fills the lowest free slot', () => {
    const jobs = [
      jobAt('a', [0, 100]),
      jobAt('b', [10, 30]),
      jobAt('far', [10, 20], { backend: 'lsf' }),
      jobAt('c', [30, 60]),
      jobAt('d', [40, 50]),
      makeJobResult('never ran', { status: 'killed', started_at: null }),
    ];
    expect(trace(jobs).map(({ name, ph, ts, dur, pid, tid }) => [name, ph, ts, dur, pid, tid])).toEqual([
      ['process_name', 'M', undefined, undefined, 1, 0],
      ['thread_name', 'M', undefined, undefined, 1, 1],
      ['a', 'X', 0, 100_000, 1, 1],
      ['thread_name', 'M', undefined, undefined, 1, 2],
      ['b', 'X', 10_000, 20_000, 1, 2],
      ['process_name', 'M', undefined, undefined, 2, 0],
      ['thread_name', 'M', undefined, undefined, 2, 1],
      ['far', 'X', 10_000, 10_000, 2, 1],
      ['c', 'X', 30_000, 30_000, 1, 2],
      ['thread_name', 'M', undefined, undefined, 1, 3],
      ['d', 'X', 40_000, 10_000, 1, 3],
    ]);
  });

  test('puts each job into the lowest slot that is free, for any run', () => {
    const span = fc.tuple(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 30 }));
    fc.assert(
      fc.property(fc.array(span, { maxLength: 60 }), (spans) => {
        const jobs = spans.map(([start, length], i) => jobAt(`j${i}`, [start, start + length]));
        const slotEnds: number[] = [];
        for (const { ph, ts, dur, tid } of trace(jobs)) {
          if (ph !== 'X') continue;
          const lowest = slotEnds.findIndex((end) => end <= ts);
          expect(tid).toBe((lowest < 0 ? slotEnds.length : lowest) + 1);
          slotEnds[tid - 1] = ts + dur;
        }
      }),
      { numRuns: 500, seed: 20261124 },
    );
  });
});
