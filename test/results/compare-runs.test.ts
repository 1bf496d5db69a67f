// Pins what is said to be different between two runs.
import { expect, test } from 'vitest';
import { compareRuns } from '../../src/results/compare-runs.js';
import type { JobResult, Results } from '../../src/results/schema.js';
import { failedWith, makeJobResult, makeResults } from '../support/job-result.js';

/** A job of a test; each of its jobs has a name of its own. */
function job(name: string, index: number, fields: Partial<JobResult> = {}): JobResult {
  return makeJobResult(`uart:${index}.${name}`, { name, block: 'uart', ...fields });
}

const bad = failedWith('bad');
const before = makeResults(
  [
    job('stays', 0),
    job('breaks', 1),
    job('breaks', 2),
    job('mended', 3, bad),
    job('mended', 4),
    job('ill', 5, failedWith('ill')),
    job('dropped', 6),
    job('slower', 7, { job_runtime_s: 10 }),
    job('jitters', 8, { job_runtime_s: 100 }),
    job('short', 9, { job_runtime_s: 0.1 }),
  ],
  { run_id: 'first' },
);
const after = makeResults(
  [
    job('stays', 0),
    job('breaks', 21),
    job('breaks', 22, failedWith('worse')),
    job('mended', 23),
    job('ill', 25, failedWith('ill')),
    job('fresh', 26),
    job('slower', 27, { job_runtime_s: 12 }),
    job('slower', 28, { job_runtime_s: 14 }),
    job('jitters', 29, { job_runtime_s: 115 }),
    job('short', 30, { job_runtime_s: 0.9 }),
  ],
  { run_id: 'second' },
);

test('tests that broke, were fixed, still fail, came and went', () => {
  const found = compareRuns(before, after);
  expect(found.before.run_id).toBe('first');
  expect(found.after.counts).toEqual(after.counts);
  expect(found.broke).toEqual([
    {
      name: 'breaks',
      block: 'uart',
      target: 'run',
      before: { passed: 2, failed: 0 },
      after: { passed: 1, failed: 1 },
    },
  ]);
  const names = (field: 'fixed' | 'still_failing' | 'added' | 'removed'): string[] =>
    found[field].map(({ name }) => name);
  expect(names('fixed')).toEqual(['mended']);
  expect(names('still_failing')).toEqual(['ill']);
  expect(names('added')).toEqual(['fresh']);
  expect(names('removed')).toEqual(['dropped']);
});

test('buckets that are new, gone, and in both', () => {
  const found = compareRuns(before, after);
  expect(found.new_buckets).toEqual([{ signature: 'worse', before: 0, after: 1 }]);
  expect(found.gone_buckets).toEqual([{ signature: 'bad', before: 1, after: 0 }]);
  expect(found.common_buckets).toEqual([{ signature: 'ill', before: 1, after: 1 }]);
});

test('mean run times that changed by a fifth and a second', () => {
  expect(compareRuns(before, after).runtime_changes).toEqual([
    { name: 'slower', block: 'uart', target: 'run', before_s: 10, after_s: 13 },
  ]);
});

test('jobs that others kept from running count for neither run', () => {
  const killed = (kind: 'dependency' | 'stopped' | 'timeout'): Results =>
    makeResults([job('a', 0, { status: 'killed', reason: { kind, message: 'x' } })]);
  const passed = makeResults([job('a', 0)]);
  expect(compareRuns(passed, killed('dependency'))).toMatchObject({ broke: [], removed: [{ name: 'a' }] });
  expect(compareRuns(passed, killed('stopped'))).toMatchObject({ broke: [], removed: [{ name: 'a' }] });
  expect(compareRuns(passed, killed('timeout'))).toMatchObject({ broke: [{ name: 'a' }], removed: [] });
});

test('a run is not different from itself', () => {
  const found = compareRuns(after, after);
  for (const field of [
    'broke',
    'fixed',
    'added',
    'removed',
    'new_buckets',
    'gone_buckets',
    'runtime_changes',
  ] as const)
    expect(found[field]).toEqual([]);
});
