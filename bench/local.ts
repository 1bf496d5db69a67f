// Measures how fast jobs of no length are run on this machine, beside the build tools found here, and what waiting costs.
// Run by `npm run bench:local`, which compiles first. Linux only: reads /proc.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type * as Backends from '../src/backends/index.js';
import type { JobSpec } from '../src/model/index.js';
import { makeSpec } from '../test/support/job-spec.js';
import { describeMachine, median, say } from './support/figures.js';

const JOBS = 2000;
const SLOTS = 16;
const ROUNDS = 5;
const TURNS = 300;
const TURN_GOAL_MS = 3;
const SLEEPERS = 50;
const SLEEP_S = 20;
/** All jobs have started by then: what is measured is waiting, to shortly before they end. */
const SETTLE_MS = 3_000;
const IDLE_MS = 15_000;
const IDLE_GOAL_PERCENT = 0.1;

const root = fileURLToPath(new URL('..', import.meta.url));
const regatta = join(root, 'bin', 'regatta');
const { LocalBackend } = (await import(
  pathToFileURL(join(root, 'dist/backends/index.js')).href
)) as typeof Backends;

/** GNU parallel starts a Perl shell a job; all of them would take half of the time of this benchmark. */
const SLOW_JOBS = 200;

/** Jobs per second of one round; undefined where the program is not installed. */
type Contestant = (dir: string) => number | undefined | Promise<number>;

interface Program {
  readonly dir: string;
  readonly args: readonly string[];
  /** Default `JOBS`. */
  readonly jobs?: number;
}

function timeProgram(program: string, { dir, args, jobs = JOBS }: Program): number | undefined {
  const from = performance.now();
  const { status, error } = spawnSync(program, args, { cwd: dir, stdio: ['ignore', 'ignore', 'inherit'] });
  if ((error as NodeJS.ErrnoException | undefined)?.code === 'ENOENT') return undefined;
  if (status !== 0) throw new Error(`${program} ended with ${String(status)}`);
  return (1000 * jobs) / (performance.now() - from);
}

function writeLines(path: string, line: (index: number) => string): void {
  writeFileSync(path, Array.from({ length: JOBS }, (_, index) => `${line(index)}\n`).join(''));
}

function specOf(dir: string, index: number): JobSpec {
  const name = `job-${index}`;
  const odir = join(dir, name);
  return makeSpec(name, { odir, logPath: join(odir, 'run.log'), linksDir: dir });
}

/** The backend alone, kept full by the shortest loop there is. */
async function runBackend(dir: string): Promise<number> {
  const backend = new LocalBackend({ runId: `bench-${process.pid}` });
  let submitted = 0;
  let ended = 0;
  const { promise, resolve, reject } = makeDeferred();
  const fill = (count: number): void => {
    const first = submitted;
    submitted = Math.min(JOBS, submitted + count);
    const batch = Array.from({ length: submitted - first }, (_, offset) => {
      return { job: first + offset, attempt: 1, spec: specOf(dir, first + offset) };
    });
    if (batch.length === 0) return;
    backend.submit(batch).then((answers) => {
      const refused = answers.find(({ kind }) => kind !== 'accepted');
      if (refused !== undefined) reject(new Error(JSON.stringify(refused)));
    }, reject);
  };
  await backend.open({
    started: () => undefined,
    ended: (reports) => {
      ended += reports.length;
      if (ended === JOBS) resolve();
      else fill(reports.length);
    },
  });
  const from = performance.now();
  fill(SLOTS);
  await promise;
  const rate = (1000 * JOBS) / (performance.now() - from);
  await backend.close();
  return rate;
}

interface Deferred {
  readonly promise: Promise<void>;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

function makeDeferred(): Deferred {
  let resolve = (): void => undefined;
  let reject: (error: unknown) => void = () => undefined;
  const promise = new Promise<void>((onDone, onError) => {
    resolve = onDone;
    reject = onError;
  });
  return { promise, resolve, reject };
}

function runNinja(dir: string, command: string): number | undefined {
  writeLines(join(dir, 'edges'), (index) => `build job-${index}: run`);
  writeFileSync(join(dir, 'build.ninja'), `rule run\n  command = ${command}\ninclude edges\n`);
  return timeProgram('ninja', { dir, args: [`-j${SLOTS}`] });
}

const CONTESTANTS: Readonly<Record<string, Contestant>> = {
  'local backend': runBackend,
  'regatta run, start and results included': (dir) => {
    writeLines(join(dir, 'jobs.jsonl'), (index) =>
      JSON.stringify({ full_name: `job-${index}`, cmd: 'true' }),
    );
    const args = ['run', 'jobs.jsonl', '-mp', String(SLOTS), '-sr', join(dir, 'scratch'), '--status', 'none'];
    return timeProgram(process.execPath, { dir, args: [regatta, ...args] });
  },
  ninja: (dir) => runNinja(dir, 'true'),
  'ninja, a directory and a log a job': (dir) => runNinja(dir, 'mkdir $out && true >$out/run.log 2>&1'),
  make: (dir) => {
    writeLines(join(dir, 'rules'), (index) => `all: job-${index}\njob-${index}:\n\t@true`);
    writeFileSync(join(dir, 'Makefile'), 'all:\ninclude rules\n');
    return timeProgram('make', { dir, args: [`-j${SLOTS}`] });
  },
  xargs: (dir) => {
    writeLines(join(dir, 'words'), (index) => `job-${index}`);
    return timeProgram('xargs', { dir, args: ['-a', 'words', `-P${SLOTS}`, '-n1', 'true'] });
  },
  'GNU parallel': (dir) => {
    const words = Array.from({ length: SLOW_JOBS }, (_, index) => `job-${index}`);
    return timeProgram('parallel', { dir, args: [`-j${SLOTS}`, 'true', ':::', ...words], jobs: SLOW_JOBS });
  },
};

/** In turns, so that all see the same machine; medians of the rounds. */
async function measureThroughput(dir: string): Promise<boolean> {
  const rates = new Map(Object.keys(CONTESTANTS).map((name) => [name, [] as number[]]));
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, contestant] of Object.entries(CONTESTANTS)) {
      // Removed only at the end: ext4 makes files several times slower for a while after many were removed.
      const place = join(dir, `${round}-${name}`);
      mkdirSync(place);
      const rate = await contestant(place);
      if (rate !== undefined) rates.get(name)?.push(rate);
    }
  }
  const ninja = median(rates.get('ninja') ?? []);
  const ours = median(rates.get('local backend') ?? []);
  const goal = Number.isNaN(ninja) ? 'no ninja here' : `>= ninja's, ${ninja.toFixed(0)}/s`;
  for (const [name, list] of rates) {
    const figure = list.length === 0 ? 'not found here' : `${median(list).toFixed(0)} jobs/s`;
    say(`| ${JOBS} x true at ${SLOTS}: ${name} | ${figure} | ${name === 'local backend' ? goal : ''} |`);
  }
  return !(ours < ninja);
}

