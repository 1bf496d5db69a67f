// Tests of durations in words.
import { expect, test } from 'vitest';
import { formatDuration } from '../../src/util/format-duration.js';

test.each([
  [0, '0s'],
  [-5, '0s'],
  [999, '0s'],
  [1000, '1s'],
  [59_999, '59s'],
  [60_000, '1m00s'],
  [65_000, '1m05s'],
  [3_599_999, '59m59s'],
  [3_600_000, '1h00m'],
  [86_399_999, '23h59m'],
  [86_400_000, '1d00h'],
  [93_600_000, '1d02h'],
])('%d ms is %s', (durationMs, text) => {
  expect(formatDuration(durationMs)).toBe(text);
});
