// Tests of real time: Unix milliseconds that never go back, and timers of any length.
import { MessageChannel } from 'node:worker_threads';
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

test('tells of a time that came while the process stood still after all that came in meanwhile', async () => {
  const clock = new RealClock();
  const heard: string[] = [];
  const { port1, port2 } = new MessageChannel();
  port1.on('message', () => heard.push('message'));
  const atMs = clock.now() + 5;
  const told = new Promise<void>((resolve) => {
    clock.setTimer(atMs, () => {
      heard.push('timer');
      resolve();
    });
  });
  // From here on Node looks at its timers first, and then at what has come in.
  await new Promise(setImmediate);
  port2.postMessage('what a process has to say');
  while (clock.now() < atMs + 5);
  await told;
  port1.close();
  expect(heard).toEqual(['message', 'timer']);
});

test('a timer can be cleared when it is due and not told yet', async () => {
  const clock = new RealClock();
  const atMs = clock.now() + 1;
  const timer = clock.setTimer(atMs, () => {
    throw new Error('fired although cleared');
  });
  const cleared = new Promise<void>((resolve) => {
    setTimeout(() => {
      clock.clearTimer(timer);
      resolve();
    }, 5);
  });
  // Both are due now, in the order of their times.
  while (clock.now() < atMs + 10);
  await cleared;
  await new Promise(setImmediate);
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
