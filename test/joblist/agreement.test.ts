// The fast check and the schema must say the same of every job: the fast one lets jobs through that nobody looks at again.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FAKE_FIELDS, isWellFormedJob, JOB_FIELDS } from '../../src/joblist/check-fields.js';
import { findShapeProblems } from '../../src/joblist/check-job.js';
import { jobSchema } from '../../src/joblist/schema.js';

const scalar = fc.constantFrom(null, true, 0, -1, 1.5, 1e300, Infinity, '', 'text', 'passed');
const name = fc.constantFrom(
  'name',
  'variant',
  'version',
  'scratch_path',
  'VCS',
  '__proto__',
  'constructor',
  ...FAKE_FIELDS,
);
const shallow = fc.oneof(
  scalar,
  fc.array(scalar, { maxLength: 2 }),
  fc.dictionary(name, scalar, { maxKeys: 3 }),
);
const value = fc.oneof(
  { weight: 4, arbitrary: shallow },
  fc.array(shallow, { maxLength: 2 }),
  fc.dictionary(name, shallow, { maxKeys: 3 }),
);

/** A value of the right type for each field, so that jobs are well-formed often enough. */
const GOOD: Readonly<Record<string, unknown>> = {
  job_type: 'T',
  resources: { VCS: 1, FPGA: null },
  seed: 4,
  block: { name: 'b', variant: null, url: 1 },
  tool: { name: 't', version: '1' },
  workspace_cfg: { scratch_path: '/s', timestamp: 't' },
  dependencies: ['a'],
  deps: [],
  needs_all_dependencies_passing: true,
  weight: 0.5,
  timeout_mins: null,
  exports: { A: '1' },
  dry_run: false,
  interactive: false,
  renew_odir: true,
  pass_patterns: ['p'],
  fail_patterns: [],
  fake: { duration_s: 1, status: 'failed', message: 'm' },
};

const field = fc.constantFrom(...JOB_FIELDS, 'x_own', 'x_', 'X_own', 'unknown', '__proto__', 'toString');
const entry = field.chain((key) => {
  const good: fc.Arbitrary<unknown> = fc.constant(GOOD[key] ?? 'text');
  return fc.tuple(fc.constant(key), fc.oneof({ weight: 6, arbitrary: good }, value));
});
const job = fc
  .tuple(fc.array(entry, { maxLength: 5 }), fc.constantFrom({ cmd: 'c', name: 'n' }, { cmd: 'c' }, {}))
  .map(([entries, base]) => Object.fromEntries([...Object.entries(base), ...entries]));

test('the fast check accepts exactly what nothing is found wrong with', () => {
  const seen = { good: 0, bad: 0 };
  fc.assert(
    fc.property(fc.oneof({ weight: 20, arbitrary: job }, value), (candidate: unknown) => {
      const problems = findShapeProblems(candidate, 1);
      const good = isWellFormedJob(candidate);
      seen[good ? 'good' : 'bad']++;
      expect(problems.map(({ message }) => message).join('\n') === '', JSON.stringify(candidate)).toBe(good);
    }),
    { seed: 20261124, numRuns: 20_000 },
  );
  // Neither half of the claim is tested by jobs of one kind alone.
  expect(Math.min(seen.good, seen.bad)).toBeGreaterThan(4000);
});

test('the fast check knows the fields of the schema', () => {
  expect([...JOB_FIELDS].sort()).toEqual(Object.keys(jobSchema.shape).sort());
});
