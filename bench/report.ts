// Measures what reports of a run of 50,000 jobs cost: time and size of each format, and how soon the page can be used.
// Run by `npm run bench:report`; the browser is looked for where Debian's package `chromium` puts it.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';
import { formatResultsJson } from '../src/results/results-json.js';
import type { JobResult } from '../src/results/schema.js';
import { createRandom } from '../src/util/random.js';
import { failedWith, makeJobResult, makeResults } from '../test/support/job-result.js';
import { describeMachine, median, say } from './support/figures.js';

const JOBS = 50_000;
const SLOTS = 200;
const ROUNDS = 3;
const MOST_MS = 3000;
const MOST_HTML_MB = 15;
const MOST_USABLE_MS = 2000;
const CHROMIUM = '/usr/bin/chromium';
const REGATTA = new URL('../bin/regatta', import.meta.url).pathname;

const BLOCKS = ['uart', 'spi_host', 'i2c', 'aes/masked', 'hmac', 'otp_ctrl', 'flash_ctrl', 'entropy_src'];
const TESTS = ['smoke', 'stress_all', 'csr_rw', 'random', 'fifo_full', 'intr_test', 'reset', 'alias'];
const START_MS = Date.UTC(2026, 10, 24, 2);

/** A run such as a nightly leaves: one job in thirty fails, in five ways. */
function makeJobs(): JobResult[] {
  const random = createRandom(20261124);
  return Array.from({ length: JOBS }, (_, i) => {
    const block = BLOCKS[i % BLOCKS.length] ?? '';
    const name = `${block.replace('/', '_')}_${TESTS[Math.floor(random() * TESTS.length)] ?? ''}`;
    const seed = Math.floor(random() * 2 ** 32);
    const qualName = `${i}.${name}.${seed}`;
    const runMs = Math.floor(1000 + random() * 120_000);
    const startMs = START_MS + Math.floor(i / SLOTS) * 60_000;
    const odir = `/nightly/scratch/main/${block.replace('/', '-')}-sim-vcs/${qualName}`;
    const message = `UVM_ERROR /p/sb.sv(${i}) @ ${runMs}ns: top.env.sb [SB] mismatch ${'abcde'[i % 5] ?? ''}: exp 0x${seed.toString(16)}`;
    return makeJobResult(`${block}:${qualName}`, {
      ...{
        name,
        qual_name: qualName,
        block,
        seed,
        odir,
        log_path: `${odir}/run.log`,
        tool: 'vcs',
        backend: 'lsf',
      },
      ...{ queued_s: i / SLOTS, job_runtime_s: runMs / 1000, simulated_time_us: random() * 1e6 },
      ...{ cpu_s: Math.floor(runMs * random()) / 1000, max_rss_kib: Math.floor(random() * 4e6) },
      started_at: new Date(startMs).toISOString(),
      ended_at: new Date(startMs + runMs).toISOString(),
      ...(i % 30 === 7 &&
        failedWith(message, {
          line: (i % 9000) + 1,
          context: ['a', 'b', 'c', 'd'].map((c) => c.repeat(70)),
        })),
    });
  });
}

function timeReport(run: string, format: string): number {
  const times = Array.from({ length: ROUNDS }, () => {
    const start = performance.now();
    const output = join(run, `report.${format}`);
    execFileSync(REGATTA, ['report', run, '--format', format, '--output', output], { stdio: 'pipe' });
    return performance.now() - start;
  });
  return median(times);
}

/** Milliseconds from the command to load the page until a filter that was set has narrowed the list. */
async function timePage(file: string): Promise<{ usableMs: number; filterMs: number }> {
  const browser = await chromium.launch({
    executablePath: CHROMIUM,
    chromiumSandbox: process.getuid?.() !== 0,
  });
  try {
    const usable: number[] = [];
    const filter: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const page = await browser.newPage();
      const start = performance.now();
      await page.goto(pathToFileURL(file).href);
      await page.locator('select[name=status]').selectOption('1');
      await page
        .locator('.filters output')
        .filter({ hasNotText: `${JOBS} of ` })
        .waitFor();
      usable.push(performance.now() - start);
      const second = performance.now();
      await page.locator('input[type=search]').fill('mismatch c');
      await page.locator('.jobs .row').first().waitFor();
      filter.push(performance.now() - second);
      await page.close();
    }
    return { usableMs: median(usable), filterMs: median(filter) };
  } finally {
    await browser.close();
  }
}

function judge(what: string, value: number, most: number): void {
  const isFine = value <= most;
  say(`${what}: ${value.toFixed(value < 100 ? 1 : 0)} (most ${most}): ${isFine ? 'ok' : 'TOO MUCH'}`);
  if (!isFine) process.exitCode = 1;
}

const run = mkdtempSync(join(tmpdir(), 'regatta-bench-'));
try {
  writeFileSync(join(run, 'results.json'), [...formatResultsJson(makeResults(makeJobs()))].join(''));
  say(describeMachine());
  for (const format of ['html', 'md', 'json', 'junit', 'csv']) {
    judge(`${format}, ms`, timeReport(run, format), MOST_MS);
    say(`${format}, MB: ${(statSync(join(run, `report.${format}`)).size / 1e6).toFixed(1)}`);
  }
  judge('html, MB', statSync(join(run, 'report.html')).size / 1e6, MOST_HTML_MB);
  if (existsSync(CHROMIUM)) {
    const { usableMs, filterMs } = await timePage(join(run, 'report.html'));
    judge('page usable and filtered, ms', usableMs, MOST_USABLE_MS);
    say(`a search, ms: ${filterMs.toFixed(0)}`);
  } else {
    say(`no ${CHROMIUM}: the page was not opened`);
  }
} finally {
  rmSync(run, { recursive: true, force: true });
}
