// Pins the lower bound of a run's makespan, term by term, and that no schedule beats it.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findLowerBound, type FinishedRun, type LowerBound } from '../../src/results/lower-bound.js';
import { widenLimits } from '../../src/results/widen-limits.js';
import { makeSpec } from '../support/job-spec.js';

function boundOf(run: Omit<FinishedRun, 'indexOf'>): LowerBound {
  return findLowerBound({ ...run, indexOf: new Map(run.specs.map(({ fullName }, job) => [fullName, job])) });
}

const unlimited = { run: null, backends: {}, resources: {} };

describe('findLowerBound', () => {
  const specs = [
    makeSpec('build'),
    makeSpec('a', { dependencies: ['build', 'build'], resources: { VCS: 1 } }),
    makeSpec('b', { dependencies: ['build'], resources: { VCS: 2 } }),
    makeSpec('merge', { dependencies: ['a', 'b', 'not in this run'] }),
  ];
  const run = { specs, backends: ['local', 'lsf', 'lsf', 'local'], runtimesMs: [100, 300, 200, 10] };

  test('of an unlimited run is its longest chain', () => {
    const bound = boundOf({ ...run, limits: unlimited });
    expect(bound).toEqual({
      ms: 410,
      terms: [{ kind: 'critical-path', name: '', ms: 410 }],
      criticalPath: [0, 1, 3],
    });
  });

  test('takes each limit into account, the tightest first', () => {
    const limits = { run: 2, backends: { lsf: 1, local: null }, resources: { VCS: 1, OTHER: 5 } };
    expect(boundOf({ ...run, limits })).toMatchObject({
      ms: 700,
      terms: [
        { kind: 'resource', name: 'VCS', ms: 700 },
        { kind: 'backend-slots', name: 'lsf', ms: 500 },
        { kind: 'critical-path', name: '', ms: 410 },
        { kind: 'slots', name: '', ms: 305 },
      ],
    });
  });

  test('of no jobs is nothing', () => {
    expect(boundOf({ specs: [], backends: [], runtimesMs: [], limits: unlimited })).toEqual({
      ms: 0,
      terms: [{ kind: 'critical-path', name: '', ms: 0 }],
      criticalPath: [],
    });
  });

  test('survives a chain of 200,000 jobs', () => {
    const chain = Array.from({ length: 200_000 }, (_, i) =>
      makeSpec(`j${i}`, i === 0 ? {} : { dependencies: [`j${i - 1}`] }),
    );
    const backends = chain.map(() => 'fake');
    const bound = boundOf({
      specs: chain,
      backends,
      runtimesMs: chain.map(() => 1),
      limits: unlimited,
    });
    expect(bound.ms).toBe(200_000);
    expect(bound.criticalPath).toHaveLength(200_000);
  });

  test('is not above what a greedy schedule of the same jobs takes', () => {
    const job = fc.record({
      ms: fc.integer({ min: 0, max: 50 }),
      after: fc.nat(),
      units: fc.integer({ min: 0, max: 2 }),
    });
    fc.assert(
      fc.property(
        fc.array(job, { minLength: 1, maxLength: 12 }),
        fc.integer({ min: 1, max: 3 }),
        (jobs, slots) => {
          const capacity = 2;
          const random = jobs.map(({ after, units }, i) =>
            makeSpec(`j${i}`, {
              dependencies: i > 0 && after % 3 > 0 ? [`j${after % i}`] : [],
              resources: { L: units },
            }),
          );
          const limits = { run: slots, backends: {}, resources: { L: capacity } };
          const runtimesMs = jobs.map(({ ms }) => ms);
          const bound = boundOf({
            specs: random,
            backends: jobs.map(() => 'fake'),
            runtimesMs,
            limits,
          });
          // One job after the other, each as early as the limits allow, millisecond by millisecond.
          const busy: { slots: number; units: number }[] = [];
          const ends: number[] = [];
          jobs.forEach(({ ms, units }, i) => {
            const after = random[i]?.dependencies[0];
            let start = after === undefined ? 0 : (ends[Number(after.slice(1))] ?? 0);
            const fits = (at: number): boolean => {
              const { slots: used, units: held } = busy[at] ?? { slots: 0, units: 0 };
              return used < slots && held + units <= capacity;
            };
            for (let length = 0; length < ms;) {
              if (fits(start + length)) length++;
              else [start, length] = [start + length + 1, 0];
            }
            for (let at = start; at < start + ms; at++) {
              const { slots: used, units: held } = busy[at] ?? { slots: 0, units: 0 };
              busy[at] = { slots: used + 1, units: held + units };
            }
            ends.push(start + ms);
          });
          expect(bound.ms).toBeLessThanOrEqual(Math.max(...ends));
        },
      ),
      { numRuns: 500, seed: 20261124 },
    );
  });
});

describe('widenLimits', () => {
  test('keeps the larger limit, and none where one was unlimited', () => {
    const one = { run: 4, backends: { a: 1, b: null }, resources: { X: 2, Y: 3 } };
    const other = { run: 2, backends: { a: 3, b: 5 }, resources: { X: 1 } };
    expect(widenLimits(one, other)).toEqual({ run: 4, backends: { a: 3, b: null }, resources: { X: 2 } });
  });
});
