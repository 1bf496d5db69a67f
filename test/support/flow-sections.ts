// Makes sections of flow runs for tests of reports: of anything that the readers of tools' files may give.
import fc from 'fast-check';
import type { FlowSections } from '../../src/reports/report-view.js';
import { mapTestplans, type BlockCoverage, type OneShotResult } from '../../src/results/index.js';
import { makeBlockRecord, makeFlowRecord } from './flow-record.js';
import { makeJobResult } from './job-result.js';
import { hostileText } from './report-view.js';

const testName = fc.constantFrom('t_a', 't_b', 't_c', 't_d', '<b>|`', '__proto__');

const testpoint = fc.record({
  name: fc.constantFrom('p', 'q', '<script>alert(1)</script>'),
  desc: hostileText,
  stage: fc.constantFrom('V1', 'V2', 'V3', 'N.A.'),
  tests: fc.array(testName, { maxLength: 4 }),
  is_mapped: fc.constant(true),
});

const run = fc
  .tuple(testName, fc.constantFrom('passed' as const, 'failed' as const), fc.integer({ min: 0, max: 9999 }))
  .map(([name, status, ms]) =>
    makeJobResult(`b:${name}`, { name, status, block: 'b', job_runtime_s: ms / 1000 }),
  );

const testplans = fc
  .tuple(fc.array(testpoint, { maxLength: 6 }), fc.array(run, { maxLength: 20 }))
  .map(([testpoints, jobs]) => {
    const testplan = { file: '/plan', testpoints, covergroups: [{ name: 'a_cg', desc: 'd' }] };
    return mapTestplans(makeFlowRecord([makeBlockRecord('b', { testplan })]), { jobs });
  });

const percent = fc.option(fc.integer({ min: 0, max: 10_000 }).map((value) => value / 100));
const count = fc.nat({ max: 1000 });

const coverage: fc.Arbitrary<BlockCoverage> = fc.record({
  block: fc.constant('b'),
  tool: hostileText,
  runs: fc.record({ total: count, counted: count }),
  score_percent: percent,
  metrics: fc.uniqueArray(
    fc.record({
      name: fc.constantFrom('line', 'branch', 'toggle', '<i>'),
      covered: fc.option(count),
      total: fc.option(count),
      percent,
    }),
    { selector: ({ name }) => name, maxLength: 3 },
  ),
  groups: fc.array(
    fc.record({ name: fc.constant('a_cg'), covered: fc.option(count), total: fc.option(count), percent }),
    { maxLength: 1 },
  ),
  sources: fc.constant([]),
  report_page: fc.constant(null),
  notices: fc.array(hostileText, { maxLength: 2 }),
});

const oneShot: fc.Arbitrary<OneShotResult> = fc.record({
  block: fc.constant('b'),
  flow: fc.constantFrom('lint', 'formal', 'syn'),
  tool: fc.constant('tool'),
  mode: hostileText,
  full_name: fc.constant('b:default'),
  status: fc.constantFrom('passed' as const, 'failed' as const),
  counts: fc.record({ error: count, warning: count, review: count, info: count, waived: count }),
  messages: fc.array(
    fc.record({
      category: fc.constant('lint'),
      severity: fc.constantFrom('error' as const, 'info' as const),
      label: hostileText,
      count: fc.integer({ min: 2, max: 9 }),
      examples: fc.array(hostileText, { minLength: 1, maxLength: 2 }),
      is_fatal: fc.boolean(),
    }),
    { maxLength: 3 },
  ),
  formal: fc.constant(null),
  synthesis: fc.constant(null),
  results_file: fc.constant('/results.hjson'),
  notices: fc.array(hostileText, { maxLength: 1 }),
});

/** Sections with names and messages of any kind. */
export const anySections: fc.Arbitrary<FlowSections> = fc.record({
  testplans,
  coverage: fc.array(coverage, { maxLength: 2 }),
  oneShot: fc.array(oneShot, { maxLength: 2 }),
});
