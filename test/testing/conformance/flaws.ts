// Ways to break the contract of backends, each with the check that must notice. Spoils the reference backend, one method at a time.
import type {
  AttemptId,
  Backend,
  BackendSink,
  EndReport,
  Submission,
  SubmitAnswer,
} from '../../../src/model/backend.js';
import type { JobEnd } from '../../../src/model/outcome.js';
import type { ReferenceBackend } from './reference-backend.js';

/** A broken backend. */
export interface Flaw {
  /** What the backend does wrong. */
  readonly name: string;
  /** Name of the check that notices. */
  readonly check: string;
  /** What the check says. */
  readonly says: RegExp;
  /** The methods that differ from the reference's. */
  readonly spoil: (good: ReferenceBackend) => Partial<Backend>;
}

const EXIT_0: JobEnd = { kind: 'exited', exitCode: 0 };
const KILLED: JobEnd = { kind: 'signalled', signal: 'SIGKILL' };
const VAIN = /waited \d+ ms in vain for /;

/** Opens the reference with another sink. */
const withSink = (
  good: ReferenceBackend,
  alter: (sink: BackendSink) => Partial<BackendSink>,
): Partial<Backend> => ({
  open: (sink) => good.open({ ...sink, ...alter(sink) }),
});

/** Changes each report. */
const withReports = (
  good: ReferenceBackend,
  change: (report: EndReport) => readonly EndReport[],
): Partial<Backend> =>
  withSink(good, (sink) => ({
    ended: (reports) => {
      sink.ended(reports.flatMap(change));
    },
  }));

/** Changes the answers. */
const withAnswers = (
  good: ReferenceBackend,
  change: (answers: readonly SubmitAnswer[], batch: readonly Submission[]) => readonly SubmitAnswer[],
): Partial<Backend> => ({ submit: async (batch) => change(await good.submit(batch), batch) });

const report = (good: ReferenceBackend, { job, attempt }: AttemptId, end: JobEnd): void => {
  good.sink?.ended([{ job, attempt, end }]);
};

const SUBMIT_FLAWS: readonly Flaw[] = [
  {
    name: 'forgets an answer',
    check: 'every submission of a batch is answered',
    says: /5 submissions got 4 answers/,
    spoil: (good) => withAnswers(good, (answers) => answers.slice(0, -1)),
  },
  {
    name: 'gives an answer that is none',
    check: 'every submission of a batch is answered',
    says: /got no valid answer: \{"kind":"ok"\}/,
    spoil: (good) => withAnswers(good, (answers) => answers.map(() => ({ kind: 'ok' }) as never)),
  },
  {
    name: 'answers in reverse',
    check: 'answers come in the order of the batch',
    says: /job 3, attempt 1 was started, although it was answered rejected/,
    spoil: (good) => withAnswers(good, (answers) => [...answers].reverse()),
  },
  {
    name: 'fails on an empty batch',
    check: 'an empty batch is answered by nothing',
    says: /nothing to submit/,
    spoil: (good) => ({
      submit: async (batch) => {
        if (batch.length === 0) throw new Error('nothing to submit');
        return good.submit(batch);
      },
    }),
  },
  {
    name: 'reports the end of what it refused',
    check: 'what cannot be started is refused, or ends without success',
    says: /was started, although it was answered rejected/,
    spoil: (good) =>
      withAnswers(good, (answers, batch) => {
        for (const id of batch) report(good, id, { kind: 'not-launched', message: 'no such program' });
        return answers;
      }),
  },
  {
    name: 'reports success of what it could not start',
    check: 'what cannot be started is refused, or ends without success',
    says: /job 0 cannot be started, and ended \{"kind":"exited","exitCode":0\}/,
    spoil: (good) =>
      withAnswers(good, (_, batch) => {
        for (const id of batch) report(good, id, EXIT_0);
        return batch.map(() => ({ kind: 'accepted', running: true }));
      }),
  },
  {
    name: 'reports each end twice',
    check: 'every end is reported once',
    says: /job 0, attempt 1 was reported ended 2 times/,
    spoil: (good) => withReports(good, (one) => [one, one]),
  },
  {
    name: 'starts a batch and throws',
    check: 'every end is reported once',
    says: /was started, although its batch failed/,
    spoil: (good) =>
      withAnswers(good, () => {
        throw new Error('lost my way');
      }),
  },
  {
    name: 'writes into the specs it is given',
    check: 'every end is reported once',
    says: /Cannot assign to read only property/,
    spoil: (good) => ({
      submit: (batch) => {
        for (const { spec } of batch) (spec as { cmd: string }).cmd = 'mine';
        return good.submit(batch);
      },
    }),
  },
  {
    name: 'reports an end that says nothing',
    check: 'every end is reported once',
    says: /ended in no valid way: \{"kind":"exited"\}/,
    spoil: (good) => withReports(good, (one) => [{ ...one, end: { kind: 'exited' } as JobEnd }]),
  },
  {
    name: 'takes failure for success',
    check: 'failure is told from success',
    says: /job 3 should fail, and ended \{"kind":"exited","exitCode":0\}/,
    spoil: (good) => withReports(good, (one) => [{ ...one, end: EXIT_0 }]),
  },
  {
    name: 'loses what is beyond the hundredth of a batch',
    check: 'a large batch is taken whole',
    says: VAIN,
    spoil: (good) =>
      withSink(good, (sink) => ({
        ended: (reports) => {
          sink.ended(reports.slice(0, 100));
        },
      })),
  },
  {
    name: 'answers one of two batches with the answers to both',
    check: 'batches submitted at once are kept apart',
    says: /1 submissions got 3 answers/,
    spoil: (good) => {
      let carried: readonly SubmitAnswer[] = [];
      return withAnswers(good, (answers) => {
        const all = [...carried, ...answers];
        carried = carried.length === 0 ? answers : [];
        return carried.length === 0 ? all : [...answers, ...answers, ...answers];
      });
    },
  },
  {
    name: 'calls every attempt the first',
    check: 'reports carry the attempt that was submitted',
    says: /job 0, attempt 1 was reported ended 2 times/,
    spoil: (good) => withReports(good, (one) => [{ ...one, attempt: 1 }]),
  },
  {
    name: 'never says that a job started',
    check: 'a start is said once, by the answer or later',
    says: /in vain for word that jobs have started/,
    spoil: (good) =>
      withAnswers(good, (answers) => answers.map(() => ({ kind: 'accepted', running: false }))),
  },
  {
    name: 'says a start twice',
    check: 'a start is said once, by the answer or later',
    says: /job 0, attempt 1 was said to start twice/,
    spoil: (good) =>
      withAnswers(good, (answers, batch) => {
        good.sink?.started(batch);
        return answers;
      }),
  },
  {
    name: 'says a start after the end',
    check: 'every end is reported once',
    says: /is said to start after its end/,
    spoil: (good) => ({
      submit: async (batch) => {
        await good.submit(batch);
        good.sink?.started(batch);
        return batch.map(() => ({ kind: 'accepted', running: false }));
      },
    }),
  },
];

