// Everything a list of jobs can be refused for: the exact words, the place, and that all of it is told at once.
import { describe, expect, test } from 'vitest';
import { buildGraph, rowOf, type BuildOptions } from '../../src/graph/index.js';
import type { JobSpec } from '../../src/model/job-spec.js';
import { UserError, type Problem } from '../../src/model/problem.js';
import { cpuMsOf } from '../support/cpu-time.js';
import { makeSpec } from '../support/job-spec.js';

const BACKENDS = new Set(['local', 'slurm']);

/** Specs whose origin is line n + 1 of jobs.json. */
function build(jobs: readonly JobSpec[], options: Partial<BuildOptions> = {}): ReturnType<typeof buildGraph> {
  const source = { jobs, locate: (job: number) => ({ file: 'jobs.json', line: job + 1 }) };
  return buildGraph(source, { backends: BACKENDS, ...options });
}

function problemsOf(jobs: readonly JobSpec[], options: Partial<BuildOptions> = {}): readonly Problem[] {
  try {
    build(jobs, options);
  } catch (error) {
    if (error instanceof UserError) return error.problems;
    throw error;
  }
  return [];
}

/** The whole text a user sees. */
function messageOf(jobs: readonly JobSpec[], options: Partial<BuildOptions> = {}): string[] {
  const problems = problemsOf(jobs, options);
  return problems.length === 0 ? [] : new UserError(problems).message.split('\n');
}

test('a good list makes a graph: jobs in order, each dependency once, dependents beside', () => {
  const graph = build([
    makeSpec('a'),
    makeSpec('b', { dependencies: ['a', 'a'] }),
    makeSpec('c', { dependencies: ['b', 'a'] }),
  ]);
  expect(graph.jobs.map(({ fullName }) => fullName)).toEqual(['a', 'b', 'c']);
  expect([0, 1, 2].map((job) => [...rowOf(graph.dependencies, job)])).toEqual([[], [0], [1, 0]]);
  expect([0, 1, 2].map((job) => [...rowOf(graph.dependents, job)])).toEqual([[1, 2], [2], []]);
  expect(graph.indexOf.get('c')).toBe(2);
});

test('no jobs make an empty graph', () => {
  expect(build([]).jobs).toEqual([]);
});

