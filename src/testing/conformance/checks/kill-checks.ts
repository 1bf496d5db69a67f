// Checks of killing: what it ends, what it must leave alone, and that it never says more than once.
import type { AttemptId } from '../../../model/backend.js';
import { isSuccess } from '../books.js';
import { makeCheck } from '../check.js';
import { again, type Witness } from '../witness.js';

/** Short, so that it can be waited out; longer than a round trip. */
const SHORT_GRACE_MS = 100;

/** Waits for the ends of killed jobs; none may pass for a success. */
async function requireKilled(witness: Witness, ids: readonly AttemptId[]): Promise<void> {
  for (const { end, job } of await witness.whenEnded(ids)) {
    witness.require(!isSuccess(end), `job ${job} was killed, and ended ${JSON.stringify(end)}`);
  }
}

function requireRunning(witness: Witness, ids: readonly AttemptId[], why: string): void {
  for (const id of ids) {
    const end = witness.endOf(id)?.end;
    witness.require(end === undefined, `job ${id.job} ended ${JSON.stringify(end)}, although ${why}`);
  }
}

async function killAll(witness: Witness, ids: readonly AttemptId[], force = false): Promise<void> {
  await witness.kill(ids, force);
  await requireKilled(witness, ids);
}

export const KILL_CHECKS = [
  makeCheck({
    name: 'a kill ends a running job',
    needs: ['waits'],
    body: async (witness) => killAll(witness, await witness.start(witness.make('waits', 2))),
  }),
  makeCheck({
    name: 'a kill by force ends a running job',
    needs: ['waits'],
    body: async (witness) => killAll(witness, await witness.start(witness.make('waits', 2)), true),
  }),
  makeCheck({
    name: 'a kill ends a stubborn job when its grace is over',
    needs: ['stubborn'],
    killGraceMs: SHORT_GRACE_MS,
    body: async (witness) => killAll(witness, await witness.start(witness.make('stubborn', 1))),
  }),
  makeCheck({
    name: 'force after a plain kill escalates',
    needs: ['stubborn', 'waits'],
    body: async (witness) => {
      const jobs = await witness.start(witness.make('stubborn', 1));
      await witness.kill(jobs);
      await witness.roundTrip();
      requireRunning(witness, jobs, 'it is stubborn and its grace is not over');
      await killAll(witness, jobs, true);
    },
  }),
  makeCheck({
    name: 'a kill ends what it names and nothing else',
    needs: ['waits'],
    body: async (witness) => {
      const jobs = await witness.start(witness.make('waits', 6));
      const odd = jobs.filter((_, i) => i % 2 === 1);
      const even = jobs.filter((_, i) => i % 2 === 0);
      await killAll(witness, odd);
      await witness.roundTrip();
      requireRunning(witness, even, 'others were killed');
      await killAll(witness, even);
    },
  }),
  makeCheck({
    name: 'a kill of what is unknown is harmless',
    needs: ['waits'],
    body: async (witness) => {
      const jobs = await witness.start(witness.make('waits', 1));
      const strangers = [{ job: 987_654, attempt: 1 }, ...jobs.map(again)];
      await witness.kill(strangers);
      await witness.kill(strangers, true);
      await witness.roundTrip();
      requireRunning(witness, jobs, 'an attempt that was never submitted was killed');
      await killAll(witness, jobs);
    },
  }),
  makeCheck({
    name: 'a kill after the end is harmless',
    needs: ['succeeds', 'waits'],
    body: async (witness) => {
      const ended = await witness.start(witness.make('succeeds', 2));
      await witness.whenEnded(ended);
      await witness.kill(ended);
      await witness.kill(ended, true);
      await witness.roundTrip();
    },
  }),
  makeCheck({
    name: 'a kill of an earlier attempt leaves the next alone',
    needs: ['waits'],
    body: async (witness) => {
      const earlier = await witness.start(witness.make('waits', 1));
      await killAll(witness, earlier);
      const next = await witness.start(earlier.map(again));
      await witness.kill(earlier);
      await witness.kill(earlier, true);
      await witness.roundTrip();
      requireRunning(witness, next, 'only an earlier attempt was killed');
      await killAll(witness, next);
    },
  }),
  makeCheck({
    name: 'a second kill is harmless',
    needs: ['waits'],
    body: async (witness) => {
      const jobs = await witness.start(witness.make('waits', 2));
      await Promise.all([
        witness.kill([...jobs, ...jobs]),
        witness.kill(jobs),
        witness.kill(jobs, true),
        witness.kill(jobs, true),
      ]);
      await requireKilled(witness, jobs);
      await witness.kill(jobs, true);
      await witness.roundTrip();
    },
  }),
  makeCheck({
    name: 'a kill may overtake the answer to the submission',
    needs: ['waits'],
    body: async (witness) => {
      const batch = witness.make('waits', 4);
      const answered = witness.submit(batch);
      await witness.kill(batch);
      await answered;
      const accepted = batch.filter((job) => witness.answerOf(job) === 'accepted');
      // As a run does that is stopped while it submits.
      await killAll(witness, accepted, true);
    },
  }),
  makeCheck({
    name: 'kills and submissions may be interleaved',
    needs: ['succeeds', 'waits'],
    body: async (witness) => {
      let waiting: readonly AttemptId[] = [];
      for (let round = 0; round < 5; round++) {
        const [started, ended] = await Promise.all([
          witness.start(witness.make('waits', 3)),
          witness.start(witness.make('succeeds', 3)),
          witness.kill(waiting),
        ]);
        await witness.whenEnded(ended);
        await requireKilled(witness, waiting);
        waiting = started;
      }
      await killAll(witness, waiting);
    },
  }),
];
