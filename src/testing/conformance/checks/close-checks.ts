// Checks of the end of a backend: that it ends what runs, says so, and then is silent.
import { isSuccess } from '../books.js';
import { makeCheck } from '../check.js';

export const CLOSE_CHECKS = [
  makeCheck({
    name: 'a backend that got no job closes',
    needs: [],
    body: (witness) => witness.close(),
  }),
  makeCheck({
    name: 'close ends what still runs, and reports it first',
    needs: ['waits'],
    body: async (witness) => {
      const jobs = await witness.start(witness.make('waits', 5));
      await witness.close();
      for (const id of jobs) {
        const end = witness.endOf(id)?.end;
        // That there is an end by now is what the books check.
        const isRight = end === undefined || !isSuccess(end);
        witness.require(isRight, `job ${id.job} was running, and ended ${JSON.stringify(end)}`);
      }
    },
  }),
  makeCheck({
    name: 'close ends a stubborn job without a grace',
    needs: ['stubborn'],
    body: async (witness) => {
      await witness.start(witness.make('stubborn', 1));
      await witness.close();
    },
  }),
  makeCheck({
    name: 'close also ends what was already asked to end',
    needs: ['stubborn'],
    body: async (witness) => {
      const jobs = await witness.start(witness.make('stubborn', 1));
      await witness.kill(jobs);
      await witness.close();
    },
  }),
  makeCheck({
    name: 'nothing is reported after close',
    needs: ['succeeds'],
    body: async (witness) => {
      await witness.start(witness.make('succeeds', 10));
      await witness.close();
    },
  }),
  makeCheck({
    name: 'close takes care of a submission that is not answered yet',
    needs: ['succeeds'],
    body: async (witness) => {
      const batch = witness.make('succeeds', 5);
      // What becomes of the batch is up to the backend; what it starts must end and be reported.
      const answered = witness.submit(batch).catch(() => []);
      const closed = witness.close();
      await answered;
      await closed;
      for (const job of batch) {
        const isSettled = witness.answerOf(job) !== 'accepted' || witness.endOf(job) !== undefined;
        witness.require(isSettled, `job ${job.job} was accepted, and close resolved without its end`);
      }
    },
  }),
];
