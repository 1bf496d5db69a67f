// Tests of real time: Unix milliseconds that never go back, and timers of any length.
import { afterEach, expect, test, vi } from 'vitest';
import { RealClock } from '../../src/driver/real-clock.js';

afterEach(() => {
  vi.useRealTimers();
});

test('tells Unix time in milliseconds', () => {
  // Wide, because the system's clock may have been set since the process started.
  expect(Math.abs(new RealClock().now() - Date.now())).toBeLessThan(60_000);
});

test('never goes back', () => {
  const clock = new RealClock();
  let last = clock.now();
  for (let i = 0; i < 10_000; i++) {
    const now = clock.now();
    expect(now).toBeGreaterThanOrEqual(last);
    last = now;
  }
});

test('fires when the time has come, not before', async () => {
  const clock = new RealClock();
  const atMs = clock.now() + 5;
  await new Promise<void>((resolve) => clock.setTimer(atMs, resolve));
  expect(clock.now()).toBeGreaterThanOrEqual(atMs);
});

test('a timer of 60 days fires then, once, though no timer of Node is that long', () => {
  vi.useFakeTimers();
  const clock = new RealClock();
  const dayMs = 24 * 3_600_000;
  const callback = vi.fn();
  clock.setTimer(clock.now() + 60 * dayMs, callback);
  vi.advanceTimersByTime(59 * dayMs);
  expect(callback).not.toHaveBeenCalled();
  vi.advanceTimersByTime(2 * dayMs);
  expect(callback).toHaveBeenCalledTimes(1);
  expect(vi.getTimerCount()).toBe(0);
});

test('a long timer can be cleared after part of its way', () => {
  vi.useFakeTimers();
  const clock = new RealClock();
  const dayMs = 24 * 3_600_000;
  const timer = clock.setTimer(clock.now() + 60 * dayMs, () => {
    throw new Error('fired although cleared');
  });
  vi.advanceTimersByTime(30 * dayMs);
  clock.clearTimer(timer);
  expect(vi.getTimerCount()).toBe(0);
});
