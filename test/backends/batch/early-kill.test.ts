// A gentle kill that reaches a task while its shell forks the job is lost: the signal is the shell's, and the job comes after it. What had
// not said that its job runs when it was asked to end is asked again; what had is not, for a second signal may mean another thing to it.
import { appendFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  BatchBackend,
  DEFAULT_BATCH_SETTINGS,
  demandOf,
  type BatchEngine,
} from '../../../src/backends/batch/index.js';
import { RealClock } from '../../../src/driver/real-clock.js';
import type { EndReport } from '../../../src/model/backend.js';
import { eventually } from '../../support/eventually.js';
import { makeSpec } from '../../support/job-spec.js';
import { makeTempDir } from '../../support/temp-dir.js';

/** An engine that takes any array, says that tasks run, and keeps which it is asked to end; the test plays the tasks. */
function makeEngine(running: ReadonlySet<number>, asked: string[]): BatchEngine {
  const nothing = { program: 'true', args: [] };
  return {
    name: 'played',
    title: 'Played',
    programs: [],
    options: {},
    taskVariable: 'PLAYED_TASK',
    ownVariables: /^PLAYED_/,
    probe: nothing,
    readProbe: () => ({ kind: 'answered', arrayLimit: null, facts: [] }),
    submit: () => ({ command: nothing }),
    readSubmit: () => ({ kind: 'submitted', id: '7' }),
    query: () => nothing,
    readQuery: () => ({
      kind: 'answered',
      reports: [...running].map((task) => ({
        id: '7',
        arrayName: null,
        tasks: [task],
        state: { kind: 'running' },
      })),
      garbled: 0,
    }),
    history: null,
    askToEnd: (targets) => {
      asked.push(JSON.stringify(targets.map(({ tasks }) => tasks)));
      return [];
    },
    cancel: () => [],
  };
}

test('a kill that comes before the job runs is repeated, one that comes after is not', async () => {
  const dir = makeTempDir();
  const running = new Set([1, 2]);
  const asked: string[] = [];
  const ended: EndReport[] = [];
  const backend = new BatchBackend({
    engine: makeEngine(running, asked),
    runId: 'early',
    directory: join(dir, 'batch'),
    clock: new RealClock(),
    killGraceMs: 3_600_000,
    demandOf: (spec) => demandOf(DEFAULT_BATCH_SETTINGS, spec),
    pace: { minQueryMs: 5, maxQueryMs: 20, cancelAgainMs: 1 },
  });
  await backend.open({ started: () => undefined, ended: (reports) => ended.push(...reports) });
  const jobs = [0, 1].map((job) => ({
    job,
    attempt: 1,
    spec: makeSpec(`job${job}`, { odir: join(dir, String(job)), logPath: join(dir, String(job), 'log') }),
  }));
  await backend.submit(jobs);
  const record = (task: number): string => join(dir, 'batch', 'spool', `1-${task}.run`);
  writeFileSync(record(1), 'start 1 1.0 node\n');
  writeFileSync(record(2), 'start 2 1.0 node\nlaunched\n');

  await backend.kill(jobs.map(({ job, attempt }) => ({ job, attempt, force: false })));
  expect(asked).toEqual(['[null]']);
  await eventually('the first to be asked again', () => asked.length > 2);
  appendFileSync(record(1), 'launched\n');
  // What is under way may still go by the record as it was; then once more, and no more.
  const queries = backend.queries;
  await eventually('some more queries', () => backend.queries > queries + 10);
  const asks = asked.length;
  await eventually('some more queries', () => backend.queries > queries + 20);
  expect(asked).toHaveLength(asks);
  expect(asked.slice(1)).toEqual(asked.slice(1).map(() => '[[1]]'));

  for (const task of [1, 2]) {
    appendFileSync(record(task), 'end 143 2.0\n');
    renameSync(record(task), record(task).replace(/run$/, 'end'));
    running.delete(task);
  }
  await eventually('both ends', () => ended.length === 2);
  expect(ended.map(({ end }) => end)).toEqual([
    { kind: 'signalled', signal: 'SIGTERM' },
    { kind: 'signalled', signal: 'SIGTERM' },
  ]);
  await backend.close();
});
