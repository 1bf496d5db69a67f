// Uses the HTML report in a real browser: every filter, every link, keys, looks, and nothing of a run that could run itself.
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import fc from 'fast-check';
import { afterAll, beforeAll, expect } from 'vitest';
import type { BucketRepro } from '../../../src/results/buckets/repro.js';
import { TRIAGE_SCHEMA, type Triage } from '../../../src/results/history/triage.js';
import type { JobResult } from '../../../src/results/schema.js';
import { findBarriers, openReport, startBrowser } from '../../support/browser.js';
import { failedWith, makeJobResult, makeResults } from '../../support/job-result.js';
import { needs } from '../../support/needs.js';
import { makeMetrics } from '../../support/run-metrics.js';
import { anyResults, makeFacts, makeView, viewOf } from '../../support/report-view.js';

const withBrowser = needs('chromium');

/** 400 jobs of four blocks, eight tests, two targets and two backends, of which some fail in three ways. */
const JOBS: readonly JobResult[] = Array.from({ length: 400 }, (_, i) => {
  const block = ['uart', 'spi', 'aes/masked', null][i % 4] ?? null;
  const name = `test${i % 8}`;
  const start = Date.UTC(2026, 10, 24, 8) + i * 100;
  const end =
    i % 25 === 3
      ? failedWith(`mismatch in lane ${'abc'[i % 3] ?? ''}`, { line: i + 1, context: ['next'] })
      : {};
  return makeJobResult(`${block ?? 'top'}:${i}.${name}`, {
    name,
    block,
    target: i < 8 ? 'build' : 'run',
    backend: i % 3 === 0 ? 'slurm' : 'local',
    seed: i * 7,
    job_runtime_s: (i * 37) % 100,
    started_at: new Date(start).toISOString(),
    ended_at: new Date(start + 5000).toISOString(),
    ...(i % 50 === 9 && { status: 'killed', reason: { kind: 'timeout', message: 'ran too long' } }),
    ...end,
  });
});
const VIEW = makeView(JOBS, {
  notices: ['a note'],
  facts: makeFacts({ host: 'farm7', command: ['run', 'x.hjson'] }),
});

/** A second try that failed in another way, every text of it the same. */
const makeRepro = (text: string): BucketRepro => ({
  ...{ outcome: 'flaky', job: text, seed: 1, status: 'failed', signature: text, message: text },
  ...{ log_path: text, waves: text },
});

const bucketOf = new Map(
  VIEW.results.buckets.flatMap(({ signature, jobs }) => jobs.map((job) => [job, signature])),
);

/** What the page calls each facet of a job. */
const FACETS: Readonly<Record<string, (job: JobResult) => string>> = {
  status: (job) => job.status,
  block: (job) => job.block ?? '—',
  test: (job) => job.name,
  target: (job) => job.target,
  backend: (job) => job.backend,
  bucket: (job) => bucketOf.get(job.full_name) ?? '—',
};

const readCount = (page: Page): Promise<string | null> => page.locator('.filters output').textContent();
const readNames = (page: Page): Promise<string[]> => page.locator('.jobs a.job').allTextContents();

/** Names of jobs, as far as the table draws them before it is scrolled. */
async function expectListed(page: Page, jobs: readonly JobResult[]): Promise<void> {
  await expect.poll(() => readCount(page)).toBe(`${jobs.length} of 400 jobs`);
  const names = await readNames(page);
  expect(names).toEqual(jobs.map((job) => job.full_name).slice(0, names.length));
  expect(names.length).toBeGreaterThanOrEqual(Math.min(jobs.length, 10));
}

/** Where a link has led: the section at the top of the screen, and the job in the panel. */
interface Arrival {
  readonly url: string;
  readonly section: string;
  readonly panel: readonly string[];
}

/** Follows each place in turn, in the page itself: a section is reached when it is in sight. */
const FOLLOW = `(async () => {
  const seen = [];
  for (const place of PLACES) {
    location.hash = place;
    await new Promise((done) => setTimeout(done, 0));
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    const inSight = [...document.querySelectorAll('section')].filter((section) => {
      const { top, bottom } = section.getBoundingClientRect();
      return top < innerHeight && bottom > 0;
    });
    const wanted = place.slice(1).split('?')[0];
    seen.push({
      url: location.href,
      section: inSight.find(({ id }) => id === wanted)?.id ?? 'out of sight',
      panel: [...document.querySelectorAll('.panel h2')].map((title) => title.textContent),
    });
  }
  return seen;
})()`;

