// Tests of the wording at the end of a test run.
import { expect, test } from 'vitest';
import { summarize } from './summary-reporter.js';

test('a run that passed ends in the one line', () => {
  expect(summarize([{ fullName: 'a', state: 'passed', reason: undefined }], 0)).toEqual([
    '1 passed, 0 failed, 0 skipped',
  ]);
});

test('names every skipped test, with its reason when there is one', () => {
  const lines = summarize(
    [
      { fullName: 'a.test.ts > simulates [needs iverilog]', state: 'skipped', reason: undefined },
      { fullName: 'a.test.ts > adds', state: 'passed', reason: undefined },
      { fullName: 'b.test.ts > asks a cluster', state: 'skipped', reason: 'no cluster' },
      { fullName: 'b.test.ts > breaks', state: 'failed', reason: undefined },
    ],
    0,
  );
  expect(lines).toEqual([
    'Skipped tests:',
    '  a.test.ts > simulates [needs iverilog]',
    '  b.test.ts > asks a cluster (no cluster)',
    '1 passed, 1 failed, 2 skipped',
  ]);
});

test('counts errors outside tests as failures', () => {
  expect(summarize([], 2)).toEqual([
    'Errors outside tests: 2 (counted as failed)',
    '0 passed, 2 failed, 0 skipped',
  ]);
});
