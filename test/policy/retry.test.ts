// Which ends are tried again, and how long a busy backend is left alone.
import { expect, test } from 'vitest';
import type { Outcome } from '../../src/model/outcome.js';
import { backoffMs, isInfrastructureEnd } from '../../src/policy/index.js';

test('the back-off doubles from 50 ms and stays at 5 s', () => {
  expect([1, 2, 3, 4, 5, 6, 7, 8, 9].map(backoffMs)).toEqual([
    50, 100, 200, 400, 800, 1600, 3200, 5000, 5000,
  ]);
  expect(backoffMs(10_000)).toBe(5000);
});

test('only a lost job is the doing of the infrastructure', () => {
  const lost = { kind: 'lost', message: '' } as const;
  const outcomes: Outcome[] = [
    { status: 'failed', reason: lost },
    { status: 'killed', reason: lost },
    { status: 'failed', reason: { kind: 'exit-code', exitCode: 1, context: [] } },
    { status: 'failed', reason: { kind: 'launch-error', message: '' } },
    { status: 'passed' },
  ];
  expect(outcomes.map(isInfrastructureEnd)).toEqual([true, false, false, false, false]);
});
