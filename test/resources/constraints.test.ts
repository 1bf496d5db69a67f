// Admission classes: which jobs share one, and what each claims.
import { expect, test } from 'vitest';
import { describeConstraint, readLimits, setUpConstraints } from '../../src/resources/index.js';
import { makeSpec } from '../support/job-spec.js';

const LIMITS = { run: 5, backends: { local: 2 }, resources: { vcs: 3 } };

test('jobs that ask for the same of the same backend share a class, in whatever order they ask', () => {
  const jobs = [
    makeSpec('a', { resources: { vcs: 1, dc: 2 } }),
    makeSpec('b', { resources: { dc: 2, vcs: 1 } }),
    makeSpec('c', { resources: { dc: 2, vcs: 1, none: 0 } }),
    makeSpec('other amount', { resources: { vcs: 2, dc: 2 } }),
    makeSpec('unlimited', { resources: { vcs: null, dc: 2 } }),
    makeSpec('other backend', { resources: { vcs: 1, dc: 2 } }),
    makeSpec('interactive', { interactive: true, resources: { vcs: 1, dc: 2 } }),
  ];
  const of = Int32Array.of(0, 0, 0, 0, 0, 1, 0);
  const { classOf, classes, names } = setUpConstraints(jobs, { names: ['local', 'far'], of }, LIMITS);
  expect([...classOf]).toEqual([0, 0, 0, 1, 2, 3, 4]);
  expect(names.map(describeConstraint)).toEqual([
    'slots of the run',
    'slots of backend local',
    'slots of backend far',
    'turns on the terminal',
    'units of resource vcs',
    'units of resource dc',
  ]);
  expect(classes.map(({ claim }) => claim)).toEqual([
    { constraints: [0, 1, 4, 5], amounts: [1, 1, 1, 2] },
    { constraints: [0, 1, 4, 5], amounts: [1, 1, 2, 2] },
    { constraints: [0, 1, 4, 5], amounts: [1, 1, Infinity, 2] },
    { constraints: [0, 2, 4, 5], amounts: [1, 1, 1, 2] },
    { constraints: [0, 1, 3, 4, 5], amounts: [1, 1, 1, 1, 2] },
  ]);
});

test('limits are read back as they were given, with null for what has none', () => {
  const jobs = [makeSpec('a', { resources: { dc: 1 } })];
  const { ledger, names } = setUpConstraints(jobs, { names: ['local', 'far'], of: Int32Array.of(0) }, LIMITS);
  expect(readLimits(names, ledger)).toEqual({
    run: 5,
    backends: { local: 2, far: null },
    resources: { vcs: 3, dc: null },
  });
});

test('a resource may have a name that every object knows', () => {
  const jobs = [makeSpec('a', { resources: { constructor: 1 } })];
  const { ledger, classes } = setUpConstraints(jobs, { names: ['local'], of: Int32Array.of(0) }, LIMITS);
  const claimed = classes[0]?.claim.constraints.at(-1) ?? -1;
  expect(ledger.limit(claimed)).toBe(Infinity);
});