const KILL_FLAWS: readonly Flaw[] = [
  {
    name: 'does not kill',
    check: 'a kill ends a running job',
    says: VAIN,
    spoil: () => ({ kill: async () => undefined }),
  },
  {
    name: 'calls a killed job a success',
    check: 'a kill ends a running job',
    says: /job 0 was killed, and ended \{"kind":"exited","exitCode":0\}/,
    spoil: (good) => withReports(good, (one) => [{ ...one, end: EXIT_0 }]),
  },
  {
    name: 'does not kill by force',
    check: 'a kill by force ends a running job',
    says: VAIN,
    spoil: (good) => ({ kill: (batch) => good.kill(batch.filter(({ force }) => !force)) }),
  },
  {
    name: 'waits for ever for a stubborn job',
    check: 'a kill ends a stubborn job when its grace is over',
    says: VAIN,
    spoil: (good) => ({
      kill: async (batch) => {
        const running = batch.map(({ job }) => good.running.get(job));
        good.endThose(
          batch.filter((_, i) => running[i]?.behaviour !== 'stubborn'),
          KILLED,
        );
      },
    }),
  },
  {
    name: 'takes no more kills after the first',
    check: 'force after a plain kill escalates',
    says: VAIN,
    spoil: (good) => {
      const asked = new Set<number>();
      return {
        kill: (batch) => {
          const fresh = batch.filter(({ job }) => !asked.has(job));
          for (const { job } of fresh) asked.add(job);
          return good.kill(fresh);
        },
      };
    },
  },
  {
    name: 'skips the grace',
    check: 'force after a plain kill escalates',
    says: /although it is stubborn and its grace is not over/,
    spoil: (good) => ({ kill: (batch) => good.kill(batch.map((one) => ({ ...one, force: true }))) }),
  },
  {
    name: 'kills all that runs',
    check: 'a kill ends what it names and nothing else',
    says: /job 0 ended .* although others were killed/,
    spoil: (good) => ({
      kill: async () => {
        good.endThose([...good.running.values()], KILLED);
      },
    }),
  },
  {
    name: 'fails on a kill of what it does not know',
    check: 'a kill of what is unknown is harmless',
    says: /no job 987654/,
    spoil: (good) => ({
      kill: async (batch) => {
        const stranger = batch.find(({ job }) => !good.running.has(job));
        if (stranger !== undefined) throw new Error(`no job ${stranger.job}`);
        return good.kill(batch);
      },
    }),
  },
  {
    name: 'reports the end of what it does not know',
    check: 'a kill of what is unknown is harmless',
    says: /job 987654, attempt 1 was never submitted, but is reported ended/,
    spoil: (good) => ({
      kill: async (batch) => {
        for (const id of batch) if (!good.running.has(id.job)) report(good, id, KILLED);
        return good.kill(batch);
      },
    }),
  },
  {
    name: 'reports an end for every kill',
    check: 'a kill after the end is harmless',
    says: /job 0, attempt 1 was reported ended 2 times/,
    spoil: (good) => ({
      kill: async (batch) => {
        for (const { job } of batch) good.running.delete(job);
        for (const id of batch) report(good, id, KILLED);
      },
    }),
  },
  {
    name: 'does not look at the attempt of a kill',
    check: 'a kill of an earlier attempt leaves the next alone',
    says: /although only an earlier attempt was killed/,
    spoil: (good) => ({
      kill: (batch) =>
        good.kill(
          batch.map((one) => ({ ...one, attempt: good.running.get(one.job)?.attempt ?? one.attempt })),
        ),
    }),
  },
  {
    name: 'reports an end for each kill of a batch',
    check: 'a second kill is harmless',
    says: /was reported ended 2 times/,
    spoil: (good) => ({
      kill: async (batch) => {
        const running = batch.filter(({ job }) => good.running.has(job));
        await good.kill(batch);
        for (const id of running.slice(running.length / 2)) report(good, id, KILLED);
      },
    }),
  },
  {
    name: 'forgets a job that is killed before it is answered',
    check: 'a kill may overtake the answer to the submission',
    says: VAIN,
    spoil: (good) => {
      let answering = 0;
      return {
        submit: async (batch) => {
          answering++;
          const answers = await good.submit(batch);
          answering--;
          return answers;
        },
        kill: async (batch) => {
          if (answering === 0) return good.kill(batch);
          for (const { job } of batch) good.running.delete(job);
        },
      };
    },
  },
  {
    name: 'does not listen to kills while it submits',
    check: 'kills and submissions may be interleaved',
    says: VAIN,
    spoil: (good) => {
      let answering = 0;
      return {
        submit: async (batch) => {
          answering++;
          const answers = await good.submit(batch);
          answering--;
          return answers;
        },
        kill: async (batch) => {
          if (answering === 0) await good.kill(batch);
        },
      };
    },
  },
];

