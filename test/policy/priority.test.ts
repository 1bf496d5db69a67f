// Ranking: ties, tuples, and priority functions that misbehave.
import { expect, test } from 'vitest';
import { byWeight, rankJobs, type PriorityFunction } from '../../src/policy/index.js';
import { makeSpec } from '../support/job-spec.js';

const JOBS = ['a', 'b', 'c', 'd'].map((name, i) => makeSpec(name, { weight: [1, 3, 1, 3][i] ?? 0 }));

/** Names in scheduling order, or the problem's message. */
function rank(priorityOf: PriorityFunction, jobs = JOBS): string {
  const ranking = rankJobs(jobs, priorityOf);
  if (ranking.kind === 'invalid') return `${ranking.job}: ${ranking.problem.message}`;
  return [...ranking.order].map((job) => jobs[job]?.fullName).join(' ');
}

/** A function that is not what its type says, as plain JavaScript may have it. */
function untyped(values: readonly unknown[]): PriorityFunction {
  return ((spec) => values[JOBS.indexOf(spec)]) as PriorityFunction;
}

test('larger goes first, ties keep declaration order', () => {
  expect(rank(byWeight)).toBe('b d a c');
  expect(rank(() => 0)).toBe('a b c d');
  expect(rank(() => 0, [])).toBe('');
});

test('infinite and negative priorities have their places', () => {
  expect(rank(untyped([-1, Infinity, -Infinity, 0]))).toBe('b d a c');
});

test('tuples are compared element by element, strings by their code units', () => {
  expect(
    rank(
      untyped([
        [1, 'x'],
        [1, 'y'],
        [2, 'a'],
        [1, 'x'],
      ]),
    ),
  ).toBe('c b a d');
  expect(rank(untyped([['B'], ['a'], ['A'], ['b']]))).toBe('d b a c');
});

/** Values that cannot be turned into text the usual way. */
const endless: unknown[] = [];
endless.push(endless);
const bare: unknown = Object.create(null);

test.each<[string, readonly unknown[], string]>([
  ['NaN', [1, NaN, 1, 1], '1: the priority function gave NaN for job "b"'],
  ['undefined', [1, 1, undefined, 1], '2: the priority function gave undefined for job "c"'],
  ['a string', ['high', 1, 1, 1], '0: the priority function gave "high" for job "a"'],
  ['NaN in a tuple', [[1, NaN], [1, 1], 1, 1], '0: the priority function gave [1, NaN] for job "a"'],
  ['a nested tuple', [[[1]], 1, 1, 1], '0: the priority function gave [[1]] for job "a"'],
  ['an array that holds itself', [endless, 1, 1, 1], '0: the priority function gave [[[[...]]]] for job "a"'],
  ['an object without any method', [1, bare, 1, 1], '1: the priority function gave an object for job "b"'],
  ['a promise', [Promise.resolve(1), 1, 1, 1], '0: the priority function gave an object for job "a"'],
  [
    'a number and a tuple',
    [1, [1, 'x'], 1, 1],
    '1: the priority function gave a tuple of (number, string) after a number for job "b"',
  ],
  [
    'tuples of two lengths',
    [[1], [1, 2], [1], [1]],
    '1: the priority function gave a tuple of (number, number) after a tuple of (number) for job "b"',
  ],
  [
    'tuples of two types',
    [['x'], [1], [1], [1]],
    '1: the priority function gave a tuple of (number) after a tuple of (string) for job "b"',
  ],
])('%s is a problem that names the job', (_, values, message) => {
  expect(rank(untyped(values))).toBe(message);
});

test('what the function throws is a problem too, Error or not', () => {
  const throwing =
    (value: unknown): PriorityFunction =>
    () => {
      throw value;
    };
  expect(rank(throwing(new Error('boom')))).toBe('0: the priority function threw boom for job "a"');
  expect(rank(throwing('plain'))).toBe('0: the priority function threw plain for job "a"');
  expect(rank(throwing(bare))).toBe('0: the priority function threw an object for job "a"');
});

test('the problem says what to return instead', () => {
  expect(rankJobs(JOBS, () => NaN)).toEqual({
    kind: 'invalid',
    job: 0,
    problem: {
      code: 'invalid-priority',
      message: 'the priority function gave NaN for job "a"',
      hint: 'return a number, or a tuple of numbers and strings, of one shape for all jobs',
    },
  });
});
