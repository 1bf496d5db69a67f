// Testplan progress: what each row says, and that the totals add up for any testplan and any results.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TestpointRecord, TestplanRecord } from '../../src/results/flow-record.js';
import { mapTestplans, type JobResult, type TestplanProgress } from '../../src/results/index.js';
import { makeBlockRecord, makeFlowRecord } from '../support/flow-record.js';
import { makeJobResult } from '../support/job-result.js';

function makeTestpoint(name: string, stage: string, tests: readonly string[]): TestpointRecord {
  return { name, stage, tests, is_mapped: true, desc: '' };
}

function makeUnmapped(name: string, stage: string): TestpointRecord {
  return { ...makeTestpoint(name, stage, []), is_mapped: false };
}

function makeRun(test: string, fields: Partial<JobResult> = {}): JobResult {
  return { ...makeJobResult(`b:${test}`, { name: test, block: 'b', target: 'run' }), ...fields };
}

function map(testpoints: readonly TestpointRecord[], jobs: readonly JobResult[]): TestplanProgress {
  const testplan: TestplanRecord = { file: '/plan.hjson', testpoints, covergroups: [] };
  const [progress] = mapTestplans(makeFlowRecord([makeBlockRecord('b', { testplan })]), { jobs });
  if (progress === undefined) throw new Error('no progress');
  return progress;
}

describe('a testpoint', () => {
  it('has each of its tests once, with its runs, and the simulated time of the longest run', () => {
    const { stages } = map(
      [makeTestpoint('p', 'V1', ['t', 'u', 't', ''])],
      [
        makeRun('t', { job_runtime_s: 2, simulated_time_us: 20 }),
        makeRun('t', { job_runtime_s: 3, simulated_time_us: 10, status: 'failed' }),
        makeRun('t', { job_runtime_s: null, status: 'killed' }),
      ],
    );
    expect(stages[0]?.rows).toEqual([
      {
        name: 'p',
        desc: '',
        is_mapped: true,
        state: 'failing',
        tests: [
          {
            name: 't',
            is_counted: true,
            passed: 1,
            total: 3,
            max_job_runtime_s: 3,
            simulated_time_us: 10,
          },
          {
            name: 'u',
            is_counted: true,
            passed: 0,
            total: 0,
            max_job_runtime_s: null,
            simulated_time_us: null,
          },
        ],
      },
    ]);
  });

  it('is in the state that its tests are in', () => {
    const jobs = [makeRun('good'), makeRun('bad', { status: 'killed' })];
    const { stages } = map(
      [
        makeTestpoint('passing', 'V1', ['good']),
        makeTestpoint('failing', 'V1', ['good', 'bad', 'absent']),
        makeTestpoint('partial', 'V1', ['good', 'absent']),
        makeTestpoint('not-run', 'V1', ['absent']),
        makeTestpoint('no-tests', 'V1', []),
        makeUnmapped('not-mapped', 'V1'),
      ],
      jobs,
    );
    expect(stages[0]?.rows.map(({ name, state }) => [name, state])).toEqual(
      stages[0]?.rows.map(({ name }) => [name, name]),
    );
    expect(stages[0]?.testpoints).toEqual({ total: 5, ran: 3, passing: 1 });
  });
});

it('a test of two stages counts in the first, and tests without a testpoint apart', () => {
  const { stages, unmapped, total } = map(
    [
      makeTestpoint('none', 'N.A.', ['c']),
      makeTestpoint('one', 'V1', ['a']),
      makeTestpoint('two', 'V2', ['a', 'b']),
    ],
    [makeRun('a'), makeRun('b', { status: 'failed' }), makeRun('c'), makeRun('d'), makeRun('d')],
  );
  expect(stages.map(({ stage, testpoints, tests, runs }) => ({ stage, testpoints, tests, runs }))).toEqual([
    {
      stage: 'V1',
      testpoints: { total: 1, ran: 1, passing: 1 },
      tests: { total: 1, ran: 1, passing: 1 },
      runs: { passed: 1, total: 1 },
    },
    {
      stage: 'V2',
      testpoints: { total: 1, ran: 1, passing: 0 },
      tests: { total: 1, ran: 1, passing: 0 },
      runs: { passed: 0, total: 1 },
    },
    {
      stage: 'N.A.',
      testpoints: { total: 1, ran: 1, passing: 1 },
      tests: { total: 1, ran: 1, passing: 1 },
      runs: { passed: 1, total: 1 },
    },
  ]);
  expect(unmapped.rows.map(({ name }) => name)).toEqual(['d']);
  expect(total).toEqual({
    testpoints: { total: 3, ran: 3, passing: 2 },
    tests: { total: 4, ran: 4, passing: 3 },
    runs: { passed: 4, total: 5 },
  });
});

