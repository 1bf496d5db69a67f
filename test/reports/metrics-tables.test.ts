// Pins the tables of where time and resources went: every figure is the one of metrics.json.
import { expect, test } from 'vitest';
import { makeMetricsTables } from '../../src/reports/metrics-tables.js';
import { textOf, type ReportTable } from '../../src/reports/report-table.js';
import { makeMetrics } from '../support/run-metrics.js';

const show = ({ title, rows }: ReportTable): [string, string[][]] => [
  title,
  rows.map((row) => row.map(textOf)),
];

test('makeMetricsTables shows use, idle slots, the critical path, totals, and the longest', () => {
  expect(makeMetricsTables(makeMetrics()).map(show)).toEqual([
    [
      'Use of slots and resources',
      [
        ['slots', '2', '2', '15', '75.00 %'],
        ['slots of local', '', '2', '15', '--'],
        ['VCS', '1', '1', '9', '90.00 %'],
      ],
    ],
    [
      'Slots without a job',
      [
        ['no job was ready', '3', '15.00 %'],
        ['ready jobs waited for a resource', '1.5', '7.50 %'],
        ['ready jobs waited for slots of their backend', '0.5', '2.50 %'],
        ['the backend had not started the job yet', '0', '0.00 %'],
        ['the backend had refused work', '0', '0.00 %'],
      ],
    ],
    [
      'Critical path',
      [
        ['a<b>', '0', '1', '9'],
        ['in all', '', '1', '9'],
      ],
    ],
    [
      'All jobs together',
      [
        ['queued, s', '4.5'],
        ['ran, s', '15'],
        ['CPU time, s', '7.25'],
        ['most memory of one, KiB', ''],
        ['CPU time and memory of local from', 'rusage'],
      ],
    ],
    ['Time by block and tool', [['', 'vcs', '2', '15']]],
    ['Longest tests of no block, vcs', [['a', 'run', '2', '15', '7.5', '9']]],
    ['Longest jobs of no block, vcs', [['a<b>', '9']]],
  ]);
});

test('a run without a limit has no slots that could be idle', () => {
  const { slots } = makeMetrics();
  const tables = makeMetricsTables(makeMetrics({ slots: { ...slots, limit: null, idle_slot_s: null } }));
  expect(tables.map(({ title }) => title)).not.toContain('Slots without a job');
});
