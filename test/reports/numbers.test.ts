// Holds every format to results.json: of any run, each number a report shows is the one the results have.
import fc from 'fast-check';
import MarkdownIt from 'markdown-it';
import { describe, expect, test } from 'vitest';
import { formatCsv } from '../../src/reports/csv.js';
import { formatJunit } from '../../src/reports/junit.js';
import { formatMarkdown } from '../../src/reports/markdown.js';
import { parseResults } from '../../src/results/read-results.js';
import { formatResultsJson } from '../../src/results/results-json.js';
import type { JobResult, Results } from '../../src/results/schema.js';
import { anyResults, viewOf } from '../support/report-view.js';

const RUNS = { numRuns: 300, seed: 20261124 };

const countOf = (jobs: readonly JobResult[], status: string): number =>
  jobs.filter((job) => job.status === status).length;

/** Cells of a CSV text: RFC 4180, read the simple way. */
function parseCsv(text: string): string[][] {
  const cells = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g;
  const rows: string[][] = [[]];
  for (const [, quoted, plain = '', end] of text.matchAll(cells)) {
    rows.at(-1)?.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (end === '\r\n') rows.push([]);
  }
  return rows.slice(0, -1);
}

/** Bodies of the tables of a page of Markdown, by their first title: rows of cells. */
function readTables(text: string): Map<string, string[][]> {
  const tables = new Map<string, string[][]>();
  let rows: string[][] = [];
  let inCell = false;
  for (const { type, content } of new MarkdownIt().parse(text, {})) {
    if (type === 'table_open') rows = [];
    if (type === 'tr_open') rows.push([]);
    if (type === 'td_open' || type === 'th_open') inCell = true;
    if (type === 'inline' && inCell) {
      rows.at(-1)?.push(content);
      inCell = false;
    }
    if (type === 'table_close') tables.set(rows[0]?.[0] ?? '', rows.slice(1));
  }
  return tables;
}

/** What a group's row must say. */
function countGroup(jobs: readonly JobResult[]): number[] {
  const longest = Math.max(0, ...jobs.map((job) => job.job_runtime_s ?? 0));
  return [jobs.length, ...['passed', 'failed', 'killed'].map((status) => countOf(jobs, status)), longest];
}

describe('every number is that of results.json', () => {
  test('read back from results.json', () => {
    fc.assert(
      fc.property(anyResults, (results: Results) => {
        const text = [...formatResultsJson(results)].join('');
        const { results: read, notices } = parseResults(text, 'results.json');
        expect([...formatResultsJson(read)].join('')).toBe(text);
        expect(notices).toEqual([]);
      }),
      RUNS,
    );
  });

  test('in CSV', () => {
    fc.assert(
      fc.property(anyResults, (results: Results) => {
        const [titles = [], ...rows] = parseCsv([...formatCsv(viewOf(results))].join(''));
        expect(rows).toHaveLength(results.jobs.length);
        for (const [index, job] of results.jobs.entries()) {
          const cells = Object.fromEntries(titles.map((title, column) => [title, rows[index]?.[column]]));
          for (const [field, value] of Object.entries({ ...job, reason_line: job.reason?.line })) {
            if (typeof value === 'number') expect(cells[field]).toBe(String(value));
          }
          expect(cells.status).toBe(job.status);
          expect(cells.started_at).toBe(job.started_at ?? '');
        }
      }),
      RUNS,
    );
  });

  test('in Markdown', () => {
    fc.assert(
      fc.property(anyResults, (results: Results) => {
        const { counts, jobs } = results;
        const text = [...formatMarkdown(viewOf(results))].join('');
        const tables = readTables(text);
        expect(tables.get('jobs')).toEqual([
          [counts.total, counts.passed, counts.failed, counts.killed, 0].map(String),
        ]);
        for (const field of ['target', 'block'] as const) {
          const names = [...new Set(jobs.map((job) => job[field]).filter((name) => name !== null))];
          const rows = names.map((name) => countGroup(jobs.filter((job) => job[field] === name)));
          // Blocks are worst first.
          const countBad = ([, , failed = 0, killed = 0]: readonly number[]): number => failed + killed;
          if (field === 'block') rows.sort((a, b) => countBad(b) - countBad(a));
          expect((tables.get(field) ?? []).map(([, ...numbers]) => numbers.map(Number))).toEqual(rows);
        }
        const shown = [...text.matchAll(/^### \d+\. .*: (\d+) jobs?$/gm)].map(([, count]) => Number(count));
        expect(shown).toEqual(results.buckets.slice(0, 20).map(({ count }) => count));
      }),
      RUNS,
    );
  });

  test('in JUnit', () => {
    fc.assert(
      fc.property(anyResults, (results: Results) => {
        const text = [...formatJunit(results)].join('');
        const [, tests, failures, errors] = (
          /<testsuites name="[^"]*" tests="(\d+)" failures="(\d+)" errors="(\d+)"/.exec(text) ?? []
        ).map(Number);
        const skipped = [...text.matchAll(/<testsuite name="[^"]*" .* skipped="(\d+)"/g)]
          .map(([, count]) => Number(count))
          .reduce((sum, count) => sum + count, 0);
        expect(tests).toBe(results.counts.total);
        expect(failures).toBe(results.counts.failed);
        expect((errors ?? NaN) + skipped).toBe(results.counts.killed);
        const times = [...text.matchAll(/<testcase name="(\d+)\.[^"]*" classname="[^"]*" time="([^"]*)"/g)];
        expect(times).toHaveLength(results.jobs.length);
        for (const [, index, time] of times) {
          expect(Number(time)).toBe(results.jobs[Number(index)]?.job_runtime_s ?? 0);
        }
      }),
      RUNS,
    );
  });
});
