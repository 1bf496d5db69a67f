// Drives a FakeBackend on virtual time in tests and keeps what it says. Checks nothing itself.
import { FakeBackend, type FakeOptions } from '../../../src/backends/index.js';
import { VirtualClock } from '../../../src/driver/virtual-clock.js';
import type { EndReport, SubmitAnswer } from '../../../src/model/backend.js';
import type { FakeBehaviour } from '../../../src/model/job-spec.js';
import { makeSpec } from '../../support/job-spec.js';
import { CountingClock } from '../support/counting-clock.js';

const START_MS = 1_700_000_000_000;

/** An end with the virtual time of its report, in milliseconds from the start. */
export interface TimedEnd extends EndReport {
  readonly atMs: number;
}

export class FakeRun {
  readonly clock = new CountingClock(new VirtualClock(START_MS));
  readonly backend: FakeBackend;
  readonly ends: TimedEnd[] = [];
  /** Number of reports in each call of the sink. */
  readonly batches: number[] = [];

  constructor(options: Omit<FakeOptions, 'clock'> = {}) {
    this.backend = new FakeBackend({ clock: this.clock, ...options });
  }

  static async open(options: Omit<FakeOptions, 'clock'> = {}): Promise<FakeRun> {
    const run = new FakeRun(options);
    await run.backend.open({
      started: () => {
        throw new Error('the fake backend starts jobs when it accepts them');
      },
      ended: (reports) => {
        run.batches.push(reports.length);
        for (const report of reports) run.ends.push({ ...report, atMs: run.clock.now() - START_MS });
      },
    });
    return run;
  }

  /** Submits one attempt at each job as one batch. Jobs are numbered as they are listed. */
  submit(
    names: readonly string[],
    { attempt = 1, fake = null }: { readonly attempt?: number; readonly fake?: FakeBehaviour | null } = {},
  ): Promise<readonly SubmitAnswer[]> {
    return this.backend.submit(names.map((name, job) => ({ job, attempt, spec: makeSpec(name, { fake }) })));
  }

  /** Lets everything end that will. */
  async runOut(): Promise<void> {
    while (this.clock.pendingTimers > 0) await new Promise(setImmediate);
  }
}