it('takes only the runs of its block', () => {
  const { unmapped } = map(
    [],
    [makeRun('a', { block: 'b/wide' }), makeRun('b', { target: 'build' }), makeRun('c', { block: null })],
  );
  expect(unmapped.rows).toEqual([]);
});

describe('for any testplan and any results', () => {
  const testName = fc.constantFrom('a', 'b', 'c', 'd', 'e', '__proto__', 'constructor');
  const testpoint = fc
    .tuple(
      fc.constantFrom('V1', 'V2', 'V2S', 'V3', 'N.A.'),
      fc.array(testName, { maxLength: 4 }),
      fc.boolean(),
    )
    .map(([stage, tests, isMapped]) =>
      isMapped ? makeTestpoint('p', stage, tests) : makeUnmapped('p', stage),
    );
  const job = fc
    .tuple(testName, fc.constantFrom('passed' as const, 'failed' as const, 'killed' as const))
    .map(([test, status]) => makeRun(test, { status }));

  it('every run is in the totals once, and stages and unmapped tests add up to them', () => {
    fc.assert(
      fc.property(fc.array(testpoint, { maxLength: 8 }), fc.array(job, { maxLength: 30 }), (points, jobs) => {
        const { stages, unmapped, total } = map(points, jobs);
        expect(total.runs).toEqual({
          total: jobs.length,
          passed: jobs.filter(({ status }) => status === 'passed').length,
        });
        const parts = [...stages, unmapped];
        const sum = (pick: (part: (typeof parts)[number]) => number): number =>
          parts.reduce((all, part) => all + pick(part), 0);
        expect(sum(({ runs }) => runs.total)).toBe(total.runs.total);
        expect(sum(({ runs }) => runs.passed)).toBe(total.runs.passed);
        for (const key of ['testpoints', 'tests'] as const) {
          for (const field of ['total', 'ran', 'passing'] as const) {
            expect(sum((part) => part[key][field])).toBe(total[key][field]);
          }
        }
      }),
      { seed: 20261124 },
    );
  });

  it('the counted rows of a stage add up to the stage, and each test is counted once', () => {
    fc.assert(
      fc.property(fc.array(testpoint, { maxLength: 8 }), fc.array(job, { maxLength: 30 }), (points, jobs) => {
        const { stages, unmapped } = map(points, jobs);
        const counted: string[] = unmapped.rows.map(({ name }) => name);
        for (const { rows, tests, runs, testpoints } of stages) {
          const own = rows.flatMap((row) => row.tests).filter(({ is_counted }) => is_counted);
          counted.push(...own.map(({ name }) => name));
          expect(tests.total).toBe(own.length);
          expect(runs.total).toBe(own.reduce((all, { total }) => all + total, 0));
          expect(runs.passed).toBe(own.reduce((all, { passed }) => all + passed, 0));
          expect(testpoints.total).toBe(rows.filter(({ is_mapped }) => is_mapped).length);
          expect(testpoints.passing).toBe(rows.filter(({ state }) => state === 'passing').length);
        }
        const named = points.flatMap(({ tests }) => tests);
        expect([...counted].sort()).toEqual([...new Set([...named, ...jobs.map(({ name }) => name)])].sort());
      }),
      { seed: 20261124 },
    );
  });
});
