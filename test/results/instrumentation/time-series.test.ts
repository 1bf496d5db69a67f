// Pins that a series stays small whatever the run's length, and that nothing of its sum is lost.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { TimeSeries } from '../../../src/results/instrumentation/time-series.js';

test('means over equal intervals, the last cut short', () => {
  const series = new TimeSeries();
  series.set(0, 2);
  series.set(1, 4);
  series.advance(2.5);
  expect(series.read()).toEqual({ intervalMs: 1, means: [2, 4, 4] });
  expect(series.integral).toBe(2 + 4 * 1.5);
  expect(series.peak).toBe(4);
});

test('a series without time has no points', () => {
  const series = new TimeSeries();
  series.set(0, 3);
  expect(series.read()).toEqual({ intervalMs: 1, means: [] });
});

test('intervals double when there are too many points', () => {
  const series = new TimeSeries();
  series.set(0, 1);
  series.set(1000, 3);
  series.advance(1001);
  const { intervalMs, means } = series.read();
  expect(intervalMs).toBe(2);
  expect(means).toHaveLength(501);
  expect(means.slice(-2)).toEqual([1, 3]);
});

test('a time that is earlier than what is known changes nothing that was', () => {
  const series = new TimeSeries();
  series.set(0, 1);
  series.advance(10);
  series.set(5, 7);
  series.advance(11);
  expect(series.integral).toBe(10 + 7);
});

test('points are bounded, and their sum is the integral, for any steps over any time', () => {
  const steps = fc.array(fc.record({ afterMs: fc.nat(3_600_000), value: fc.nat(5000) }), { minLength: 1 });
  fc.assert(
    fc.property(steps, (all) => {
      const series = new TimeSeries();
      let atMs = 0;
      let value = 0;
      let expected = 0;
      for (const step of all) {
        atMs += step.afterMs;
        expected += value * step.afterMs;
        value = step.value;
        series.set(atMs, value);
      }
      const { intervalMs, means } = series.read();
      expect(means.length).toBeLessThanOrEqual(1000);
      expect(atMs <= 1000 || means.length > 500).toBe(true);
      const sum = means.reduce(
        (total, mean, i) => total + mean * Math.min(intervalMs, atMs - i * intervalMs),
        0,
      );
      expect(sum).toBeCloseTo(expected, -2);
      expect(series.integral).toBeCloseTo(expected, -2);
    }),
    { seed: 61, numRuns: 300 },
  );
});
