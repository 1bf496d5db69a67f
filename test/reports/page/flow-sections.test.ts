// The sections of flow runs in a real browser: what they show, where their links lead, and that nothing in them can run.
import type { Browser, Page } from 'playwright-core';
import fc from 'fast-check';
import { afterAll, beforeAll, expect } from 'vitest';
import type { FlowSections } from '../../../src/reports/report-view.js';
import { mapTestplans } from '../../../src/results/index.js';
import { findBarriers, openReport, startBrowser } from '../../support/browser.js';
import { makeBlockRecord, makeFlowRecord } from '../../support/flow-record.js';
import { anySections } from '../../support/flow-sections.js';
import { makeJobResult } from '../../support/job-result.js';
import { needs } from '../../support/needs.js';
import { makeView } from '../../support/report-view.js';

const withBrowser = needs('chromium');

const JOBS = ['t_good', 't_good', 't_bad'].map((name, index) =>
  makeJobResult(`fifo:${index}.${name}`, {
    name,
    block: 'fifo',
    ...(name === 't_bad' && { status: 'failed', reason: { kind: 'exit-code', message: 'exit code 1' } }),
  }),
);

const TESTPLAN = {
  file: '/plan',
  testpoints: [
    { name: 'good', desc: '', stage: 'V1', tests: ['t_good'], is_mapped: true },
    { name: 'bad', desc: '', stage: 'V2', tests: ['t_bad', 't_later'], is_mapped: true },
  ],
  covergroups: [{ name: 'level_cg', desc: 'every level' }],
};

const FLOW: FlowSections = {
  testplans: mapTestplans(makeFlowRecord([makeBlockRecord('fifo', { testplan: TESTPLAN })]), { jobs: JOBS }),
  coverage: [
    {
      block: 'fifo',
      tool: 'verilator',
      runs: { total: 3, counted: 2 },
      score_percent: null,
      metrics: [{ name: 'line', covered: 9, total: 10, percent: 90 }],
      groups: [{ name: 'level_cg', covered: 3, total: 4, percent: 75 }],
      sources: [],
      report_page: null,
      notices: ['a file is missing'],
    },
  ],
  oneShot: [
    {
      block: 'fifo',
      flow: 'lint',
      tool: 'verilator',
      mode: 'default',
      full_name: 'fifo:default',
      status: 'failed',
      counts: { error: 0, warning: 1, review: 0, info: 0, waived: 2 },
      messages: [
        {
          category: 'lint',
          severity: 'warning',
          label: 'lint warnings',
          count: 1,
          examples: ['%Warning-UNUSED: a.sv:3'],
          is_fatal: true,
        },
      ],
      formal: null,
      synthesis: null,
      results_file: '/results.hjson',
      notices: [],
    },
  ],
};

/** Texts of the rows of a table, cells joined by `|`. */
async function readRows(page: Page, title: string): Promise<string[]> {
  const rows = page.getByRole('table', { name: title, exact: true }).locator('tbody tr');
  return Promise.all(
    (await rows.all()).map(async (row) => (await row.locator('td').allTextContents()).join('|')),
  );
}

withBrowser.describe('the sections of a flow', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await startBrowser();
  });
  afterAll(async () => {
    await browser.close();
  });

  withBrowser.it('show what the tables of other formats show', async () => {
    const { page, troubles } = await openReport(browser, makeView(JOBS, { flow: FLOW }));
    expect(await page.locator('nav a').allTextContents()).toEqual(
      expect.arrayContaining(['messages', 'coverage', 'testplan']),
    );
    expect(await readRows(page, 'Coverage')).toEqual(['fifo|verilator|2|--|90.00 % (9/10)']);
    expect(await page.locator('#coverage .notices li').allTextContents()).toEqual([
      'fifo: 1 of 3 runs did not pass and are left out',
      'fifo: a file is missing',
    ]);
    expect(await readRows(page, 'Messages')).toEqual(['fifo:default|lint warnings|%Warning-UNUSED: a.sv:3']);
    expect(await readRows(page, 'Testplan progress')).toEqual([
      'fifo|V1|1|1|1|100.00 %|1|1|1|2|2',
      'fifo|V2|1|1|0|0.00 %|2|1|0|1|0',
      'fifo|TOTAL|2|2|1|50.00 %|3|2|1|3|2',
    ]);
    // Rows of a block are made when it is unfolded, by keys too.
    expect(await readRows(page, 'Testplan of fifo')).toEqual([]);
    await page.locator('summary', { hasText: 'Testplan of fifo' }).press('Enter');
    await expect.poll(() => readRows(page, 'Testplan of fifo')).toHaveLength(6);
    await page.locator('summary', { hasText: 'Covergroups of fifo' }).press('Enter');
    await expect.poll(() => readRows(page, 'Covergroups of fifo')).toEqual(['level_cg|75.00 %|every level']);
    expect(await findBarriers(page)).toEqual([]);
    expect(troubles).toEqual([]);
  });

  withBrowser.it('lead to the jobs they speak of', async () => {
    const { page } = await openReport(browser, makeView(JOBS, { flow: FLOW }), { hash: '#testplan' });
    await page.locator('summary', { hasText: 'Testplan of fifo' }).click();
    await page.locator('#testplan a', { hasText: 't_good' }).click();
    await expect.poll(() => page.locator('.filters output').textContent()).toBe('2 of 3 jobs');
    expect(await page.locator('.jobs a.job').allTextContents()).toEqual(['fifo:0.t_good', 'fifo:1.t_good']);
    await page.goBack();
    await page.locator('#coverage a', { hasText: 'fifo' }).click();
    await expect.poll(() => page.locator('.filters output').textContent()).toBe('3 of 3 jobs');
    // A test that did not run has no jobs to lead to.
    expect(await page.locator('#testplan a', { hasText: 't_later' }).count()).toBe(0);
  });

  withBrowser.it('are not there for a job list', async () => {
    const { page } = await openReport(browser, makeView(JOBS));
    const names = await page.locator('nav a').allTextContents();
    for (const name of ['messages', 'coverage', 'testplan']) expect(names).not.toContain(name);
    expect(await page.locator('#testplan').count()).toBe(0);
  });

  withBrowser.it('run nothing, whatever names and messages hold', async () => {
    for (const flow of fc.sample(anySections, { numRuns: 4, seed: 20261124 })) {
      const { page, troubles } = await openReport(browser, makeView(JOBS, { flow }));
      for (const summary of await page.locator('summary').all()) await summary.click();
      expect(await page.locator('main script, main img, main b > *').count()).toBe(0);
      expect(troubles).toEqual([]);
    }
  });
});
