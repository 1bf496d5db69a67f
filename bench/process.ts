// Measures whole processes: start-up, and 100,000 fake jobs from a JSONL file to results.json, exit included.
// Run by `npm run bench:process`, which compiles first.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describeMachine, median, say } from './support/figures.js';

const ROUNDS = 7;
const JOBS = 100_000;
const BUILDS = 10;
const START_GOAL_MS = 80;
const RUN_GOAL_S = 4;
const RUN_GOAL_MB = 400;
const TIME_TOOL = '/usr/bin/time';

const regatta = fileURLToPath(new URL('../bin/regatta', import.meta.url));

function timeMs(args: readonly string[]): number {
  const from = performance.now();
  execFileSync(process.execPath, args, { stdio: 'ignore' });
  return performance.now() - from;
}

/** Start-up beside bare Node, in turns, so that both see the same machine. */
function measureStart(): void {
  const overMs = Array.from({ length: ROUNDS }, () => timeMs([regatta, '--version']) - timeMs(['-e', '0']));
  say(`| regatta --version over node -e 0 | ${median(overMs).toFixed(0)} ms | < ${START_GOAL_MS} ms |`);
}

function* jobLines(): Generator<string> {
  for (let build = 0; build < BUILDS; build++) {
    yield JSON.stringify({
      full_name: `b${build}`,
      target: 'build',
      cmd: 'make build',
      fake: { duration_s: 30 },
    });
  }
  for (let run = 0; run < JOBS - BUILDS; run++) {
    const build = `b${run % BUILDS}`;
    yield JSON.stringify({
      full_name: `${build}:test_${run}`,
      cmd: `simv +seed=${run}`,
      seed: run,
      dependencies: [build],
      fake: { duration_s: 5 },
    });
  }
}

function measureRun(): void {
  const dir = mkdtempSync(join(tmpdir(), 'regatta-bench-'));
  try {
    const list = join(dir, 'jobs.jsonl');
    writeFileSync(list, [...jobLines(), ''].join('\n'));
    const args = [regatta, 'run', list, '--backend', 'fake', '--virtual-clock', '--max-parallel', '1000'];
    const quiet = ['--status', 'none', '--scratch-root', join(dir, 'scratch')];
    const runs = Array.from({ length: 3 }, () => {
      const from = performance.now();
      const timed = existsSync(TIME_TOOL) ? [TIME_TOOL, '-f', '%M', process.execPath] : [process.execPath];
      const [command = '', ...rest] = [...timed, ...args, ...quiet];
      const { status, stderr } = spawnSync(command, rest, {
        encoding: 'utf8',
        stdio: ['ignore', 'ignore', 'pipe'],
      });
      if (status !== 0) throw new Error(`the run ended with ${status}: ${stderr}`);
      return { s: (performance.now() - from) / 1000, mb: Number(stderr.trim()) / 1024 };
    });
    const memory = existsSync(TIME_TOOL)
      ? `${median(runs.map(({ mb }) => mb)).toFixed(0)} MB`
      : 'not measured';
    say(
      `| ${JOBS} fake jobs, JSONL to results.json | ${median(runs.map(({ s }) => s)).toFixed(2)} s, ${memory} | <= ${RUN_GOAL_S} s, <= ${RUN_GOAL_MB} MB |`,
    );
  } finally {
    rmSync(dir, { recursive: true });
  }
}

say(describeMachine());
say('| what | median | goal |\n|---|---|---|');
measureStart();
measureRun();
