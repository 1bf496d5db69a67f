// What the tests of engines' words have in common: a scope, answers of programs, submissions. Knows no engine.
import type {
  BatchEngine,
  CommandAnswer,
  QueryReply,
  TaskDemand,
} from '../../../src/backends/batch/engine.js';

/** The scope of the samples: arrays of ours are named `rgt-x-<n>`. */
export const SCOPE = { namePrefix: 'rgt-x-', user: 'ann' };

export function said(stdout: string): CommandAnswer {
  return { exitCode: 0, stdout, stderr: '' };
}

export function complained(stderr: string, exitCode = 1): CommandAnswer {
  return { exitCode, stdout: '', stderr: `${stderr}\n` };
}

const NOTHING: TaskDemand = {
  cpus: null,
  memoryMib: null,
  timeLimitMins: null,
  licences: {},
  options: {},
  extraArgs: [],
};

/** Everything a task can ask for, but options. */
export const MUCH: Partial<TaskDemand> = {
  cpus: 4,
  memoryMib: 2048,
  timeLimitMins: 65,
  licences: { vcs: 1, verdi: 2 },
};

/** How an engine words the submission of `taskCount` tasks. */
export function submissionOf(
  engine: BatchEngine,
  taskCount: number,
  demand: Partial<TaskDemand> = {},
): ReturnType<BatchEngine['submit']> {
  return engine.submit({
    name: 'rgt-x-1',
    taskCount,
    script: '/run/1/script',
    directory: '/run/1',
    demand: { ...NOTHING, ...demand },
  });
}

/** States by `id/task`, of an answer without garbage. */
export function statesIn(reply: QueryReply): Readonly<Record<string, unknown>> {
  if (reply.kind !== 'answered' || reply.garbled > 0) throw new Error(JSON.stringify(reply));
  const states = reply.reports.flatMap(({ id, tasks, state }) =>
    tasks.map((task) => [`${id}/${task}`, state] as const),
  );
  return Object.fromEntries(states);
}
