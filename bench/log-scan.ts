// Measures how fast, and in how much memory, a job is judged by a large log, beside grep on the same file.
// Run by `npm run bench:log-scan`, which compiles first. Writes 700 MB to the system's temporary folder, and removes them.
import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type * as Results from '../src/results/index.js';
import type { JobSpec } from '../src/model/index.js';
import { makeSpec } from '../test/support/job-spec.js';
import { describeMachine, median, say } from './support/figures.js';

const MEGABYTE = 1e6;
const ROUNDS = 5;
const SMALL_LOGS = 2000;
const GOAL_MB_PER_S = 400;
const GOAL_GROWTH_MB = 64;

const FAIL_PATTERNS = [
  '^UVM_ERROR\\s[^:].*$',
  '^UVM_FATAL\\s[^:].*$',
  '^UVM_WARNING\\s[^:].*$',
  '^Assert failed: ',
  "^\\s*Offending '.*'",
  '^TEST FAILED (UVM_)?CHECKS$',
  '^Error:.*$',
  '^Error-.*$',
];
const PASS_PATTERNS = ['^TEST PASSED (UVM_)?CHECKS$', 'simulation done$'];

/** The built package: a thread from the sources would first have to load a compiler. */
const built = (await import(new URL('../dist/results/index.js', import.meta.url).href)) as typeof Results;

/** xorshift32, so that every run reads the same log. */
function* randomNumbers(seed: number): Generator<number, never> {
  for (let state = seed; ;) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    yield state;
  }
}

function writeLog(path: string, bytes: number, line: (random: () => number) => string): void {
  const numbers = randomNumbers(20261124);
  const fd = openSync(path, 'w');
  for (let written = 0; written < bytes;) {
    let text = '';
    while (text.length < MEGABYTE) text += line(() => numbers.next().value);
    written += writeSync(fd, text);
  }
  writeSync(fd, '\nTEST PASSED CHECKS\nsimulation done\n');
  closeSync(fd);
}

function simulationLine(random: () => number): string {
  const place = `/proj/dv/env/uart_scoreboard.sv(${random() % 900}) @ ${random()}`;
  return `UVM_INFO ${place}: uvm_test_top.env.scoreboard [uart_scoreboard] item ${random().toString(16)} compared, count ${random() % 1000}\n`;
}

function specOf(logPath: string): JobSpec {
  const patterns = { failPatterns: FAIL_PATTERNS, passPatterns: PASS_PATTERNS };
  return makeSpec('log', { logPath, ...patterns });
}

async function judge(judgement: Results.Judge, logPath: string): Promise<number> {
  const report = { job: 0, attempt: 1, end: { kind: 'exited', exitCode: 0 } } as const;
  const start = performance.now();
  const { outcome } = await judgement.judgeEnd(specOf(logPath), report);
  if (outcome.status !== 'passed') throw new Error(`unexpected ${JSON.stringify(outcome)}`);
  return (performance.now() - start) / 1000;
}

function grep(logPath: string): number {
  const pattern = [...FAIL_PATTERNS, ...PASS_PATTERNS].join('|').replaceAll('\\s', '[[:space:]]');
  const start = performance.now();
  spawnSync('grep', ['-cE', pattern, logPath], { env: { ...process.env, LC_ALL: 'C' } });
  return (performance.now() - start) / 1000;
}

interface Row {
  readonly title: string;
  readonly megabytes: number;
  readonly logPath: string;
}

async function measure(judgement: Results.Judge, { title, megabytes, logPath }: Row): Promise<boolean> {
  const rssBefore = process.memoryUsage().rss;
  let rssPeak = 0;
  const sampler = setInterval(() => (rssPeak = Math.max(rssPeak, process.memoryUsage().rss)), 20);
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    ours.push(await judge(judgement, logPath));
    theirs.push(grep(logPath));
  }
  clearInterval(sampler);
  const speed = megabytes / median(ours);
  const growth = (rssPeak - rssBefore) / MEGABYTE;
  say(
    `${title.padEnd(28)}${speed.toFixed(0).padStart(8)} MB/s${(megabytes / median(theirs)).toFixed(0).padStart(8)} MB/s${growth.toFixed(0).padStart(8)} MB`,
  );
  return speed >= GOAL_MB_PER_S && growth <= GOAL_GROWTH_MB;
}

async function measureSmallLogs(judgement: Results.Judge, dir: string): Promise<void> {
  const paths = Array.from({ length: SMALL_LOGS }, (_, i) => join(dir, `small-${i}.log`));
  for (const path of paths)
    writeFileSync(path, `${'UVM_INFO nothing special\n'.repeat(400)}TEST PASSED CHECKS\nsimulation done\n`);
  const cpuBefore = process.cpuUsage();
  const start = performance.now();
  await Promise.all(paths.map((path) => judge(judgement, path)));
  const perJobUs = ((performance.now() - start) * 1000) / SMALL_LOGS;
  const cpu = process.cpuUsage(cpuBefore);
  const cpuUs = (cpu.user + cpu.system) / SMALL_LOGS;
  say(
    `${SMALL_LOGS} logs of 10 KB: ${perJobUs.toFixed(0)} us a log, ${cpuUs.toFixed(0)} us of CPU on both threads`,
  );
}

const dir = mkdtempSync(join(tmpdir(), 'regatta-bench-'));
try {
  say(describeMachine());
  const lines = join(dir, 'lines.log');
  const oneLine = join(dir, 'one-line.log');
  writeLog(lines, 500 * MEGABYTE, simulationLine);
  writeLog(oneLine, 200 * MEGABYTE, (random) => `${random().toString(36)} data `);
  const judgement = new built.Judge();
  // Starts both threads, so that their own size does not count as growth.
  const large = join(dir, 'warm-up.log');
  writeLog(large, 20 * MEGABYTE, simulationLine);
  await judge(judgement, large);
  say(
    `${'8 fail and 2 pass patterns'.padEnd(28)}${'regatta'.padStart(13)}${'grep -cE'.padStart(13)}${'growth'.padStart(11)}`,
  );
  const met = [
    await measure(judgement, { title: '500 MB of lines', megabytes: 500, logPath: lines }),
    await measure(judgement, { title: 'one line of 200 MB', megabytes: 200, logPath: oneLine }),
  ];
  await measureSmallLogs(judgement, dir);
  await judgement.close();
  say(
    `goal (${GOAL_MB_PER_S} MB/s, growth of ${GOAL_GROWTH_MB} MB): ${met.every(Boolean) ? 'met' : 'NOT met'}`,
  );
} finally {
  rmSync(dir, { recursive: true, force: true });
}
