// Measures the scheduler core alone: time and memory a job for several graphs and sizes, and runs bound by licences.
// Run by `npm run bench:core`. The backend is a queue: it takes every job at once and ends jobs one at a time.
import { availableParallelism, cpus, loadavg } from 'node:os';
import { Core, type Action, type CoreEvent } from '../src/core/index.js';
import { buildGraph, type JobGraph } from '../src/graph/index.js';
import type { AttemptId, JobSpec } from '../src/model/index.js';
import { NO_FACTS } from '../src/model/outcome.js';
import { byWeight, rankJobs } from '../src/policy/index.js';
import { makeSpec } from '../test/support/job-spec.js';

const GOAL_US = 5;
const GOAL_BYTES = 600;
const SLOTS = 256;
const LICENCES = 16;
const ROUNDS = 3;
/** Small sizes have more rounds, so that the compiler has as much to go by. */
const JOBS_A_ROW = 300_000;
const ONE_LICENCE = { vcs: 1 };

/** What a graph's job number `i` of `size` depends on. */
type Shape = (i: number, size: number) => readonly number[];

const NONE: readonly number[] = [];
const SHAPES: Readonly<Record<string, Shape>> = {
  independent: () => NONE,
  // 10 builds first, then runs spread over them, then a merge of the runs of each build.
  'builds, runs, merges': (i, size) => {
    if (i < 10) return NONE;
    if (i < size - 10) return [i % 10];
    const build = i - (size - 10);
    const runs: number[] = [];
    for (let run = 10; run < size - 10; run++) if (run % 10 === build) runs.push(run);
    return runs;
  },
  // 100 layers; each job needs three of the layer before.
  layered: (i, size) => {
    const width = Math.ceil(size / 100);
    const layer = Math.floor(i / width);
    if (layer === 0) return NONE;
    const from = (layer - 1) * width;
    return [0, 1, 2].map((step) => from + ((i * 7 + step * 31) % width));
  },
  chain: (i) => (i === 0 ? NONE : [i - 1]),
};

interface Measured {
  /** Wall time of the core from its construction to the end of the run, a job. */
  readonly coreUs: number;
  /** CPU time of the same, the garbage collector's threads included: what a busy machine does not change much. */
  readonly coreCpuUs: number;
  /** CPU time of building and validating the graph, a job. */
  readonly graphCpuUs: number;
  readonly bytes: number;
}

interface Times {
  readonly wallMs: number;
  readonly cpuMs: number;
}

interface SomeLimits {
  readonly run: number | null;
  readonly vcs: number | null;
}

/** Wall and CPU time since it was made, in milliseconds. */
class Stopwatch {
  readonly #wallMs = performance.now();
  readonly #cpu = process.cpuUsage();

  read(): Times {
    const { user, system } = process.cpuUsage(this.#cpu);
    return { wallMs: performance.now() - this.#wallMs, cpuMs: (user + system) / 1000 };
  }
}

function makeJobs(size: number, shape: Shape, resources: Record<string, number> = {}): JobSpec[] {
  return Array.from({ length: size }, (_, i) =>
    makeSpec(`job/${i}`, {
      resources,
      dependencies: shape(i, size).map((dependency) => `job/${dependency}`),
    }),
  );
}

/** Heap and buffers in use, with nothing left to collect. */
function usedBytes(): number {
  if (globalThis.gc === undefined) throw new Error('run with --expose-gc');
  // Twice: what only finalisers and weak tables held goes the second time.
  globalThis.gc();
  globalThis.gc();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

function openCore(graph: JobGraph, limits: SomeLimits): Core {
  const ranking = rankJobs(graph.jobs, byWeight);
  if (ranking.kind === 'invalid') throw new Error(ranking.problem.message);
  return new Core(graph, {
    order: ranking.order,
    backends: { names: ['fake'], of: new Int32Array(graph.jobs.length) },
    limits: { run: limits.run, backends: {}, resources: { vcs: limits.vcs } },
    infraRetries: 2,
    failFast: null,
    reserveAfterMs: 60_000,
    killTimeoutMs: 40_000,
  });
}

/** Runs until `untilEnded` jobs have ended; each submission is answered, and each job ends, in a step of its own. */
class QueueBackend {
  readonly #core: Core;
  /** At most as many as there are slots; ended ones are forgotten, as a backend would. */
  readonly #running: AttemptId[] = [];
  #ended = 0;
  #nowMs = 0;

  constructor(core: Core) {
    this.#core = core;
  }

  start(): void {
    this.#step({ kind: 'start' });
  }

  runUntil(ended: number): void {
    for (; this.#ended < ended; this.#ended++) {
      const id = this.#running.shift();
      if (id === undefined) throw new Error(`nothing runs after ${this.#ended} jobs`);
      // Field by field: a spread would take longer than the core does.
      const { job, attempt } = id;
      this.#nowMs += 0.1;
      this.#step({
        kind: 'jobs-ended',
        ends: [{ job, attempt, outcome: { status: 'passed' }, facts: NO_FACTS }],
      });
    }
  }

  #step(event: CoreEvent): void {
    for (const action of this.#core.step(event, this.#nowMs)) this.#take(action);
  }

  #take(action: Action): void {
    if (action.kind !== 'submit') return;
    this.#running.push(...action.attempts);
    const answers = action.attempts.map(({ job, attempt }) => ({
      job,
      attempt,
      answer: { kind: 'accepted', running: true } as const,
    }));
    this.#step({ kind: 'submit-answered', backend: action.backend, answers });
  }
}

