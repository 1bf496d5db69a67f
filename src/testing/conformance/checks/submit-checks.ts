// Checks of submitting jobs and of how their ends are reported.
import { isSuccess } from '../books.js';
import { makeCheck } from '../check.js';
import { again, type TestJob, type Witness } from '../witness.js';

/** Runs jobs to their end and requires that each ended as it should. */
async function runAll(witness: Witness, jobs: readonly TestJob[], should: 'succeed' | 'fail'): Promise<void> {
  for (const { end, job } of await witness.whenEnded(await witness.start(jobs))) {
    const hasEndedWell = isSuccess(end) === (should === 'succeed') && end.kind !== 'lost';
    witness.require(hasEndedWell, `job ${job} should ${should}, and ended ${JSON.stringify(end)}`);
  }
}

export const SUBMIT_CHECKS = [
  makeCheck({
    name: 'every submission of a batch is answered',
    needs: ['succeeds'],
    body: async (witness) => {
      const batch = witness.make('succeeds', 5);
      const answers = await witness.submit(batch);
      witness.require(answers.length === 5, `5 submissions got ${answers.length} answers`);
      await witness.whenEnded(batch.filter((job) => witness.answerOf(job) === 'accepted'));
    },
  }),
  makeCheck({
    name: 'answers come in the order of the batch',
    needs: ['succeeds', 'unlaunchable'],
    body: async (witness) => {
      const bad = witness.make('unlaunchable', 1);
      const good = witness.make('succeeds', 3);
      // Not the same forwards and backwards.
      const batch = [...bad, ...good];
      await witness.submit(batch);
      await witness.whenEnded(batch.filter((job) => witness.answerOf(job) === 'accepted'));
      for (const job of good) {
        witness.require(
          witness.answerOf(job) !== 'rejected',
          `job ${job.job} can run, and got the answer rejected`,
        );
      }
    },
  }),
  makeCheck({
    name: 'an empty batch is answered by nothing',
    needs: [],
    body: async (witness) => {
      const answers = await witness.submit([]);
      witness.require(answers.length === 0, `no submission got ${answers.length} answers`);
      await witness.kill([]);
    },
  }),
  makeCheck({
    name: 'what cannot be started is refused, or ends without success',
    needs: ['unlaunchable'],
    body: async (witness) => {
      const batch = witness.make('unlaunchable', 3);
      await witness.submit(batch);
      const accepted = batch.filter((job) => witness.answerOf(job) === 'accepted');
      for (const { end, job } of await witness.whenEnded(accepted)) {
        witness.require(!isSuccess(end), `job ${job} cannot be started, and ended ${JSON.stringify(end)}`);
      }
    },
  }),
  makeCheck({
    name: 'every end is reported once',
    needs: ['succeeds'],
    body: (witness) => runAll(witness, witness.make('succeeds', 20), 'succeed'),
  }),
  makeCheck({
    name: 'failure is told from success',
    needs: ['succeeds', 'fails'],
    body: async (witness) => {
      await Promise.all([
        runAll(witness, witness.make('succeeds', 3), 'succeed'),
        runAll(witness, witness.make('fails', 3), 'fail'),
      ]);
    },
  }),
  makeCheck({
    name: 'a large batch is taken whole',
    needs: ['succeeds'],
    body: (witness) => runAll(witness, witness.make('succeeds', witness.largeBatch), 'succeed'),
  }),
  makeCheck({
    name: 'batches submitted at once are kept apart',
    needs: ['succeeds'],
    body: async (witness) => {
      const batches = [1, 2, 3, 4, 5, 6].map((size) => witness.make('succeeds', size));
      await Promise.all(batches.map((batch) => runAll(witness, batch, 'succeed')));
    },
  }),
  makeCheck({
    name: 'reports carry the attempt that was submitted',
    needs: ['succeeds'],
    body: async (witness) => {
      let jobs: readonly TestJob[] = witness.make('succeeds', 1);
      for (let round = 0; round < 3; round++) {
        const started = await witness.start(jobs);
        await witness.whenEnded(started);
        jobs = started.map(again);
      }
      const [last] = jobs;
      if (last !== undefined) await runAll(witness, [{ ...last, attempt: last.attempt + 40 }], 'succeed');
    },
  }),
  makeCheck({
    name: 'a start is said once, by the answer or later',
    needs: ['waits'],
    body: async (witness) => {
      const jobs = await witness.start(witness.make('waits', 3));
      await witness.whenStarted(jobs);
      await witness.kill(jobs);
      await witness.whenEnded(jobs);
    },
  }),
];
