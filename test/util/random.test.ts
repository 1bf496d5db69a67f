// Seeded random numbers: the same for ever, in range, and different for different seeds.
import { expect, test } from 'vitest';
import { createRandom, hashText } from '../../src/util/random.js';

test('a seed gives the same numbers on every machine and in every version', () => {
  const random = createRandom(1);
  expect([random(), random(), random()]).toEqual([
    0.6270739405881613, 0.002735721180215478, 0.5274470399599522,
  ]);
});

test('only the low 32 bits of a seed count', () => {
  expect(createRandom(5)()).toBe(createRandom(2 ** 32 + 5)());
  expect(createRandom(5)()).not.toBe(createRandom(6)());
});

test('numbers are in [0, 1) and spread evenly', () => {
  const random = createRandom(20261124);
  const values = Array.from({ length: 100_000 }, random);
  expect(values.every((value) => value >= 0 && value < 1)).toBe(true);
  for (let tenth = 0; tenth < 10; tenth++) {
    const count = values.filter((value) => Math.floor(value * 10) === tenth).length;
    expect(Math.abs(count - 10_000)).toBeLessThan(500);
  }
});

test('the hash is FNV-1a in 32 bits', () => {
  // Published test vectors of FNV-1a.
  expect(hashText('')).toBe(0x811c9dc5);
  expect(hashText('a')).toBe(0xe40c292c);
  expect(hashText('foobar')).toBe(0xbf9cf968);
});
