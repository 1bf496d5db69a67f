// Opens HTML reports in the system's Chromium, as a person would from disk. Knows no report.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import axe from 'axe-core';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import { onTestFinished } from 'vitest';
import { readPageTemplate } from '../../src/cli/page-template.js';
import { formatHtml } from '../../src/reports/html.js';
import type { ReportView } from '../../src/reports/report-view.js';
import { makeTempDir } from './temp-dir.js';

/** Starts a browser; its user closes it. */
export async function startBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: '/usr/bin/chromium',
    // Chromium has no sandbox for root, and CI machines often are.
    chromiumSandbox: process.getuid?.() !== 0,
  });
}

/** A page and all it complained of or asked for. */
export interface OpenedPage {
  readonly page: Page;
  /** Address of the file. */
  readonly url: string;
  /** Errors, warnings, dialogs, refused scripts and styles, and requests for anything but the page: none, when all is well. */
  readonly troubles: readonly string[];
}

/** Writes the report of a view to disk and opens it at `hash`. The page is closed when the test ends. */
export async function openReport(
  browser: Browser,
  view: ReportView,
  { hash = '', ...options }: BrowserContextOptions & { readonly hash?: string } = {},
): Promise<OpenedPage> {
  const folder = makeTempDir();
  const file = join(folder, 'report.html');
  writeFileSync(file, [...formatHtml(view, { template: readPageTemplate(), folder })].join(''));
  const page = await browser.newPage(options);
  onTestFinished(() => page.close());
  const url = pathToFileURL(file).href;
  const troubles = watchTroubles(page, url);
  await page.goto(url + hash);
  await page.locator('nav').waitFor();
  return { page, url, troubles };
}

function watchTroubles(page: Page, url: string): string[] {
  const troubles: string[] = [];
  page.on('pageerror', (error) => troubles.push(`error: ${error.message}`));
  page.on('console', (message) => troubles.push(`console: ${message.text()}`));
  page.on('dialog', (dialog) => {
    troubles.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('request', (request) => {
    if (request.url().split('#')[0] !== url && !request.url().startsWith('data:')) {
      troubles.push(`request: ${request.url()}`);
    }
  });
  return troubles;
}

interface Violation {
  readonly id: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
}

/** What axe finds wrong with a page for people who do not see it, or use no mouse: one line each. */
export async function findBarriers(page: Page): Promise<string[]> {
  // Evaluated, not added as a script: the page lets no script in but its own.
  await page.evaluate(axe.source);
  const violations = await page.evaluate<Violation[]>('axe.run().then(({ violations }) => violations)');
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary ?? ''}`),
  );
}
