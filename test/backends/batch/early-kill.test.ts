// Signals that come before a task's job does. A gentle kill that reaches a task while its shell forks the job is lost: the signal is the
// shell's, and the job comes after it. What had not said that its job runs when it was asked to end is asked again; what had is not, for a
// second signal may mean another thing to it. A signal that nobody here sent is no fault of the job's.
import { expect, test } from 'vitest';
import { eventually } from '../../support/eventually.js';
import { PlayedRun } from './played-run.js';

const RUNNING = { kind: 'running' } as const;
const PATIENTLY = { timeoutMs: 60_000 };

test('a kill that comes before the job runs is repeated, one that comes after is not', async () => {
  const run = await PlayedRun.start(2, RUNNING);
  const { asked, backend, ended } = run;
  run.record(1, 'start 1 1.0 node');
  run.record(2, 'start 2 1.0 node', 'launched');

  await backend.kill(run.jobs(2).map(({ job, attempt }) => ({ job, attempt, force: false })));
  expect(asked).toEqual(['[null]']);
  await eventually('the first to be asked again', () => asked.length > 2, PATIENTLY);
  run.record(1, 'launched');
  // What is under way may still go by the record as it was; then once more, and no more.
  const queries = backend.queries;
  await eventually('some more queries', () => backend.queries > queries + 10, PATIENTLY);
  const asks = asked.length;
  await eventually('some more queries', () => backend.queries > queries + 20, PATIENTLY);
  expect(asked).toHaveLength(asks);
  expect(asked.slice(1)).toEqual(asked.slice(1).map(() => '[[1]]'));

  for (const task of [1, 2]) {
    run.complete(task, 'end 143 2.0');
    run.queue.delete(task);
  }
  await eventually('both ends', () => ended.length === 2, PATIENTLY);
  expect(ended.map(({ end }) => end)).toEqual([
    { kind: 'signalled', signal: 'SIGTERM' },
    { kind: 'signalled', signal: 'SIGTERM' },
  ]);
}, 240_000);

test('a job that was ended before it ran is what the engine says of it, and lost where it says nothing', async () => {
  const run = await PlayedRun.start(3, RUNNING);
  run.complete(1, 'start 1 1.0 node', 'end 143 1.5');
  run.complete(2, 'start 2 1.0 node', 'end 143 1.5');
  run.complete(3, 'start 3 1.0 node', 'end 2 1.5');
  run.queue.set(1, { kind: 'ended', end: { kind: 'cancelled', by: 'root' } });
  run.queue.set(2, { kind: 'ended', end: { kind: 'unknown' } });
  await eventually('three ends', () => run.ended.length === 3, PATIENTLY);
  expect(run.ended.toSorted((a, b) => a.job - b.job).map(({ end }) => end)).toEqual([
    {
      kind: 'declared',
      outcome: {
        status: 'killed',
        reason: { kind: 'stopped', by: { kind: 'user', by: 'root, by a command of Played' } },
      },
    },
    { kind: 'lost', message: 'it was ended by SIGTERM before it began' },
    { kind: 'not-launched', message: 'cannot start the job on node: exit code 2' },
  ]);
}, 60_000);

test('a task that the engine holds after a failed launch is cancelled, and lost', async () => {
  const run = await PlayedRun.start(2, RUNNING);
  run.queue.set(2, { kind: 'held', reason: 'no launch', isLaunchFailure: true });
  await eventually('the second to be cancelled', () => run.cancelled.includes('[[2]]'), PATIENTLY);
  expect(run.ended).toEqual([]);
  run.queue.delete(2);
  await eventually('its end', () => run.ended.length === 1, PATIENTLY);
  expect(run.ended).toEqual([{ job: 1, attempt: 1, end: { kind: 'lost', message: 'Played: no launch' } }]);
  expect(run.cancelled.every((targets) => targets === '[[2]]')).toBe(true);
}, 240_000);

test('a job that died by a signal ended when its record said so, not when the engine had been asked why', async () => {
  const run = await PlayedRun.start(1, RUNNING);
  run.complete(1, 'start 1 1.0 node', 'launched', 'end 139 1.5');
  await eventually('its end', () => run.ended.length === 1, PATIENTLY);
  const [report] = run.ended;
  expect(report?.end).toEqual({ kind: 'signalled', signal: 'SIGSEGV' });
  expect(Date.now() - (report?.endedAtMs ?? Infinity)).toBeGreaterThanOrEqual(50);
}, 60_000);