const CLOSE_FLAWS: readonly Flaw[] = [
  {
    name: 'never closes',
    check: 'a backend that got no job closes',
    says: /in vain for close/,
    spoil: () => ({ close: () => new Promise(() => undefined) }),
  },
  {
    name: 'leaves something behind',
    check: 'a backend that got no job closes',
    says: /close left behind: a process, a timer/,
    spoil: () => ({ close: async () => undefined }),
  },
  {
    name: 'closes without a word',
    check: 'close ends what still runs, and reports it first',
    says: /job 0, attempt 1 was accepted, and close resolved without its end/,
    spoil: (good) => ({
      close: async () => {
        good.sink = null;
        return good.close();
      },
    }),
  },
  {
    name: 'calls what it ended a success',
    check: 'close ends what still runs, and reports it first',
    says: /job 0 was running, and ended \{"kind":"exited","exitCode":0\}/,
    spoil: (good) => withReports(good, (one) => [{ ...one, end: EXIT_0 }]),
  },
  {
    name: 'waits out the grace when it closes',
    check: 'close ends a stubborn job without a grace',
    says: /in vain for close/,
    spoil: (good) => ({
      close: async () => {
        await new Promise<void>((resolve) => setTimeout(resolve, good.killGraceMs).unref());
        return good.close();
      },
    }),
  },
  {
    name: 'leaves those it was asked to end to their grace',
    check: 'close also ends what was already asked to end',
    says: /was accepted, and close resolved without its end/,
    spoil: (good) => ({
      close: async () => {
        good.endThose(
          [...good.running.values()].filter(({ grace }) => grace === null),
          KILLED,
        );
        for (const { grace } of good.running.values()) if (grace !== null) clearTimeout(grace);
      },
    }),
  },
  {
    name: 'repeats itself',
    check: 'nothing is reported after close',
    says: /job 0, attempt 1 is reported ended after close/,
    spoil: (good) =>
      withSink(good, (sink) => ({
        ended: (reports) => {
          sink.ended(reports);
          setTimeout(() => {
            sink.ended(reports);
          }, 5);
        },
      })),
  },
  {
    name: 'goes on submitting when it has closed',
    check: 'close takes care of a submission that is not answered yet',
    says: /job 0 was accepted, and close resolved without its end/,
    spoil: (good) => ({
      submit: async (batch) => {
        await new Promise(setImmediate);
        return good.submit(batch);
      },
    }),
  },
];

export const FLAWS: readonly Flaw[] = [...SUBMIT_FLAWS, ...KILL_FLAWS, ...CLOSE_FLAWS];
