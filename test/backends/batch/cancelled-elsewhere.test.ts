// Tasks that somebody else cancels while they wait, on an engine that forgets them: they are killed, not lost, as long as the engine tells of
// the rest of their array, as Slurm does, or its accounting knows whatever ran, as Grid Engine's does.
import { expect, test } from 'vitest';
import type { BatchEngine, QueryReply, TaskReport } from '../../../src/backends/batch/index.js';
import { eventually } from '../../support/eventually.js';
import { PlayedRun } from './played-run.js';

const PENDING = { kind: 'pending', reason: null } as const;
const RUNNING = { kind: 'running' } as const;
const PATIENTLY = { timeoutMs: 60_000 };

const STOPPED = {
  kind: 'declared',
  outcome: {
    status: 'killed',
    reason: { kind: 'stopped', by: { kind: 'user', by: 'somebody else, by a command of Played' } },
  },
};
const LOST = { kind: 'lost', message: 'it left the queue of Played without a trace' };

async function watch(run: PlayedRun): Promise<void> {
  const { queries } = run.backend;
  await eventually('a query that sees all', () => run.backend.queries >= queries + 2, PATIENTLY);
}

async function endsOf(run: PlayedRun, count: number): Promise<readonly unknown[]> {
  await eventually('the ends', () => run.ended.length === count, PATIENTLY);
  return run.ended.toSorted((a, b) => a.job - b.job).map(({ end }) => end);
}

test('a waiting task that is gone from its array was cancelled, one that ran is lost', async () => {
  const run = await PlayedRun.start(3, PENDING, { forgetsCancelled: true });
  run.queue.set(2, RUNNING);
  await watch(run);
  run.queue.delete(1);
  run.queue.delete(2);
  expect(await endsOf(run, 2)).toEqual([STOPPED, LOST]);
}, 60_000);

test('it may be gone before it was ever seen', async () => {
  const run = await PlayedRun.start(0, PENDING, { forgetsCancelled: true });
  run.queue.set(2, PENDING);
  await run.backend.submit(run.jobs(2));
  expect(await endsOf(run, 1)).toEqual([STOPPED]);
}, 60_000);

test('an engine that has forgotten the whole array has lost it', async () => {
  const run = await PlayedRun.start(2, PENDING, { forgetsCancelled: true });
  await watch(run);
  run.queue.clear();
  expect(await endsOf(run, 2)).toEqual([LOST, LOST]);
}, 60_000);

test('nothing follows where the engine tells of no ends', async () => {
  const run = await PlayedRun.start(2, PENDING);
  await watch(run);
  run.queue.delete(1);
  expect(await endsOf(run, 1)).toEqual([LOST]);
}, 60_000);

/** Accounting that is complete at once and gives this answer, whatever it is asked. */
function accountingOf(reply: QueryReply): Partial<BatchEngine> {
  const command = () => [{ program: 'true', args: [] }];
  return { history: { completeAfterMs: 1, command, read: () => reply } };
}

const answered = (reports: readonly TaskReport[], garbled = 0): QueryReply => ({
  kind: 'answered',
  reports,
  garbled,
});

test('a waiting task that is gone, and that accounting of all that ran does not know, was cancelled', async () => {
  const end = { kind: 'exited', exitCode: 122 } as const;
  const ran: TaskReport = { id: '7', arrayName: null, tasks: [2], state: { kind: 'ended', end } };
  const run = await PlayedRun.start(3, PENDING, accountingOf(answered([ran])));
  run.queue.set(3, RUNNING);
  await watch(run);
  run.queue.clear();
  const ends = await endsOf(run, 3);
  expect(ends[0]).toEqual(STOPPED);
  expect(ends[1]).toMatchObject({ kind: 'not-launched' });
  expect(ends[2]).toEqual(LOST);
}, 60_000);

test.each([
  ['cannot be asked', { kind: 'unavailable', message: 'no file' } as const],
  ['is told in part', answered([], 1)],
])(
  'nothing follows from accounting that %s',
  async (_, reply) => {
    const run = await PlayedRun.start(1, PENDING, accountingOf(reply));
    await watch(run);
    run.queue.clear();
    expect(await endsOf(run, 1)).toEqual([LOST]);
  },
  60_000,
);