withBrowser.describe('the HTML report', () => {
  let browser: Browser;

  beforeAll(async () => {
    browser = await startBrowser();
  });

  afterAll(async () => {
    await browser.close();
  });

  withBrowser.it('opens from disk, asks for nothing else, and has nothing to complain of', async () => {
    const { page, troubles } = await openReport(browser, VIEW);
    expect(await page.title()).toBe('Regatta run run-1');
    expect(await page.locator('h2').allTextContents()).toEqual([
      'Summary',
      'Failures of 3 kinds',
      'Jobs',
      'Timeline',
      'Run',
    ]);
    expect(await page.locator('.notices li').allTextContents()).toEqual(['a note']);
    expect(await page.locator('#run dd').allTextContents()).toContain('farm7');
    expect(troubles).toEqual([]);
  });

  withBrowser.it(
    'every filter leaves the jobs that have its value, and its address leads back to them',
    async () => {
      const { page, url, troubles } = await openReport(browser, VIEW);
      for (const [facet, read] of Object.entries(FACETS)) {
        const select = page.locator(`select[name=${facet}]`);
        const values = [...new Set(JOBS.map(read))];
        const options = await select.locator('option').allTextContents();
        const counted = values.map(
          (value) => `${value} (${JOBS.filter((job) => read(job) === value).length})`,
        );
        expect(options.slice(1).sort()).toEqual(counted.sort());
        for (const option of options.slice(1)) {
          const value = option.replace(/ \(\d+\)$/, '');
          await select.selectOption({ label: option });
          const left = JOBS.filter((job) => read(job) === value);
          await expectListed(page, left);
          const address = page.url();
          expect(address).toContain(`#jobs?${facet}=`);
          // A row that is chosen by one filter is counted right by the others.
          const statuses = await page.locator('select[name=status] option').allTextContents();
          if (facet === 'backend') {
            for (const status of ['passed', 'failed', 'killed']) {
              expect(statuses).toContain(`${status} (${left.filter((job) => job.status === status).length})`);
            }
          }
          await select.selectOption({ label: 'any' });
          await expectListed(page, JOBS);
          if (option === options[1]) {
            const again = await browser.newPage();
            await again.goto(address);
            await expectListed(again, left);
            await again.close();
          }
        }
      }
      expect(page.url()).toBe(`${url}#jobs`);
      expect(troubles).toEqual([]);
    },
  );

  withBrowser.it('filters and words work together, and are cleared together', async () => {
    const { page } = await openReport(browser, VIEW);
    await page.locator('input[type=search]').fill('MISMATCH');
    await expectListed(
      page,
      JOBS.filter((job) => job.status === 'failed'),
    );
    await page.locator('select[name=backend]').selectOption({ index: 1 });
    await page.locator('input[type=search]').fill(' test3 spi ');
    const backend = (await page.locator('select[name=backend] option:checked').textContent())?.split(' ')[0];
    await expectListed(
      page,
      JOBS.filter(
        (job) => job.name === 'test3' && job.full_name.startsWith('spi') && job.backend === backend,
      ),
    );
    await page.locator('input[type=search]').fill('no such job');
    await expect.poll(() => page.locator('.jobs .nothing').textContent()).toBe('No job is like that.');
    await page.getByRole('button', { name: 'Clear' }).click();
    await expectListed(page, JOBS);
    // A seed is found too.
    await page.locator('input[type=search]').fill('2793');
    await expectListed(
      page,
      JOBS.filter((job) => job.seed === 2793),
    );
  });

  withBrowser.it('every column that can be ordered by is, both ways', async () => {
    const { page } = await openReport(browser, VIEW);
    const headings = page.locator('[role=columnheader] button');
    const titles = await headings.allTextContents();
    expect(titles).toEqual(['status', 'job', 'block', 'target', 'backend', 'seed', 'queued', 'ran']);
    for (const [i, title] of titles.entries()) {
      for (const order of ['ascending', 'descending']) {
        await headings.nth(i).click();
        expect(await page.locator(`[aria-sort=${order}]`).count(), `${title} ${order}`).toBe(1);
        const cut = await page.evaluate(
          "[...document.querySelectorAll('.jobs [role=columnheader]')].filter((it) => it.scrollWidth > it.clientWidth).map((it) => it.textContent)",
        );
        expect(cut, `cut off when ordered by ${title}, ${order}`).toEqual([]);
      }
    }
    const ran = JOBS.toSorted((a, b) => (b.job_runtime_s ?? 0) - (a.job_runtime_s ?? 0));
    const names = await readNames(page);
    expect(names).toEqual(ran.map((job) => job.full_name).slice(0, names.length));
  });

  withBrowser.it('scrolling shows the last job', async () => {
    const { page } = await openReport(browser, VIEW, { hash: '#jobs' });
    await page.evaluate("document.querySelector('.jobs').scrollTo(0, 1e9)");
    await expect.poll(async () => (await readNames(page)).at(-1)).toBe(JOBS.at(-1)?.full_name);
  });

  withBrowser.it('every link leads somewhere', async () => {
    const { page, url, troubles } = await openReport(browser, VIEW);
    await page.evaluate("for (const bucket of document.querySelectorAll('details')) bucket.open = true;");
    const hrefs = await page.evaluate<string[]>(
      "[...new Set([...document.querySelectorAll('a[href]')].map((link) => link.getAttribute('href')))]",
    );
    // Those that stand for a bucket are the quickest of its members.
    const quickest = VIEW.results.buckets.map(({ jobs }) =>
      JOBS.filter((job) => jobs.includes(job.full_name)).reduce((best, job) =>
        (job.job_runtime_s ?? 0) < (best.job_runtime_s ?? 0) ? job : best,
      ),
    );
    const logs = hrefs.filter((href) => !href.startsWith('#'));
    expect(logs.map((href) => fileURLToPath(href))).toEqual(quickest.map((job) => job.log_path));
    const places = hrefs.filter((href) => href.startsWith('#'));
    expect(places.length).toBeGreaterThan(40);
    const seen = await page.evaluate<Arrival[]>(FOLLOW.replace('PLACES', JSON.stringify(places)));
    for (const [i, place] of places.entries()) {
      const [section = '', query] = place.slice(1).split('?');
      const name = new URLSearchParams(query).get('job');
      expect(seen[i], place).toEqual({ url: url + place, section, panel: name === null ? [] : [name] });
    }
    expect(troubles).toEqual([]);
  });

  withBrowser.it('a link to a failure unfolds it; its members, log and command are there', async () => {
    const [, second] = VIEW.results.buckets;
    const hash = `#failures?bucket=${encodeURIComponent(second?.signature ?? '')}`;
    const { page } = await openReport(browser, VIEW, { hash });
    const open = page.locator('details[open]');
    expect(await open.locator('summary code').allTextContents()).toEqual([second?.signature]);
    expect((await open.locator('.members a').allTextContents()).sort()).toEqual(
      [...(second?.jobs ?? [])].sort(),
    );
    expect(await open.locator('.members .seed').count()).toBe(second?.count);
    expect(await open.locator('.excerpt .fault').textContent()).toContain(second?.signature);
    expect(await open.locator('.command code').textContent()).toMatch(/^again \S+:\d+\.test\d$/);
  });

  withBrowser.it('a log that is not there is no link, and its kept lines say so', async () => {
    const [bucket] = VIEW.results.buckets;
    const missing = new Set(bucket?.jobs);
    const view = { ...VIEW, hasLog: (job: JobResult) => !missing.has(job.full_name) };
    const { page, troubles } = await openReport(browser, view);
    await page.evaluate("for (const bucket of document.querySelectorAll('details')) bucket.open = true;");
    const [gone, ...there] = await page.locator('.bucket').all();
    expect(await gone?.locator('a[href^="file:"]').count()).toBe(0);
    expect(await gone?.locator('.missing').textContent()).toMatch(/run\.log:\d+$/);
    expect(await gone?.locator('.faint').allTextContents()).toEqual([
      'was not there when this report was made',
      'Lines that the record of the run has kept of it:',
    ]);
    expect(await gone?.locator('.excerpt .fault').textContent()).toContain(bucket?.signature);
    expect(there).toHaveLength(2);
    for (const other of there) {
      expect(await other.locator('a[href^="file:"]').count()).toBe(1);
      expect(await other.locator('.missing, .faint').count()).toBe(0);
    }
    for (const [name, links] of [
      [bucket?.jobs[0] ?? '', 0],
      [VIEW.results.buckets[1]?.jobs[0] ?? '', 1],
    ] as const) {
      await page.evaluate(`location.hash = '#jobs?job=${encodeURIComponent(name)}'`);
      const panel = page.getByRole('dialog', { name });
      await panel.waitFor();
      expect(await panel.locator('a[href^="file:"]').count()).toBe(links);
      expect(await panel.locator('.missing').count()).toBe(1 - links);
      if (links === 0) expect(await findBarriers(page)).toEqual([]);
    }
    expect(troubles).toEqual([]);
  });

  withBrowser.it('a job opens beside the list, tells all it knows, and gives the keyboard back', async () => {
    const { page } = await openReport(browser, VIEW, { hash: '#jobs?status=failed' });
    const [job] = JOBS.filter(({ status }) => status === 'failed');
    const link = page.locator('.jobs a.job').first();
    await link.focus();
    await page.keyboard.press('Enter');
    const panel = page.getByRole('dialog');
    expect(await panel.locator('h2').textContent()).toBe(job?.full_name);
    const facts = await panel.locator('dd').allTextContents();
    for (const fact of [job?.name, String(job?.seed), `${job?.job_runtime_s ?? ''} s`, job?.odir]) {
      expect(facts).toContain(fact);
    }
    expect(page.url()).toContain('#jobs?status=failed&job=');
    await page.keyboard.press('Escape');
    expect(await panel.count()).toBe(0);
    expect(await page.evaluate('document.activeElement.textContent')).toBe(job?.full_name);
  });

  withBrowser.it('says so when the job of a link is not in the report', async () => {
    const { page } = await openReport(browser, VIEW, { hash: '#jobs?job=gone' });
    expect(await page.getByRole('dialog').textContent()).toContain('There is no such job in this report.');
  });

  withBrowser.it('the timeline opens the job that is pointed at', async () => {
    const { page } = await openReport(browser, VIEW);
    await page.getByRole('button', { name: 'Zoom in' }).click();
    await page.locator('canvas').click({ position: { x: 300, y: 3 } });
    const name = await page.getByRole('dialog').locator('h2').textContent();
    expect(JOBS.map((job) => job.full_name)).toContain(name);
  });

  withBrowser.it('nothing of a run runs, breaks the page, or loads anything', async () => {
    const evil = [
      '<script>document.title="pwned"</script>',
      '</script><script>document.title="pwned"</script>',
      '"><img src=x onerror=document.title="pwned">',
      "javascript:document.title='pwned'",
      '<!--<script>',
      '\u0000\u001b[2J\u202e\ud800',
      '__proto__',
      '',
    ];
    const jobs = evil.map((text, i) =>
      makeJobResult(`${i}${text}`, {
        name: text,
        block: text,
        target: text,
        backend: text,
        tool: text,
        odir: text,
        log_path: text,
        ...failedWith(text, { line: 1, context: [text] }),
      }),
    );
    const plain = makeResults(jobs);
    const buckets = plain.buckets.map((bucket) => ({ ...bucket, repro: makeRepro(bucket.signature) }));
    const view = viewOf(
      { ...plain, buckets },
      {
        notices: evil,
        reproduce: () => evil.join(' '),
        facts: makeFacts({ host: evil.join(' ') }),
      },
    );
    const { page, troubles } = await openReport(browser, view);
    expect(await readCount(page)).toBe('8 of 8 jobs');
    expect((await readNames(page)).slice(0, 5)).toEqual(evil.slice(0, 5).map((text, i) => `${i}${text}`));
    for (const i of evil.keys()) {
      await page.locator('.jobs a.job').nth(i).click();
      await page.getByRole('dialog').waitFor();
      await page.keyboard.press('Escape');
    }
    for (const facet of Object.keys(FACETS)) {
      await page.locator(`select[name=${facet}]`).selectOption({ index: 1 });
      await page.getByRole('button', { name: 'Clear' }).click();
    }
    expect(await page.locator('img, script:not([type]), iframe').count()).toBe(1);
    expect(await page.locator('a[href^="javascript"]').count()).toBe(0);
    expect(await page.title()).toBe('Regatta run run-1');
    expect(troubles).toEqual([]);
  });

  withBrowser.it('shows the numbers of results.json, of any run', async () => {
    for (const results of fc.sample(anyResults, { numRuns: 4, seed: 20261124 })) {
      const { page, troubles } = await openReport(browser, viewOf(results));
      const { counts, jobs, buckets } = results;
      expect(await page.locator('.totals b').allTextContents()).toEqual(
        [counts.total, counts.passed, counts.failed, counts.killed].map(String),
      );
      for (const [field, title] of [
        ['block', 'Blocks'],
        ['target', 'Targets'],
      ] as const) {
        const names = [...new Set(jobs.map((job) => job[field]).filter((name) => name !== null))];
        const rows = names.map((name) => {
          const own = jobs.filter((job) => job[field] === name);
          const count = (status: string): number => own.filter((job) => job.status === status).length;
          return [own.length, count('passed'), count('failed'), count('killed')] as const;
        });
        // Blocks are worst first.
        if (field === 'block') rows.sort(([aAll, aGood], [bAll, bGood]) => bAll - bGood - (aAll - aGood));
        const shown = await page.evaluate<number[][]>(
          `[...document.querySelectorAll('[aria-label=${title}] tbody tr')].map((row) =>
            [...row.querySelectorAll('td')].slice(0, 4).map((cell) => Number(cell.textContent)))`,
        );
        expect(shown).toEqual(rows);
      }
      expect(await page.locator('.bucket .count').allTextContents()).toEqual(
        buckets.map(({ count }) => `${count} ×`),
      );
      expect(await readCount(page)).toBe(
        `${counts.total} of ${counts.total} job${counts.total === 1 ? '' : 's'}`,
      );
      expect(troubles).toEqual([]);
    }
  });

  withBrowser.it('tells what is new and what is gone, and where time and resources went', async () => {
    const [first, second] = VIEW.results.buckets.map(({ signature }) => signature);
    const sighting = { run_id: 'r0', started_at: '2026-11-20T08:00:00.000Z' };
    const seen = { runs: 3, first_seen: sighting, last_seen: sighting };
    const triage: Triage = {
      schema: TRIAGE_SCHEMA,
      run_id: 'run-1',
      buckets: [
        { ...seen, signature: second ?? '', state: 'new', count: 5, runs: 1, last_seen: null },
        { ...seen, signature: first ?? '', state: 'known', count: 6 },
        { ...seen, signature: '<b>old</b>', state: 'gone', count: 0 },
      ],
      tests: [],
    };
    const { page, troubles } = await openReport(browser, { ...VIEW, triage, metrics: makeMetrics() });
    const summaries = await page.locator('.bucket summary').allTextContents();
    expect(summaries[0]).toContain(`${second ?? ''}new`);
    expect(await page.locator('.bucket dd').first().textContent()).toBe('NEW');
    await page.getByText('1 kind of failure gone').click();
    expect(await page.locator('.folded li').textContent()).toContain(
      '<b>old</b> GONE, first seen 2026-11-20, in 3 runs',
    );
    expect(await page.getByRole('img', { name: 'Chart' }).count()).toBe(3);
    expect(await page.locator('#time canvas').count()).toBe(3);
    expect(await page.locator('#time table.report td').allTextContents()).toContain('90.00 %');
    await page.getByText('Critical path').click();
    await expect.poll(() => page.locator('#time details[open] td').allTextContents()).toContain('a<b>');
    expect(await findBarriers(page)).toEqual([]);
    expect(troubles).toEqual([]);
  });

  withBrowser.it('has room for the labels of a chart, however large its numbers', async () => {
    const metrics = makeMetrics();
    const curves = { ...metrics.curves, queue: [47_000_000, 0] };
    const { page } = await openReport(browser, { ...VIEW, metrics: { ...metrics, curves } });
    // What is left of the plot, and how wide the largest label is there.
    const [room, needed] = await page.evaluate<number[]>(`(() => {
      const chart = document.querySelector('[aria-label="Chart: Jobs that are ready and wait"]');
      const pen = document.createElement('canvas').getContext('2d');
      pen.font = '12px ' + getComputedStyle(chart).fontFamily;
      const plot = chart.querySelector('.u-over');
      return [plot.getBoundingClientRect().left - chart.getBoundingClientRect().left, pen.measureText('40,000,000').width];
    })()`);
    expect(room).toBeGreaterThan(needed ?? Infinity);
  });

  withBrowser.it('tells what came of running a failure again, with links to its log and waves', async () => {
    const [bucket, ...others] = VIEW.results.buckets;
    const repro = { ...makeRepro('worse'), log_path: '/again/run.log', waves: '/again/waves.fst' };
    const buckets = bucket === undefined ? [] : [{ ...bucket, repro }, ...others];
    const { page, troubles } = await openReport(browser, { ...VIEW, results: { ...VIEW.results, buckets } });
    expect(await page.locator('#failures > p').textContent()).toBe(
      '1 kind of failure run again: 0 deterministic, 1 flaky, 0 infrastructure.',
    );
    expect(await page.locator('.bucket summary .badge').allTextContents()).toEqual(['flaky']);
    const shown = page.locator('.bucket[open] dd', { hasText: 'FLAKY: worse failed in another way: worse' });
    const links = await shown.locator('a').all();
    expect(await Promise.all(links.map((link) => link.getAttribute('href')))).toEqual([
      'file:///again/run.log',
      'file:///again/waves.fst',
    ]);
    expect(await findBarriers(page)).toEqual([]);
    expect(troubles).toEqual([]);
  });

  withBrowser.it('of a run without jobs is a page too', async () => {
    const { page, troubles } = await openReport(browser, makeView([]));
    expect(await page.locator('main').textContent()).toContain('Nothing failed.');
    expect(await page.locator('main').textContent()).toContain('No job has run.');
    expect(troubles).toEqual([]);
  });

  for (const colorScheme of ['light', 'dark'] as const) {
    withBrowser.it(`has no barriers, in ${colorScheme} and with a job open`, async () => {
      const { page } = await openReport(browser, VIEW, { colorScheme });
      expect(await findBarriers(page)).toEqual([]);
      await page.locator('.jobs a.job').nth(3).click();
      await page.getByRole('dialog').waitFor();
      expect(await findBarriers(page)).toEqual([]);
    });
  }

  withBrowser.it('is no wider than a narrow screen', async () => {
    const { page } = await openReport(browser, VIEW, { viewport: { width: 400, height: 800 } });
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(400);
  });

  withBrowser.it(
    'is no wider than its window for a long name either, and keeps the counts in sight',
    async () => {
      const long = 'b'.repeat(300);
      const jobs = [makeJobResult(long, { block: long, target: long, backend: long, tool: long })];
      const metrics = makeMetrics();
      const groups = metrics.groups.map((group) => ({ ...group, block: long, tool: long }));
      const view = makeView(jobs, { metrics: { ...metrics, groups } });
      for (const width of [1280, 400]) {
        const { page } = await openReport(browser, view, { viewport: { width, height: 800 } });
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
        const [edge] = await page.evaluate<number[]>(
          "[...document.querySelectorAll('.groups tbody td')].map((it) => it.getBoundingClientRect().right)",
        );
        expect(edge).toBeLessThanOrEqual(width);
        expect(await page.locator('#time details summary').allTextContents()).toContain(
          `Longest jobs of ${long}, ${long} 1 row`,
        );
      }
    },
  );

  withBrowser.it('has all filters and their button in one row of a common window', async () => {
    const { page } = await openReport(browser, VIEW, { viewport: { width: 1280, height: 800 } });
    const bottoms = await page.evaluate<number[]>(
      "[...document.querySelectorAll('.filters > *')].map((it) => it.getBoundingClientRect().bottom)",
    );
    expect(new Set(bottoms).size).toBe(1);
  });

  withBrowser.it('prints the jobs as a table, and no controls', async () => {
    const { page } = await openReport(browser, VIEW);
    await page.emulateMedia({ media: 'print' });
    expect(await page.locator('.filters').isVisible()).toBe(false);
    expect(await page.locator('.printed tbody tr').count()).toBe(200);
    expect(await page.locator('.printed').textContent()).toContain('and 200 more');
  });

  withBrowser.it('prints dark on light for readers whose screen is dark', async () => {
    const { page } = await openReport(browser, VIEW, { colorScheme: 'dark' });
    const background = (): Promise<string> =>
      page.evaluate('getComputedStyle(document.body).backgroundColor');
    expect(await background()).not.toBe('rgb(255, 255, 255)');
    await page.emulateMedia({ media: 'print' });
    expect(await background()).toBe('rgb(255, 255, 255)');
  });

  withBrowser.it('prints nothing beyond the edge of the paper', async () => {
    const jobs = ['a', 'b'].map((letter) =>
      makeJobResult(letter.repeat(150), {
        block: 'uart',
        seed: 2672821820,
        ...failedWith(letter.repeat(200)),
      }),
    );
    const { page } = await openReport(browser, makeView(jobs, { metrics: makeMetrics() }), {
      viewport: { width: 794, height: 1123 },
    });
    await page.emulateMedia({ media: 'print' });
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(794);
  });
});
