// Observers that throw, reject or never finish: each is named once and dropped, the run and the others go on.
import { afterEach, expect, test, vi } from 'vitest';
import { ObserverHub } from '../../src/driver/observer-hub.js';
import type { Observer, RunEvent } from '../../src/model/run-event.js';
import { makeSpec } from '../support/job-spec.js';
import { makeBackend, startWatched } from './run-fixture.js';

const EVENT: RunEvent = { kind: 'run-ended', atMs: 0, stop: null };

afterEach(() => {
  vi.useRealTimers();
});

test.each<[string, Observer['notify']]>([
  [
    'throws',
    () => {
      throw new Error('boom');
    },
  ],
  ['rejects', async () => Promise.reject(new Error('boom'))],
])('an observer that %s harms neither the run nor other observers', async (_, notify) => {
  const close = vi.fn();
  const observers = [{ name: 'bad', notify, close }];
  const { run, ends, events, reports } = await startWatched([makeSpec('a')], [makeBackend()], { observers });
  await run.ended;
  expect(ends()).toEqual({ a: 'passed' });
  expect(events.at(-1)?.kind).toBe('run-ended');
  expect(reports).toEqual(['observer bad failed and is ignored from now on: boom']);
  expect(close).not.toHaveBeenCalled();
});

test('one that throws is not called again', () => {
  const notify = vi.fn(() => {
    throw new Error('boom');
  });
  const hub = new ObserverHub([{ name: 'bad', notify }], () => undefined);
  hub.publish(EVENT);
  hub.publish(EVENT);
  expect(notify).toHaveBeenCalledTimes(1);
});

test('one that rejects many times is named once', async () => {
  const reports: string[] = [];
  const bad = { name: 'bad', notify: async () => Promise.reject(new Error('boom')) };
  const hub = new ObserverHub([bad], (line) => reports.push(line));
  hub.publish(EVENT);
  hub.publish(EVENT);
  hub.publish(EVENT);
  await hub.close();
  expect(reports).toEqual(['observer bad failed and is ignored from now on: boom']);
});

test('close waits for what observers still write, then closes them', async () => {
  const order: string[] = [];
  const slow: Observer = {
    name: 'slow',
    notify: async () => {
      await new Promise(setImmediate);
      order.push('written');
    },
    close: async () => {
      await new Promise(setImmediate);
      order.push('closed');
    },
  };
  const hub = new ObserverHub([slow], () => undefined);
  hub.publish(EVENT);
  await hub.close();
  expect(order).toEqual(['written', 'closed']);
});

test.each<[string, Omit<Observer, 'name'>]>([
  ['write', { notify: () => new Promise<void>(() => undefined) }],
  ['close', { notify: () => undefined, close: () => new Promise<void>(() => undefined) }],
])('one whose %s never ends is given up after 30 s', async (_, parts) => {
  vi.useFakeTimers();
  const reports: string[] = [];
  const hub = new ObserverHub([{ name: 'stuck', ...parts }], (line) => reports.push(line));
  hub.publish(EVENT);
  const closing = hub.close();
  await vi.advanceTimersByTimeAsync(29_999);
  expect(reports).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  await closing;
  expect(reports).toEqual(['observer stuck failed and is ignored from now on: did not finish within 30 s']);
  expect(vi.getTimerCount()).toBe(0);
});

test('one that fails to close is named', async () => {
  const reports: string[] = [];
  const close = (): void => {
    throw new Error('disk full');
  };
  const hub = new ObserverHub([{ name: 'bad', notify: () => undefined, close }], (line) =>
    reports.push(line),
  );
  await hub.close();
  expect(reports).toEqual(['observer bad failed and is ignored from now on: disk full']);
});