/** Rounds in a row on one graph, then one more for its memory alone: a collection in between makes the compiler start anew. */
function measure(size: number, shape: Shape): Measured {
  const jobs = makeJobs(size, shape);
  const before = usedBytes();
  const graphWatch = new Stopwatch();
  const graph = buildGraph({ jobs, locate: () => undefined }, { backends: new Set(['fake']) });
  const graphTime = graphWatch.read();
  const limits = { run: SLOTS, vcs: null };
  const { wallMs, cpuMs } = bestRun(graph, limits);
  const backend = new QueueBackend(openCore(graph, limits));
  backend.start();
  // Half-way, so that both waiting and ended jobs are in it.
  backend.runUntil(Math.floor(size / 2));
  const bytes = (usedBytes() - before) / size;
  backend.runUntil(size);
  return {
    coreUs: (wallMs * 1000) / size,
    coreCpuUs: (cpuMs * 1000) / size,
    graphCpuUs: (graphTime.cpuMs * 1000) / size,
    bytes,
  };
}

/** The best of several rounds: what the code needs, with least of what else the machine does. */
function bestRun(graph: JobGraph, limits: SomeLimits): Times {
  const size = graph.jobs.length;
  const rounds = Array.from({ length: Math.max(ROUNDS, Math.round(JOBS_A_ROW / size)) }, () => {
    const watch = new Stopwatch();
    const backend = new QueueBackend(openCore(graph, limits));
    backend.start();
    backend.runUntil(size);
    return watch.read();
  });
  return {
    wallMs: Math.min(...rounds.map(({ wallMs }) => wallMs)),
    cpuMs: Math.min(...rounds.map(({ cpuMs }) => cpuMs)),
  };
}

function measureLicenceBound(size: number): void {
  const jobs = makeJobs(size, () => NONE, ONE_LICENCE);
  const graph = buildGraph({ jobs, locate: () => undefined }, { backends: new Set(['fake']) });
  const { wallMs, cpuMs } = bestRun(graph, { run: null, vcs: LICENCES });
  print('licence-bound', size, ((wallMs * 1000) / size).toFixed(2), ((cpuMs * 1000) / size).toFixed(2));
}

function print(...cells: (string | number)[]): void {
  const [first = '', ...rest] = cells.map((cell) =>
    typeof cell === 'number' ? cell.toLocaleString('en') : cell,
  );
  process.stdout.write(`${first.padEnd(24)}${rest.map((cell) => cell.padStart(14)).join('')}\n`);
}

function measureRow(title: string, size: number): Measured {
  const shape = SHAPES[title];
  if (shape === undefined) throw new Error(`no shape ${title}`);
  const row = measure(size, shape);
  print(
    title,
    size,
    row.coreUs.toFixed(2),
    row.coreCpuUs.toFixed(2),
    row.graphCpuUs.toFixed(2),
    row.bytes.toFixed(0),
  );
  return row;
}

const load = loadavg()[0] ?? 0;
process.stdout.write(
  `Node ${process.version}, ${availableParallelism()} x ${cpus()[0]?.model ?? '?'}, load ${load.toFixed(1)}\n` +
    `${SLOTS} slots; each job is submitted, answered and ended in steps of its own; best of ${ROUNDS} or more\n\n`,
);
// So that the first row does not pay for the compiler.
measure(20_000, () => NONE);
print('graph', 'jobs', 'core us', 'core CPU us', 'build CPU us', 'bytes');
const rows = Object.keys(SHAPES).flatMap((title) => [
  measureRow(title, 100_000),
  measureRow(title, 1_000_000),
]);
process.stdout.write('\nflatness\n');
rows.push(...[10_000, 30_000, 300_000].map((size) => measureRow('independent', size)));
process.stdout.write(`\n${LICENCES} licences, unlimited slots\n`);
for (const size of [1000, 4000, 16_000, 64_000, 100_000]) measureLicenceBound(size);
const worstUs = Math.max(...rows.map(({ coreCpuUs }) => coreCpuUs));
const worstBytes = Math.max(...rows.map(({ bytes }) => bytes));
process.stdout.write(
  `\nworst: ${worstUs.toFixed(2)} us of CPU and ${worstBytes.toFixed(0)} bytes a job; ` +
    `goal (${GOAL_US} us, ${GOAL_BYTES} bytes): ${worstUs <= GOAL_US && worstBytes <= GOAL_BYTES ? 'met' : 'NOT met'}; ` +
    `load at the end ${(loadavg()[0] ?? 0).toFixed(1)}\n`,
);