/** At one slot, from one job's reading of the clock to the next one's: the length of both processes included. */
function measureTurns(dir: string): boolean {
  const list = join(dir, 'turns.jsonl');
  const logOf = (index: number): string => join(dir, 'turns', `${index}.log`);
  const lines = Array.from({ length: TURNS }, (_, index) =>
    JSON.stringify({ full_name: `turn-${index}`, cmd: 'date +%s%N', log_path: logOf(index) }),
  );
  writeFileSync(list, lines.join('\n'));
  const args = ['run', list, '-mp', '1', '-sr', join(dir, 'turns', 'scratch'), '--status', 'none'];
  timeProgram(process.execPath, { dir, args: [regatta, ...args] });
  const timesNs = lines.map((_, index) => BigInt(readFileSync(logOf(index), 'utf8').trim()));
  const turn = median(gapsMs(timesNs));
  const loop = spawnSync('sh', ['-c', `i=0; while [ $((i += 1)) -le ${TURNS} ]; do date +%s%N; done`]);
  const shell = median(gapsMs(loop.stdout.toString().trim().split('\n').map(BigInt)));
  say(
    `| completion to next start at one slot, p50, whole processes (a shell's loop: ${shell.toFixed(1)} ms) | ${turn.toFixed(1)} ms | < ${TURN_GOAL_MS} ms |`,
  );
  return turn < TURN_GOAL_MS;
}

function gapsMs(timesNs: readonly bigint[]): number[] {
  return timesNs.slice(1).map((time, index) => Number(time - (timesNs[index] ?? time)) / 1e6);
}

/** Processor time of the run's process and its launcher, all threads, while jobs sleep. */
async function measureIdle(dir: string): Promise<boolean> {
  const list = join(dir, 'sleepers.jsonl');
  const lines = Array.from({ length: SLEEPERS }, (_, index) =>
    JSON.stringify({ full_name: `sleeper-${index}`, cmd: `sleep ${SLEEP_S}` }),
  );
  writeFileSync(list, lines.join('\n'));
  const quiet = ['-mp', String(SLEEPERS), '-sr', join(dir, 'sleepers'), '--status', 'none'];
  // As users start it, for its first line has a flag; with this Node.
  const path = `${dirname(process.execPath)}:${process.env['PATH'] ?? ''}`;
  const run = spawn(regatta, ['run', list, ...quiet], {
    stdio: 'ignore',
    env: { ...process.env, PATH: path },
  });
  const exit = once(run, 'exit');
  await delay(SETTLE_MS);
  const pids = [run.pid ?? 0, ...listChildren(run.pid ?? 0)];
  const before = sumCpuNs(pids);
  await delay(IDLE_MS);
  const percent = (sumCpuNs(pids) - before) / 1e4 / IDLE_MS;
  run.kill('SIGTERM');
  await exit;
  say(`| ${SLEEPERS} x sleep: our processor time | ${percent.toFixed(3)} % | <= ${IDLE_GOAL_PERCENT} % |`);
  return percent <= IDLE_GOAL_PERCENT;
}

function listChildren(pid: number): number[] {
  const threads = readdirSync(`/proc/${pid}/task`);
  return threads.flatMap((thread) => {
    const text = readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').trim();
    return text === '' ? [] : text.split(' ').map(Number);
  });
}

function sumCpuNs(pids: readonly number[]): number {
  let sum = 0;
  for (const pid of pids) {
    for (const thread of readdirSync(`/proc/${pid}/task`)) {
      sum += Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]);
    }
  }
  return sum;
}

const dir = mkdtempSync(join(tmpdir(), 'regatta-bench-'));
try {
  say(`${describeMachine()}; median of ${ROUNDS} rounds in turns`);
  say('| what | measured | goal |\n|---|---|---|');
  const goals = [await measureThroughput(dir), measureTurns(dir), await measureIdle(dir)];
  process.exitCode = goals.every(Boolean) ? 0 : 1;
} finally {
  rmSync(dir, { recursive: true });
}
