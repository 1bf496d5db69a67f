// Holds the marks on axes of time to round places, not too many, over runs of seconds and of weeks.
import { expect, test } from 'vitest';
import { placeMarksMs } from '../../../src/reports/page/timeline.js';

const S = 1000;
const H = 3600 * S;

test.each([
  ['a second', { from: 0, to: S, count: 4 }, [0, 500, S]],
  ['a minute', { from: 0, to: 60 * S, count: 4 }, [0, 15 * S, 30 * S, 45 * S, 60 * S]],
  ['part of a minute', { from: 20 * S, to: 50 * S, count: 3 }, [20 * S, 30 * S, 40 * S, 50 * S]],
  [
    'two and a half days',
    { from: 0, to: 60.5 * H, count: 12 },
    Array.from({ length: 11 }, (_, i) => i * 6 * H),
  ],
  ['three weeks', { from: 0, to: 504 * H, count: 4 }, [0, 6, 12, 18].map((days) => days * 24 * H)],
  ['no time at all', { from: 0, to: 0, count: 5 }, [0]],
])('%s', (_, { from, to, count }, marks) => {
  expect(placeMarksMs(from, to, count)).toEqual(marks);
});
