// Tests of virtual time: its order, its jumps, and that it waits for promises but never for real time.
import { expect, test } from 'vitest';
import { VirtualClock } from '../../src/driver/virtual-clock.js';

const START_MS = 1_700_000_000_000;

/** A clock, a record of what fired when, and a way to let everything fire. */
function makeClock(): {
  readonly clock: VirtualClock;
  readonly fired: string[];
  readonly setTimer: (afterMs: number, name: string) => object;
  readonly runOut: () => Promise<void>;
} {
  const clock = new VirtualClock(START_MS);
  const fired: string[] = [];
  const setTimer = (afterMs: number, name: string): object =>
    clock.setTimer(START_MS + afterMs, () => fired.push(`${name} at ${clock.now() - START_MS}`));
  const runOut = (): Promise<void> =>
    new Promise((resolve) => {
      clock.setTimer(START_MS + 1e12, resolve);
    });
  return { clock, fired, setTimer, runOut };
}

test('stands still until a timer is due', async () => {
  const { clock } = makeClock();
  await new Promise(setImmediate);
  expect(clock.now()).toBe(START_MS);
});

test('fires in order of time, and of creation where times are equal', async () => {
  const { fired, setTimer, runOut } = makeClock();
  setTimer(30, 'a');
  setTimer(10, 'b');
  setTimer(20, 'c');
  setTimer(10, 'd');
  setTimer(10, 'e');
  await runOut();
  expect(fired).toEqual(['b at 10', 'd at 10', 'e at 10', 'c at 20', 'a at 30']);
});

test('keeps that order among many timers', async () => {
  const { clock, runOut } = makeClock();
  const times: number[] = [];
  // A full cycle of a linear congruence: every number below 1009 once, scattered.
  for (let i = 0; i < 1009; i++) {
    clock.setTimer(START_MS + ((i * 367) % 1009), () => times.push(clock.now() - START_MS));
  }
  await runOut();
  expect(times).toEqual(Array.from({ length: 1009 }, (_, i) => i));
});

test('a cleared timer neither fires nor moves the time', async () => {
  const { clock, fired, setTimer } = makeClock();
  clock.clearTimer(setTimer(3_600_000, 'cleared'));
  await new Promise<void>((resolve) => clock.setTimer(START_MS + 5, resolve));
  await new Promise(setImmediate);
  expect(fired).toEqual([]);
  expect(clock.now()).toBe(START_MS + 5);
});

test('clearing a timer that has fired is harmless', async () => {
  const { clock, fired, setTimer, runOut } = makeClock();
  const timer = setTimer(1, 'a');
  await runOut();
  clock.clearTimer(timer);
  expect(fired).toEqual(['a at 1']);
});

test('a time in the past is now: time never goes back', async () => {
  const { clock, fired, setTimer, runOut } = makeClock();
  clock.setTimer(START_MS + 100, () => setTimer(40, 'late'));
  await runOut();
  expect(fired).toEqual(['late at 100']);
});

test('lets promises settle between two timers of the same time', async () => {
  const { clock, fired, setTimer, runOut } = makeClock();
  clock.setTimer(START_MS + 10, () => {
    void (async () => {
      for (let i = 0; i < 50; i++) await Promise.resolve();
      fired.push('settled');
    })();
  });
  setTimer(10, 'next');
  await runOut();
  expect(fired).toEqual(['settled', 'next at 10']);
});

test('a timer set while another fires is taken in its turn', async () => {
  const { clock, fired, setTimer, runOut } = makeClock();
  clock.setTimer(START_MS + 10, () => setTimer(15, 'inner'));
  setTimer(20, 'outer');
  await runOut();
  expect(fired).toEqual(['inner at 15', 'outer at 20']);
});
