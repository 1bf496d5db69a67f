// Tests of when frames are drawn.
import { expect, test } from 'vitest';
import { FramePacer } from '../../../src/observers/status/frame-pacer.js';
import { ManualClock } from '../manual-clock.js';

function makePacer(againMs: number | null = null) {
  const clock = new ManualClock();
  const frames: number[] = [];
  const startMs = clock.now();
  const pacer = new FramePacer({
    clock,
    intervalMs: 100,
    lastFrameMs: -Infinity,
    draw: () => {
      frames.push(clock.now() - startMs);
      return againMs;
    },
  });
  return { clock, frames, pacer };
}

test('draws nothing and holds no timer until asked', () => {
  const { clock, frames } = makePacer();
  clock.advance(60_000);
  expect(frames).toEqual([]);
  expect(clock.pending).toBe(0);
});

test('draws the first frame at once and 10 a second at most', () => {
  const { clock, frames, pacer } = makePacer();
  for (let ms = 0; ms < 1000; ms++) {
    pacer.request();
    clock.advance(1);
  }
  expect(frames).toEqual([0, 100, 200, 300, 400, 500, 600, 700, 800, 900, 1000]);
});

test('is idle after the frame of the last request', () => {
  const { clock, frames, pacer } = makePacer();
  pacer.request();
  clock.advance(0);
  pacer.request();
  clock.advance(60_000);
  expect(frames).toEqual([0, 100]);
  expect(clock.pending).toBe(0);
});

test('draws again unasked when the frame says so, and sooner when asked', () => {
  const { clock, frames, pacer } = makePacer(1000);
  pacer.request();
  clock.advance(2500);
  pacer.request();
  clock.advance(1000);
  expect(frames).toEqual([0, 1000, 2000, 2500, 3500]);
  expect(clock.pending).toBe(1);
});

test('stops', () => {
  const { clock, frames, pacer } = makePacer(1000);
  pacer.request();
  clock.advance(0);
  pacer.stop();
  clock.advance(60_000);
  expect(frames).toEqual([0]);
  expect(clock.pending).toBe(0);
});
