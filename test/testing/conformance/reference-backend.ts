// A backend that conforms, in memory, with every behaviour a job can have; tests of the suite spoil it. Runs nothing.
import type {
  AdoptAnswer,
  AttemptId,
  Backend,
  BackendSink,
  KillRequest,
  Submission,
  SubmitAnswer,
} from '../../../src/model/backend.js';
import type { JobEnd } from '../../../src/model/outcome.js';
import type { ConformanceHarness, JobBehaviour } from '../../../src/testing/conformance/index.js';
import { makeSpec } from '../../support/job-spec.js';

const EXIT_0: JobEnd = { kind: 'exited', exitCode: 0 };
const EXIT_1: JobEnd = { kind: 'exited', exitCode: 1 };
const TERMINATED: JobEnd = { kind: 'signalled', signal: 'SIGTERM' };
const KILLED: JobEnd = { kind: 'signalled', signal: 'SIGKILL' };

interface Running extends AttemptId {
  readonly behaviour: string;
  grace: NodeJS.Timeout | null;
}

/** Takes the behaviour of a job from its `cmd`. Says nothing before a turn of the event loop has passed. */
export class ReferenceBackend implements Backend {
  readonly name = 'reference';
  readonly killGraceMs: number;
  readonly running = new Map<number, Running>();
  sink: BackendSink | null = null;

  constructor(killGraceMs: number) {
    this.killGraceMs = killGraceMs;
  }

  readonly open = async (sink: BackendSink): Promise<void> => {
    this.sink = sink;
  };

  readonly submit = async (batch: readonly Submission[]): Promise<readonly SubmitAnswer[]> => {
    for (const { job, attempt, spec } of batch) {
      if (spec.cmd === 'unlaunchable') continue;
      this.running.set(job, { job, attempt, behaviour: spec.cmd, grace: null });
    }
    setImmediate(() => {
      this.endThose(
        batch.filter(({ spec }) => spec.cmd === 'succeeds'),
        EXIT_0,
      );
      this.endThose(
        batch.filter(({ spec }) => spec.cmd === 'fails'),
        EXIT_1,
      );
    });
    await new Promise(setImmediate);
    return batch.map(({ spec }) =>
      spec.cmd === 'unlaunchable'
        ? { kind: 'rejected', message: 'no such program' }
        : { kind: 'accepted', running: true },
    );
  };

  readonly adopt = async (batch: readonly Submission[]): Promise<readonly AdoptAnswer[]> =>
    batch.map(() => ({ kind: 'gone', message: 'nothing outlives this backend' }));

  readonly kill = async (batch: readonly KillRequest[]): Promise<void> => {
    for (const { job, attempt, force } of batch) {
      const running = this.running.get(job);
      if (running?.attempt !== attempt) continue;
      if (force) this.endThose([running], KILLED);
      else if (running.behaviour !== 'stubborn') this.endThose([running], TERMINATED);
      else
        running.grace ??= setTimeout(() => {
          this.endThose([running], KILLED);
        }, this.killGraceMs);
    }
  };

  readonly close = async (): Promise<void> => {
    this.endThose([...this.running.values()], KILLED);
    this.sink = null;
  };

  /** Ends those that still run. */
  endThose(attempts: readonly AttemptId[], end: JobEnd): void {
    const ended = attempts.filter(({ job, attempt }) => {
      const running = this.running.get(job);
      if (running?.attempt !== attempt) return false;
      if (running.grace !== null) clearTimeout(running.grace);
      return this.running.delete(job);
    });
    if (ended.length > 0) this.sink?.ended(ended.map(({ job, attempt }) => ({ job, attempt, end })));
  }
}

const makeJob = (cmd: JobBehaviour) => (fullName: string) => ({ spec: makeSpec(fullName, { cmd }) });

/** A harness for a backend that reads `cmd` as the reference does. */
export function makeReferenceHarness(
  makeBackend: ConformanceHarness['makeBackend'],
  more: Partial<ConformanceHarness> = {},
): ConformanceHarness {
  return {
    makeBackend,
    jobs: {
      succeeds: makeJob('succeeds'),
      fails: makeJob('fails'),
      waits: makeJob('waits'),
      stubborn: makeJob('stubborn'),
      unlaunchable: makeJob('unlaunchable'),
    },
    quietMs: 10,
    ...more,
  };
}
