// Measures what the record of a run costs, and how soon an interrupted run goes on. Run by `npm run bench:journal`, which compiles
// first. Runs with and without the record take turns, so that both see the same machine.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describeMachine, median, say } from './support/figures.js';

const JOBS = 100_000;
const BUILDS = 10;
const ROUNDS = 5;
const MOST_PERCENT = 20;
const MOST_BYTES = 300;
const MOST_RESUME_S = 2;

const regatta = fileURLToPath(new URL('../bin/regatta', import.meta.url));
const journaledRun = fileURLToPath(new URL('support/journaled-run.ts', import.meta.url));

function* jobLines(): Generator<string> {
  for (let job = 0; job < JOBS; job++) {
    const build = `b${job % BUILDS}`;
    const isBuild = job < BUILDS;
    yield JSON.stringify({
      full_name: isBuild ? build : `${build}:test_${job}`,
      cmd: isBuild ? 'make build' : `simv +seed=${job}`,
      ...(isBuild ? { target: 'build' } : { seed: job, dependencies: [build] }),
      fake: { duration_s: isBuild ? 30 : 5 },
    });
  }
}

/** Wall time of one run, in seconds. */
function timeRun(list: string, dir: string, record: 'on' | 'off'): number {
  mkdirSync(dir);
  const from = performance.now();
  const { status, stderr } = spawnSync(
    process.execPath,
    ['--import', 'tsx', journaledRun, list, dir, record],
    {
      encoding: 'utf8',
    },
  );
  if (status !== 0) throw new Error(`the run ended with ${String(status)}: ${stderr}`);
  return (performance.now() - from) / 1000;
}

function measureCost(root: string, list: string): void {
  const times = { on: [] as number[], off: [] as number[] };
  let dir = '';
  for (let round = 0; round < ROUNDS; round++) {
    for (const record of ['off', 'on'] as const) {
      if (dir !== '') rmSync(dir, { recursive: true });
      dir = join(root, `${record}-${round}`);
      times[record].push(timeRun(list, dir, record));
    }
  }
  // Neighbours in time, so that a machine that grows slower is no cost of the journal.
  const percent = 100 * (median(times.on.map((on, round) => on / (times.off[round] ?? NaN))) - 1);
  const bytes = statSync(join(dir, 'journal.jsonl')).size / JOBS;
  const jobBytes = statSync(join(dir, 'jobs.jsonl')).size / JOBS;
  say(
    `| journal on beside off, ${JOBS} fake jobs | ${percent.toFixed(0)} % more time | < ${MOST_PERCENT} % |`,
  );
  say(`| journal | ${bytes.toFixed(0)} bytes a job | < ${MOST_BYTES} |`);
  say(`| jobs, kept beside it | ${jobBytes.toFixed(0)} bytes a job | |`);
}

/** From the start of `regatta resume` to the entry by which it goes on, with the last tenth of the ends cut off. */
async function timeResume(runDirectory: string): Promise<number> {
  const journal = join(runDirectory, 'journal.jsonl');
  const text = readFileSync(journal, 'utf8');
  const cut = text.lastIndexOf('\n', Math.floor(text.length * 0.9)) + 1;
  truncateSync(journal, cut);
  const fromMs = Date.now();
  const child = spawn(process.execPath, [regatta, 'resume', runDirectory, '--status', 'none'], {
    stdio: 'ignore',
  });
  await once(child, 'exit');
  const resumed = readFileSync(journal, 'utf8').slice(cut).split('\n', 1)[0] ?? '';
  const { at, do: what } = JSON.parse(resumed) as { at: number; do: string };
  if (what !== 'resume') throw new Error(`the run did not go on: ${resumed}`);
  return (at - fromMs) / 1000;
}

async function measureResume(root: string, list: string): Promise<void> {
  const scratch = join(root, 'scratch');
  const options = ['--backend', 'fake', '--virtual-clock', '--max-parallel', '1000', '--status', 'none'];
  spawnSync(process.execPath, [regatta, 'run', list, ...options, '--scratch-root', scratch]);
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round++)
    times.push(await timeResume(join(scratch, '.regatta', 'latest')));
  say(`| resume of ${JOBS} jobs, until it goes on | ${median(times).toFixed(2)} s | < ${MOST_RESUME_S} s |`);
}

const root = mkdtempSync(join(tmpdir(), 'regatta-bench-'));
try {
  const list = join(root, 'jobs.jsonl');
  writeFileSync(list, [...jobLines(), ''].join('\n'));
  say(describeMachine());
  say('| what | median | goal |\n|---|---|---|');
  measureCost(root, list);
  await measureResume(root, list);
} finally {
  rmSync(root, { recursive: true });
}
