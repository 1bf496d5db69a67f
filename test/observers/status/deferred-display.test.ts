// Tests of what a display gets to know of the time before it was loaded.
import { expect, test } from 'vitest';
import type { RunEvent } from '../../../src/model/run-event.js';
import { DeferredDisplay } from '../../../src/observers/status/deferred-display.js';
import type { StatusDisplay } from '../../../src/observers/status/status-stream.js';

const END: RunEvent = { kind: 'run-ended', atMs: 7, stop: null };

function begin() {
  const told: unknown[] = [];
  const display: StatusDisplay = {
    name: 'status',
    notify: (event) => void told.push(event),
    printLine: (text) => told.push(text),
    close: async () => void told.push('close'),
  };
  let arrive = (): void => undefined;
  const loading = new Promise<StatusDisplay>((resolve) => {
    arrive = () => {
      resolve(display);
    };
  });
  return { deferred: new DeferredDisplay(loading), told, arrive };
}

test('everything of before, in order, then everything at once', async () => {
  const { deferred, told, arrive } = begin();
  deferred.printLine('one');
  deferred.notify(END);
  deferred.printLine('two');
  expect(told).toEqual([]);
  arrive();
  await new Promise(setImmediate);
  expect(told).toEqual(['one', END, 'two']);
  deferred.printLine('three');
  expect(told).toEqual(['one', END, 'two', 'three']);
});

test('a display closed before it came is told everything, then closed', async () => {
  const { deferred, told, arrive } = begin();
  deferred.printLine('one');
  const closed = deferred.close();
  arrive();
  await closed;
  expect(told).toEqual(['one', 'close']);
});
