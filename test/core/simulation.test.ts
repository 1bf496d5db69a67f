// The core driven through thousands of seeded random runs with faults, every step checked from outside and from inside.
import { describe, expect, it } from 'vitest';
import { simulate } from '../../src/testing/index.js';

/** Seeds of the normal run: fixed, so that a failure is found again. */
const FIRST_SEED = 1;
const SCENARIOS = 20_000;

describe('simulated runs', () => {
  it(
    `end in order for the seeds ${FIRST_SEED} to ${FIRST_SEED + SCENARIOS - 1}`,
    { timeout: 300_000 },
    () => {
      let steps = 0;
      for (let seed = FIRST_SEED; seed < FIRST_SEED + SCENARIOS; seed++) steps += simulate(seed).steps;
      // So many scenarios that do next to nothing would prove nothing.
      expect(steps).toBeGreaterThan(20 * SCENARIOS);
    },
  );

  it('are the same every time', () => {
    expect(simulate(2304)).toEqual(simulate(2304));
  });

  it.each([
    [82, 'a lost job that was accepted and not yet running is submitted again'],
    [1985, 'a job rejected after its kill was asked for is killed, not failed'],
    [2304, 'a job rejected after a stop is killed, not failed'],
  ])('seed %i: %s', (seed) => {
    expect(simulate(seed).steps).toBeGreaterThan(0);
  });
});
