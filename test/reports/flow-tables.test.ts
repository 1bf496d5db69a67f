// Tables of flow runs: what they say, the same in every format, and nothing in them is markup.
import fc from 'fast-check';
import MarkdownIt from 'markdown-it';
import pc from 'picocolors';
import { describe, expect, it } from 'vitest';
import { tabulateFlow } from '../../src/reports/flow-tables.js';
import { formatMarkdownTables } from '../../src/reports/markdown-table.js';
import { textOf, type ReportTable } from '../../src/reports/report-table.js';
import { formatTerminalTable } from '../../src/reports/terminal-table.js';
import { tabulateTestplan } from '../../src/reports/testplan-tables.js';
import { escapeControls } from '../../src/model/problem.js';
import { mapTestplans } from '../../src/results/index.js';
import { makeBlockRecord, makeFlowRecord } from '../support/flow-record.js';
import { anySections } from '../support/flow-sections.js';
import { makeJobResult } from '../support/job-result.js';

const RUNS = { numRuns: 200, seed: 20261124 };
const noColors = pc.createColors(false);

/** Number in a column of a row; NaN where there is none. */
function numberIn({ heads }: ReportTable, row: ReportTable['rows'][number], head: string): number {
  const cell = row[heads.indexOf(head)];
  return cell === undefined || textOf(cell) === '' ? NaN : Number(textOf(cell));
}

describe('the table of a testplan', () => {
  it('reads like this', () => {
    const testpoints = [
      { name: 'one', desc: '', stage: 'V1', tests: ['a'], is_mapped: true },
      { name: 'two', desc: '', stage: 'V2', tests: ['a', 'b'], is_mapped: true },
      { name: 'later', desc: '', stage: 'V2', tests: [], is_mapped: true },
    ];
    const testplan = { file: '/plan', testpoints, covergroups: [] };
    const run = (name: string, fields: object): ReturnType<typeof makeJobResult> =>
      makeJobResult(`b:${name}`, { name, block: 'b', ...fields });
    const jobs = [
      run('a', { job_runtime_s: 1.5, simulated_time_us: 12.5 }),
      run('a', { job_runtime_s: 1, status: 'failed' }),
      run('c', { job_runtime_s: 0.25 }),
    ];
    const [progress] = mapTestplans(makeFlowRecord([makeBlockRecord('b', { testplan })]), { jobs });
    if (progress === undefined) throw new Error('no progress');
    expect(formatTerminalTable(tabulateTestplan(progress), noColors).split('\n')).toEqual([
      'Testplan of b',
      ' stage     testpoint  state     tests  max job runtime, s  simulated time, us  passing  total  pass rate',
      ' V1        one        failing   a                     1.5                12.5        1      2    50.00 %',
      ' V1                             TOTAL                                                1      2    50.00 %',
      ' V2        two        failing   (a)                   1.5                12.5        1      2    50.00 %',
      '                                b                                                    0      0         --',
      ' V2        later      no-tests',
      ' V2                             TOTAL                                                0      0         --',
      ' unmapped                       c                    0.25                            1      1   100.00 %',
      '                                TOTAL                                                2      3    66.66 %',
      ' Totals hold a test in brackets in the row further up that has it too.',
      '',
    ]);
  });

  it('adds up: rows that are not in brackets to their stage, stages and unmapped tests to the total', () => {
    fc.assert(
      fc.property(anySections, ({ testplans }) => {
        const [progress] = testplans;
        if (progress === undefined) throw new Error('no testplan');
        const table = tabulateTestplan(progress);
        const last = table.rows.length - 1;
        for (const head of ['passing', 'total']) {
          let stage = 0;
          let all = 0;
          for (const [index, row] of table.rows.entries()) {
            const value = numberIn(table, row, head);
            const test = textOf(row[table.heads.indexOf('tests')] ?? '');
            if (test === 'TOTAL') {
              expect(value).toBe(index === last ? all : stage);
              stage = 0;
            } else if (!test.startsWith('(') && !Number.isNaN(value)) {
              stage += value;
              all += value;
            }
          }
        }
      }),
      RUNS,
    );
  });
});

describe('any tables', () => {
  it('have the same cells in Markdown and on a terminal', () => {
    fc.assert(
      fc.property(anySections, (sections) => {
        const tables = [...tabulateFlow(sections)].filter(({ rows }) => rows.length > 0);
        const read = readMarkdown([...formatMarkdownTables(tables)].join('\n\n'));
        expect(read).toEqual(
          tables.map(({ heads, rows }) => [
            heads.map(escapeControls),
            ...rows.map((row) => row.map((cell) => escapeControls(textOf(cell)).trim())),
          ]),
        );
        for (const table of tables) {
          const lines = formatTerminalTable(table, noColors).split('\n').slice(2);
          for (const [index, row] of table.rows.entries()) {
            let rest = lines[index] ?? '';
            for (const cell of row) {
              const text = escapeControls(textOf(cell)).trim();
              expect(rest).toContain(text);
              rest = rest.slice(rest.indexOf(text) + text.length);
            }
          }
        }
      }),
      RUNS,
    );
  });

  it('in Markdown are bounded, and say what is left out', () => {
    const table: ReportTable = {
      title: 'Long',
      heads: ['a'],
      numbers: [],
      rows: Array.from({ length: 1500 }, (_, i) => [i]),
      notes: [],
    };
    const pieces = [...formatMarkdownTables([table, table])];
    expect(pieces.at(-1)).toBe('And 2000 more rows: `regatta report --format text` has them all.');
    expect(pieces.join('\n').split('\n')).toHaveLength(1004);
  });
});

/** Tables as a reader of Markdown shows them: heads and rows of plain text. Nothing else than text may be in a cell. */
function readMarkdown(text: string): string[][][] {
  const tables: string[][][] = [];
  let inCell = false;
  for (const { type, children } of new MarkdownIt({ html: true }).parse(text, {})) {
    if (type === 'table_open') tables.push([]);
    if (type === 'tr_open') tables.at(-1)?.push([]);
    if (type === 'td_open' || type === 'th_open') inCell = true;
    if (type === 'td_close' || type === 'th_close') inCell = false;
    if (type !== 'inline' || !inCell) continue;
    expect(new Set(children?.map((child) => child.type))).toEqual(
      new Set(children?.length === 0 ? [] : ['text']),
    );
    tables
      .at(-1)
      ?.at(-1)
      ?.push(
        (children ?? [])
          .map(({ content }) => content)
          .join('')
          .trim(),
      );
  }
  return tables;
}
