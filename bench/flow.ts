// Measures how long a flow config takes from the start of a process to its printed jobs, and how much memory.
// Run by `npm run bench:flow`, which compiles first. Wants the project at ../shared/opentitan, or in the variable
// REGATTA_BENCH_PROJECT.
import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describeMachine, median, say } from './support/figures.js';

interface Case {
  readonly title: string;
  readonly config: string;
  readonly items: readonly string[];
  readonly mostS: number;
  readonly mostMb: number;
}

const CASES: readonly Case[] = [
  {
    title: 'top-level nightly',
    config: 'hw/top_earlgrey/dv/top_earlgrey_sim_cfgs.hjson',
    items: ['nightly'],
    mostS: 3,
    mostMb: 400,
  },
  {
    title: 'uart smoke',
    config: 'hw/ip/uart/dv/uart_sim_cfg.hjson',
    items: ['smoke'],
    mostS: 0.4,
    mostMb: 400,
  },
];

const RUNS = 5;
const root = fileURLToPath(new URL('..', import.meta.url));
const project =
  process.env['REGATTA_BENCH_PROJECT'] ?? fileURLToPath(new URL('../../shared/opentitan', import.meta.url));

/** Loaded before the command: says at its exit how much memory it took. */
const REPORT_MEMORY = `data:text/javascript,process.on('exit',()=>process.stderr.write(String(process.resourceUsage().maxRSS)))`;

interface Measurement {
  readonly seconds: number;
  readonly megabytes: number;
  readonly jobs: number;
}

function measure({ config, items }: Case): Measurement {
  const dir = mkdtempSync(join(tmpdir(), 'regatta-bench-'));
  try {
    const printed = join(dir, 'jobs.json');
    const output = openSync(printed, 'w');
    const places = ['--proj-root', project, '--branch', 'bench', '--scratch-root', join(dir, 'scratch')];
    const start = performance.now();
    const child = spawnSync(
      process.execPath,
      [
        ...['--import', REPORT_MEMORY, join(root, 'bin/regatta'), 'graph', join(project, config)],
        ...['--items', ...items, '--format', 'json', '--log-level', 'error', ...places],
      ],
      { cwd: project, stdio: ['ignore', output, 'pipe'], encoding: 'utf8' },
    );
    const seconds = (performance.now() - start) / 1000;
    closeSync(output);
    if (child.status !== 0) throw new Error(`the graph of ${config} failed:\n${child.stderr}`);
    const { jobs } = JSON.parse(readFileSync(printed, 'utf8')) as { readonly jobs: readonly unknown[] };
    return { seconds, megabytes: Number(child.stderr) / 1024, jobs: jobs.length };
  } finally {
    rmSync(dir, { recursive: true });
  }
}

function report(one: Case): boolean {
  const runs = Array.from({ length: RUNS }, () => measure(one));
  const seconds = median(runs.map((run) => run.seconds));
  const megabytes = median(runs.map((run) => run.megabytes));
  const isGood = seconds <= one.mostS && megabytes <= one.mostMb;
  process.stdout.write(
    `${one.title}: ${runs[0]?.jobs ?? 0} jobs, ${seconds.toFixed(2)} s (at most ${one.mostS}), ` +
      `${megabytes.toFixed(0)} MB (at most ${one.mostMb}): ${isGood ? 'good' : 'TOO MUCH'}\n`,
  );
  return isGood;
}

if (existsSync(project)) {
  say(`${describeMachine()}; median of ${RUNS}`);
  const results = CASES.map(report);
  process.exitCode = results.every(Boolean) ? 0 : 1;
} else {
  process.stderr.write(`no project at ${project}: set REGATTA_BENCH_PROJECT to an OpenTitan checkout\n`);
  process.exitCode = 2;
}
