// What it costs to watch 500 jobs that run on a real Slurm: CPU time, and how often Slurm is asked.
// Needs root; starts a Slurm of its own and stops it. Usage: npm run bench:slurm-watch [-- SECONDS]
import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describeMachine, say } from './support/figures.js';
import { REGATTA, withSlurm } from './support/slurm.js';

const JOBS = 500;

/** Clock ticks of /proc a second. */
const TICKS = 100;

const seconds = Number(process.argv[2] ?? 60);

/** Puts a program before squeue that counts its calls; tells how many they are. */
function countQueries(dir: string): () => number {
  const queries = join(dir, 'queries');
  const front = join(dir, 'front');
  mkdirSync(front);
  const real = execFileSync('which', ['squeue'], { encoding: 'utf8' }).trim();
  writeFileSync(join(front, 'squeue'), `#!/bin/sh\necho >>'${queries}'\nexec '${real}' "$@"\n`);
  chmodSync(join(front, 'squeue'), 0o755);
  process.env.PATH = `${front}:${process.env.PATH ?? ''}`;
  return () => (existsSync(queries) ? readFileSync(queries, 'utf8').length : 0);
}

/** CPU time of a process, and of those of its children that have ended, in seconds. */
function readCpu(pid: number): { readonly own: number; readonly children: number } {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ').map(Number) ?? [];
  const [user = 0, system = 0, childrenUser = 0, childrenSystem = 0] = fields.slice(11);
  return { own: (user + system) / TICKS, children: (childrenUser + childrenSystem) / TICKS };
}

/** Starts on record: their entries hold two numbers a job. */
function countStarts(journal: string): number {
  if (!existsSync(journal)) return 0;
  const entries = readFileSync(journal, 'utf8').matchAll(/"do":"run","jobs":\[([^\]]*)\]/g);
  return Array.from(entries, ([, jobs = '']) => jobs.split(',').length / 2).reduce(
    (sum, some) => sum + some,
    0,
  );
}

async function watchJobs(dir: string): Promise<void> {
  const queriesSoFar = countQueries(dir);
  const jobs = Array.from({ length: JOBS }, (_, i) => ({ name: `job${i}`, cmd: 'sleep 3600' }));
  const list = join(dir, 'jobs.json');
  writeFileSync(list, JSON.stringify({ jobs }));
  const scratch = join(dir, 'scratch');
  const args = [REGATTA, 'run', list, '--backend', 'slurm', '--status', 'none', '--scratch-root', scratch];
  const child = spawn(process.execPath, args, { stdio: 'ignore' });
  const ended = once(child, 'exit');
  const journal = join(scratch, '.regatta', 'latest', 'journal.jsonl');
  const isRunning = (): boolean => countStarts(journal) >= JOBS;
  try {
    while (!isRunning()) await delay(500);
    // The interval grows to its longest while nothing happens.
    await delay(10_000);
    const { pid = 0 } = child;
    const [cpu, asked, startedAt] = [readCpu(pid), queriesSoFar(), performance.now()];
    await delay(seconds * 1000);
    const after = readCpu(pid);
    const tookS = (performance.now() - startedAt) / 1000;
    const share = (from: number, to: number): string => `${(((to - from) / tookS) * 100).toFixed(2)} %`;
    say(describeMachine());
    say(
      `${JOBS} jobs running, ${tookS.toFixed(0)} s: Regatta ${share(cpu.own, after.own)} of a CPU, its queries ` +
        `${share(cpu.children, after.children)}; ${queriesSoFar() - asked} queries`,
    );
  } finally {
    child.kill('SIGINT');
    await ended;
  }
}

await withSlurm({ SLURM_CPUS: String(JOBS / 2) }, watchJobs);
