// Jobs that do what they can to outlive their run, and the ways in which a run or a job comes to its end. Counts what is left.
// Drives the real command; used by the test beside it and by `npm run test:zoo`, which prints the table.
import { once } from 'node:events';
import { regatta, startRegatta, writeJobs, type Started } from '../support/command.js';
import { eventually } from '../support/eventually.js';
import { findProcesses } from '../support/find-processes.js';

/** One kind of job. */
export interface Animal {
  readonly name: string;
  /**
   * Its command, of which `sleep` is what it sleeps by. Shells that wait for it go on after it, so that they are not replaced by it.
   */
  readonly cmd: (sleep: string) => string;
  /** Processes that sleep once it has done what it does. */
  readonly sleepers: number;
}

/** What is kept. */
export const ANIMALS: readonly Animal[] = [
  { name: 'double fork', cmd: (sleep) => `(sh -c '${sleep} & ${sleep}; :' &); ${sleep}; :`, sleepers: 3 },
  { name: 'setsid', cmd: (sleep) => `setsid ${sleep} & ${sleep}; :`, sleepers: 2 },
  {
    name: 'setsid and double fork',
    cmd: (sleep) => `(setsid sh -c '${sleep} & ${sleep}; :' &); ${sleep}; :`,
    sleepers: 3,
  },
  { name: 'ignores SIGTERM', cmd: (sleep) => `trap '' TERM; while :; do ${sleep}; done`, sleepers: 1 },
  {
    name: 'fork chain',
    cmd: (sleep) =>
      `printf 'setsid sh chain.sh ${sleep} &\\nexit 0\\n' > chain.sh; setsid sh chain.sh & ${sleep}; :`,
    sleepers: 1,
  },
  { name: 'closed output', cmd: (sleep) => `exec >&- 2>&- <&-; ${sleep}; :`, sleepers: 1 },
  { name: 'nohup', cmd: (sleep) => `nohup ${sleep} & nohup ${sleep}; :`, sleepers: 2 },
  {
    name: 'children respawn while being killed',
    cmd: (sleep) => `trap '' TERM; (trap '' TERM; while :; do ${sleep}; done) & while :; do ${sleep}; done`,
    sleepers: 2,
  },
  { name: 'empty environment', cmd: (sleep) => `env -i setsid ${sleep} & ${sleep}; :`, sleepers: 2 },
  {
    name: 'empty environment, own session, orphan',
    cmd: (sleep) => `(env -i setsid ${sleep} &); ${sleep}; :`,
    sleepers: 2,
  },
  {
    name: 'stopped (for a process that hears nothing)',
    cmd: (sleep) => `${sleep} & kill -STOP $$; :`,
    sleepers: 1,
  },
];

/** One way to end. */
export interface Death {
  readonly name: string;
  /** Further options of the run. */
  readonly options: readonly string[];
  /** Time limit of each job, in minutes; null: none. */
  readonly limitMins: number | null;
  /** Brings it about; resolves when whoever does it says that it is done. */
  readonly cause: (run: Started, dir: string) => Promise<void>;
}

const bySignal = (name: string, signal: NodeJS.Signals): Death => ({
  name,
  options: [],
  limitMins: null,
  cause: async ({ child, ended }) => {
    child.kill(signal);
    await ended;
  },
});

/** How the run or its jobs come to an end. */
export const DEATHS: readonly Death[] = [
  bySignal('Ctrl-C', 'SIGINT'),
  bySignal('SIGTERM', 'SIGTERM'),
  bySignal('SIGHUP', 'SIGHUP'),
  {
    name: 'SIGKILL of Regatta',
    options: [],
    limitMins: null,
    cause: async ({ child }) => {
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  },
  { name: 'time limit', options: [], limitMins: 1 / 60, cause: async ({ ended }) => void (await ended) },
  {
    name: 'regatta kill',
    options: [],
    limitMins: null,
    cause: async ({ ended }, dir) => {
      await regatta(dir, 'kill');
      await ended;
    },
  },
  {
    name: 'regatta kill of a dead run that kept its jobs',
    options: ['--on-head-death', 'keep'],
    limitMins: null,
    cause: async ({ child }, dir) => {
      child.kill('SIGKILL');
      await once(child, 'exit');
      await regatta(dir, 'kill');
    },
  },
];

/** After the death of Regatta itself its keeper needs a moment; everything else is done when it is said to be done. */
const KEEPER_MS = 2_000;

/**
 * Has all animals in one run die one death.
 * @param base - Number that no other run's sleepers sleep by at the time; each animal has one of its own from there on.
 * @returns Processes that are left of each animal, in the order of `ANIMALS`.
 */
export async function dieTogether(death: Death, dir: string, base: number): Promise<readonly number[]> {
  const marks = ANIMALS.map((_, index) => `${base + index}`);
  const countOf = (mark = ''): number =>
    findProcesses(mark).filter((pid) => pid !== String(process.pid)).length;
  const jobs = writeJobs(
    dir,
    ANIMALS.map(({ name, cmd }, index) => ({
      full_name: name,
      cmd: cmd(`sleep ${marks[index] ?? ''}`),
      ...(death.limitMins === null ? {} : { timeout_mins: death.limitMins }),
    })),
  );
  const options = ['--status', 'none', '--kill-grace', '0.3', ...death.options];
  const run = startRegatta(dir, ['run', jobs, ...options]);
  if (death.limitMins === null) {
    const sleeping = (index: number): number => findProcesses(`sleep\0${marks[index] ?? ''}`).length;
    await eventually('all animals are up', () => ANIMALS.every(({ sleepers }, i) => sleeping(i) >= sleepers));
  }
  await death.cause(run, dir);
  const fromMs = performance.now();
  let left = marks.map(countOf);
  while (left.some((count) => count > 0) && performance.now() - fromMs < KEEPER_MS) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    left = marks.map(countOf);
  }
  return left;
}
