// Pins what reports show of what history knows: new failures first and named so, known ones dated, gone ones listed.
import pc from 'picocolors';
import { expect, test } from 'vitest';
import { formatMarkdown } from '../../src/reports/markdown.js';
import { formatSummary } from '../../src/reports/summary.js';
import type { BucketTriage, Triage } from '../../src/results/index.js';
import { TRIAGE_SCHEMA } from '../../src/results/index.js';
import { failedWith, makeJobResult } from '../support/job-result.js';
import { makeView } from '../support/report-view.js';

const seen = (day: number): BucketTriage['first_seen'] => ({
  run_id: `run-${day}`,
  started_at: `2026-11-0${day}T22:00:00.000Z`,
});

const triage: Triage = {
  schema: TRIAGE_SCHEMA,
  run_id: 'run-9',
  buckets: [
    { signature: 'fresh', state: 'new', count: 1, runs: 1, first_seen: seen(9), last_seen: null },
    { signature: 'old', state: 'known', count: 2, runs: 4, first_seen: seen(1), last_seen: seen(8) },
    { signature: '<mended>', state: 'gone', count: 0, runs: 2, first_seen: seen(2), last_seen: seen(7) },
  ],
  tests: [],
};
const jobs = [
  makeJobResult('a', failedWith('old')),
  makeJobResult('b', failedWith('old')),
  makeJobResult('c', failedWith('fresh')),
];
const { results, reproduce, hasLog } = makeView(jobs);

function summarise(buckets?: readonly BucketTriage[]): string {
  const options = { colors: pc.createColors(false), width: 100, rows: 40, reproduce, hasLog };
  return formatSummary(results, buckets === undefined ? options : { ...options, triage: buckets });
}

test('the summary names what is new first, however rare, and the known with its past', () => {
  const text = summarise(triage.buckets);
  expect(text).toContain('Failures of 2 kinds, 1 of them new, most frequent first:\n    1 x fresh\n');
  expect(text).toContain('        seen   NEW\n    2 x old\n');
  expect(text).toContain('        seen   KNOWN, first seen 2026-11-01, in 4 runs\n');
  expect(text).toContain('\ngone since the last time its tests ran: <mended>\n');
});

test('without a history the summary says nothing of it', () => {
  const text = summarise();
  expect(text).toContain('Failures of 2 kinds, most frequent first:\n    2 x old\n');
  expect(text).not.toMatch(/seen|NEW|gone/);
});

test('so does the page of Markdown', () => {
  const text = [...formatMarkdown(makeView(jobs, { triage }))].join('');
  expect(text).toMatch(
    /### 1\. `fresh`: 1 job\n(.*\n)*- seen: NEW\n(.*\n)*### 2\. `old`: 2 jobs\n(.*\n)*- seen: KNOWN, first seen 2026-11-01, in 4 runs\n/,
  );
  expect(text).toContain(
    '## Gone\n\n- `<mended>`: GONE, first seen 2026-11-02, in 2 runs, last 2026-11-07\n',
  );
  expect([...formatMarkdown(makeView(jobs))].join('')).not.toMatch(/seen:|Gone/);
});
