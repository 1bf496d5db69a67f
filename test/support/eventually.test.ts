// Tests of the bounded wait.
import { expect, test } from 'vitest';
import { eventually } from './eventually.js';

test('returns the first value that is there', async () => {
  let looks = 0;
  const seen = await eventually('the third look', () => (++looks >= 3 ? looks : undefined), {
    intervalMs: 0,
  });
  expect(seen).toBe(3);
});

test('takes zero and the empty string for values', async () => {
  expect(await eventually('zero', () => 0)).toBe(0);
  expect(await eventually('nothing written', () => '')).toBe('');
});

test('gives up with the name of what never came', async () => {
  const wait = eventually('the ship', () => false, { timeoutMs: 0 });
  await expect(wait).rejects.toThrow('waited 0 ms in vain for the ship');
});

test('throws on what the look throws', async () => {
  const wait = eventually('anything', () => {
    throw new Error('cannot look');
  });
  await expect(wait).rejects.toThrow('cannot look');
});