describe('one job alone', () => {
  test.each<[string, Partial<JobSpec>, string[]]>([
    ['empty cmd', { cmd: ' \n' }, ['job "a" has an empty cmd (use "true" for a job that does nothing)']],
    ['NUL in cmd', { cmd: 'a\0b' }, ['job "a" has a NUL byte in its cmd']],
    ['NUL in odir', { odir: '/s/\0' }, ['job "a" has a NUL byte in its odir']],
    ['NUL in log_path', { logPath: '/s/\0' }, ['job "a" has a NUL byte in its log_path']],
    ['weight NaN', { weight: NaN }, ['job "a" has weight NaN (use a finite number)']],
    ['weight Infinity', { weight: Infinity }, ['job "a" has weight Infinity (use a finite number)']],
    [
      'timeout 0',
      { timeoutMins: 0 },
      ['job "a" has timeout_mins 0 (use a number above 0, or null for no limit)'],
    ],
    [
      'timeout -1',
      { timeoutMins: -1 },
      ['job "a" has timeout_mins -1 (use a number above 0, or null for no limit)'],
    ],
    [
      'timeout NaN',
      { timeoutMins: NaN },
      ['job "a" has timeout_mins NaN (use a number above 0, or null for no limit)'],
    ],
    [
      'timeout Infinity',
      { timeoutMins: Infinity },
      ['job "a" has timeout_mins Infinity (use a number above 0, or null for no limit)'],
    ],
    [
      'resource -1',
      { resources: { vcs: -1 } },
      ['job "a" asks for -1 of resource "vcs" (use a whole number from 0, or null for an unlimited amount)'],
    ],
    [
      'resource 0.5',
      { resources: { vcs: 0.5 } },
      ['job "a" asks for 0.5 of resource "vcs" (use a whole number from 0, or null for an unlimited amount)'],
    ],
    [
      'resource NaN',
      { resources: { vcs: NaN } },
      ['job "a" asks for NaN of resource "vcs" (use a whole number from 0, or null for an unlimited amount)'],
    ],
    ['fake duration', { fake: { durationS: -2 } }, ['job "a" has fake.duration_s -2 (use a number from 0)']],
    [
      'export without a name',
      { exports: { '': 'x' } },
      ['job "a": exports has the invalid variable name ""'],
    ],
    ['= in an export', { exports: { 'a=b': 'x' } }, ['job "a": exports has the invalid variable name "a=b"']],
    [
      'NUL in an export name',
      { exports: { 'a\0': 'x' } },
      ['job "a": exports has the invalid variable name "a\\u0000"'],
    ],
    ['NUL in an export', { exports: { A: 'x\0' } }, ['job "a": the value of exports.A has a NUL byte']],
    [
      'export of 200 KB',
      { exports: { BIG: 'x'.repeat(200_000) } },
      ['job "a": exports.BIG takes 200005 bytes; the system allows 131072 for one variable'],
    ],
    [
      'export too long in bytes, not in characters',
      { exports: { BIG: '\u00e9'.repeat(70_000) } },
      ['job "a": exports.BIG takes 140005 bytes; the system allows 131072 for one variable'],
    ],
  ])('%s', (_, fields, expected) => {
    expect(messageOf([makeSpec('a', fields)])).toEqual(expected.map((line) => `jobs.json:1: ${line}`));
  });

  test('edge values are good', () => {
    const fields = {
      timeoutMins: 0.001,
      weight: -1,
      resources: { vcs: 0, any: null },
      fake: { durationS: 0 },
    };
    const exports = { A: '', BIG: 'x'.repeat(131_072 - 'BIG='.length - 1) };
    expect(problemsOf([makeSpec('a', { ...fields, exports })])).toEqual([]);
  });

  test('a pattern that is no regular expression', () => {
    const [message, ...rest] = messageOf([
      makeSpec('a', { passPatterns: ['ok', '(oops'], failPatterns: ['[z-a]'] }),
    ]);
    expect(message).toMatch(/^jobs\.json:1: job "a": pattern \/\(oops\/ is not a regular expression: \S/);
    expect(rest).toHaveLength(1);
    expect(rest[0]).toMatch(/^jobs\.json:1: job "a": pattern \/\[z-a\]\/ is not a regular expression: \S/);
  });

  test('a name that is empty, has a NUL, or tries to forge a line', () => {
    expect(messageOf([makeSpec(''), makeSpec('n\0'), makeSpec('x\nerror: y', { cmd: '' })])).toEqual([
      'jobs.json:1: a job has an empty full_name',
      // The default odir and log are made from the name here.
      'jobs.json:2: job "n\\u0000" has a NUL byte in its full_name',
      'jobs.json:2: job "n\\u0000" has a NUL byte in its odir',
      'jobs.json:2: job "n\\u0000" has a NUL byte in its log_path',
      'jobs.json:3: job "x\\nerror: y" has an empty cmd (use "true" for a job that does nothing)',
    ]);
  });
});

describe('jobs together', () => {
  test('two of one name', () => {
    expect(messageOf([makeSpec('a'), makeSpec('a', { logPath: '/l', odir: '/o' })])).toEqual([
      'jobs.json:2: there are two jobs named "a"',
    ]);
  });

  test('an unknown dependency, with the name that was meant, where one is close', () => {
    expect(
      messageOf([makeSpec('uart_build'), makeSpec('b', { dependencies: ['uart_biuld', 'nothing-like-it'] })]),
    ).toEqual([
      'jobs.json:2: job "b" depends on the unknown job "uart_biuld" (did you mean "uart_build"?)',
      'jobs.json:2: job "b" depends on the unknown job "nothing-like-it"',
    ]);
  });

  test('an unknown backend', () => {
    expect(messageOf([makeSpec('a', { backend: 'slrum' }), makeSpec('b', { backend: 'cloud9' })])).toEqual([
      'jobs.json:1: job "a" names the unknown backend "slrum" (did you mean "slurm"?)',
      'jobs.json:2: job "b" names the unknown backend "cloud9" (known: local, slurm)',
    ]);
  });

  test('a job that depends on itself', () => {
    expect(messageOf([makeSpec('a', { dependencies: ['a'] })])).toEqual([
      'jobs.json:1: job "a" depends on itself',
    ]);
  });

  test('a cycle, with its path; what only depends on it is not named', () => {
    expect(
      messageOf([
        makeSpec('before'),
        makeSpec('a', { dependencies: ['c', 'before'] }),
        makeSpec('b', { dependencies: ['a'] }),
        makeSpec('c', { dependencies: ['b'] }),
        makeSpec('after', { dependencies: ['c'] }),
      ]),
    ).toEqual(['jobs.json:2: 3 jobs depend on each other in a cycle: a -> c -> b -> a']);
  });

  test('two cycles are two problems', () => {
    expect(
      messageOf([
        makeSpec('a', { dependencies: ['b'] }),
        makeSpec('b', { dependencies: ['a'] }),
        makeSpec('c', { dependencies: ['d'] }),
        makeSpec('d', { dependencies: ['c'] }),
      ]),
    ).toEqual([
      'jobs.json:1: 2 jobs depend on each other in a cycle: a -> b -> a',
      'jobs.json:3: 2 jobs depend on each other in a cycle: c -> d -> c',
    ]);
  });

  test('the middle of a long cycle is left out', () => {
    const size = 200_000;
    const jobs = Array.from({ length: size }, (_, i) =>
      makeSpec(`j${i}`, { dependencies: [`j${(i + 1) % size}`] }),
    );
    expect(messageOf(jobs)).toEqual([
      'jobs.json:1: 200000 jobs depend on each other in a cycle: j0 -> j1 -> j2 -> j3 -> j4 -> j5 -> ' +
        '... 199988 more ... -> j199994 -> j199995 -> j199996 -> j199997 -> j199998 -> j199999 -> j0',
    ]);
  });

  test('one log, or one odir that either renews', () => {
    const shared = { odir: '/s/x' };
    const hint = '(give each its own: renew_odir would move the other one away)';
    expect(messageOf([makeSpec('a', { logPath: '/l' }), makeSpec('b', { logPath: '/l' })])).toEqual([
      'jobs.json:2: jobs "a" and "b" have one log_path, "/l" (give each its own)',
    ]);
    expect(messageOf([makeSpec('a', shared), makeSpec('b', shared)])).toEqual([]);
    const expected = [`jobs.json:2: jobs "a" and "b" have one odir, "/s/x" ${hint}`];
    expect(messageOf([makeSpec('a', shared), makeSpec('b', { ...shared, renewOdir: true })])).toEqual(
      expected,
    );
    expect(messageOf([makeSpec('a', { ...shared, renewOdir: true }), makeSpec('b', shared)])).toEqual(
      expected,
    );
  });

  test('an odir inside one that is renewed', () => {
    const jobs = [
      makeSpec('in', { odir: '/s/x/y/z' }),
      makeSpec('out', { odir: '/s/x', renewOdir: true }),
      makeSpec('beside', { odir: '/s/xy' }),
    ];
    expect(messageOf(jobs)).toEqual([
      'jobs.json:1: the odir of job "in" lies inside that of "out", which is renewed ' +
        '(put it elsewhere: renew_odir would move it away)',
    ]);
  });
});

describe('resources against their limits', () => {
  const jobs = [
    makeSpec('a', { resources: { vcs: 5 } }),
    makeSpec('b', { resources: { vcs: null } }),
    makeSpec('c', { resources: { vcs: 4, other: 9, free: null } }),
    makeSpec('d', { resources: { other: 1 } }),
  ];
  const resourceLimits = { vcs: 4, free: null };
  const hint = '(raise the limit (--resource vcs=N) or lower what the job asks for)';
  const impossible = [
    `jobs.json:1: job "a" needs 5 of resource "vcs", of which there are 4 ${hint}`,
    `jobs.json:2: job "b" needs an unlimited amount of resource "vcs", of which there are 4 ${hint}`,
  ];

  test('ignore, the default: a resource without a limit has none', () => {
    expect(messageOf(jobs, { resourceLimits })).toEqual(impossible);
    expect(messageOf(jobs)).toEqual([]);
  });

  test('warn: it is told of once, and no error', () => {
    const warnings: Problem[] = [];
    const warn = (problem: Problem): void => void warnings.push(problem);
    expect(messageOf(jobs, { resourceLimits, onMissingResource: 'warn', warn })).toEqual(impossible);
    expect(warnings).toEqual([
      {
        code: 'missing-resource',
        message: 'job "c" uses resource "other", which has no limit',
        hint: 'give it one: --resource other=N',
      },
    ]);
  });

  test('error: it is one', () => {
    expect(messageOf(jobs, { resourceLimits, onMissingResource: 'error' })).toEqual([
      ...impossible,
      'jobs.json:3: job "c" uses resource "other", which has no limit (give it one: --resource other=N)',
    ]);
  });

  test('a limit in other capitals limits nothing, which is told in any case', () => {
    const warnings: Problem[] = [];
    const warn = (problem: Problem): void => void warnings.push(problem);
    const limits = { resourceLimits: { VCS: 9, ' other': 2 }, warn };
    expect(messageOf(jobs, limits)).toEqual([]);
    expect(warnings.map(({ message, hint }) => [message, hint])).toEqual([
      [
        'job "a" uses resource "vcs", which has no limit',
        'the limit that is given is for "VCS"; did you mean --resource vcs=N?',
      ],
      [
        'job "c" uses resource "other", which has no limit',
        'the limit that is given is for " other"; did you mean --resource other=N?',
      ],
    ]);
    warnings.length = 0;
    expect(messageOf(jobs, { ...limits, onMissingResource: 'error' })).toHaveLength(3);
    expect(warnings).toEqual([]);
  });

  test('a name every object has is a resource like others', () => {
    const odd = [makeSpec('a', { resources: { constructor: 1, toString: 2 } })];
    expect(messageOf(odd, { resourceLimits: {}, onMissingResource: 'error' })).toHaveLength(2);
  });
});

test('all problems are told together', () => {
  const jobs = [
    makeSpec('a', { cmd: '', weight: NaN, dependencies: ['zzzzzz'] }),
    makeSpec('a', { backend: 'x', odir: '/o' }),
    makeSpec('b', { dependencies: ['b'] }),
  ];
  expect(problemsOf(jobs).map(({ code, origin }) => `${String(origin?.line)} ${code}`)).toEqual([
    '2 duplicate-job',
    '1 empty-cmd',
    '1 invalid-weight',
    '2 unknown-backend',
    '1 unknown-dependency',
    '3 self-dependency',
  ]);
});

test('a list in which no dependency is known is told of in good time', () => {
  const long = 'chip:some_block.some_test_of_it.';
  const jobs = Array.from({ length: 20_000 }, (_, i) =>
    makeSpec(`${long}${i}`, { dependencies: [`chip:some_block.some_build.${i}`] }),
  );
  const cpuMs = cpuMsOf(() => {
    expect(() => buildGraph({ jobs, locate: () => undefined }, { backends: new Set() })).toThrow(
      'job "chip:some_block.some_test_of_it.0" depends on the unknown job "chip:some_block.some_build.0"',
    );
  });
  // Comparing every unknown name with every known one would take an hour.
  expect(cpuMs).toBeLessThan(20_000);
});

test('of more than 20 problems of a kind 20 are worded and located, the others counted', () => {
  const jobs = Array.from({ length: 30 }, (_, i) => makeSpec(`j${i}`, { cmd: '', weight: i < 20 ? NaN : 1 }));
  const located: number[] = [];
  const source = {
    jobs,
    locate: (job: number) => {
      located.push(job);
      return { file: 'jobs.json', line: job + 1 };
    },
  };
  expect(() => buildGraph(source, { backends: BACKENDS })).toThrow(UserError);
  expect(located).toHaveLength(40);
  const problems = problemsOf(jobs);
  expect(problems).toHaveLength(41);
  expect(problems.at(-1)).toEqual({
    code: 'empty-cmd',
    message: '... and 10 more problems of kind empty-cmd',
  });
});
