// The fake backend against the contract of all backends, as it is and with the faults the contract allows.
import { describe, expect, test } from 'vitest';
import { FakeBackend, type FakeFaults } from '../../../src/backends/index.js';
import { RealClock } from '../../../src/driver/real-clock.js';
import type { FakeBehaviour } from '../../../src/model/job-spec.js';
import {
  appliesTo,
  BACKEND_CHECKS,
  type ConformanceHarness,
  type ConformanceJob,
} from '../../../src/testing/conformance/index.js';
import { makeSpec } from '../../support/job-spec.js';
import { CountingClock } from '../support/counting-clock.js';

const makeJob =
  (fake: FakeBehaviour) =>
  (fullName: string): ConformanceJob => ({ spec: makeSpec(fullName, { fake }) });

/** On the real clock: virtual time would run out while a job is to wait. */
function makeHarness(faults: Partial<FakeFaults> = {}): ConformanceHarness {
  const clock = new CountingClock(new RealClock());
  return {
    makeBackend: () => new FakeBackend({ clock, seed: 11, faults }),
    jobs: {
      succeeds: makeJob({ durationS: 0.003, status: 'passed' }),
      fails: makeJob({ durationS: 0.002, status: 'failed' }),
      waits: makeJob({ durationS: 36_000 }),
    },
    findLeftovers: () => (clock.pendingTimers === 0 ? [] : [`${clock.pendingTimers} timers`]),
    largeBatch: 20_000,
  };
}

const checks = BACKEND_CHECKS.filter((check) => appliesTo(check, makeHarness()));

describe('the fake backend', () => {
  test.each(checks)('$name', async (check) => {
    await expect(check.run(makeHarness())).resolves.toBeUndefined();
  });
});

describe('the fake backend that is busy now and then', () => {
  test.each(checks)('$name', async (check) => {
    await expect(check.run(makeHarness({ busy: 0.2 }))).resolves.toBeUndefined();
  });
});

describe('the fake backend whose ends overtake the answers', () => {
  const withoutWaiting = checks.filter(({ needs }) => !needs.includes('waits'));
  test.each(withoutWaiting)('$name', async (check) => {
    await expect(check.run(makeHarness({ early: 0.5 }))).resolves.toBeUndefined();
  });
});

describe('a fault that the contract forbids', () => {
  const find = (name: string) => checks.find((check) => check.name === name);

  test('duplicate ends are found out', async () => {
    await expect(find('every end is reported once')?.run(makeHarness({ duplicate: 0.2 }))).rejects.toThrow(
      'was reported ended 2 times',
    );
  });

  test('lost jobs are not taken for ended ones', async () => {
    await expect(find('every end is reported once')?.run(makeHarness({ lost: 0.2 }))).rejects.toThrow(
      '"kind":"lost"',
    );
  });
});
