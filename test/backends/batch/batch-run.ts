// Drives a BatchBackend on Slurm in tests: submits commands in a directory of the test's own, keeps what is reported. Checks nothing itself.
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import {
  BatchBackend,
  DEFAULT_BATCH_SETTINGS,
  demandOf,
  SLURM,
  type BatchSettings,
  type Pace,
} from '../../../src/backends/batch/index.js';
import { RealClock } from '../../../src/driver/real-clock.js';
import type { AttemptId, EndReport, Submission, SubmitAnswer } from '../../../src/model/backend.js';
import type { JobSpec } from '../../../src/model/job-spec.js';
import { eventually } from '../../support/eventually.js';
import { makeSpec } from '../../support/job-spec.js';
import { makeTempDir } from '../../support/temp-dir.js';

let runs = 0;

/** What differs from a run with defaults. */
export interface BatchRunOptions {
  readonly settings?: Partial<BatchSettings>;
  readonly pace?: Partial<Pace>;
  /** Taken up again: directory and id of the run. */
  readonly after?: BatchRun;
}

/** A backend at work, and what it said. */
export class BatchRun {
  readonly runId: string;
  readonly dir: string;
  readonly backend: BatchBackend;
  readonly reports: EndReport[] = [];
  readonly started: AttemptId[] = [];
  readonly warnings: string[] = [];
  #jobs = 0;

  private constructor({ settings, pace, after }: BatchRunOptions) {
    this.runId = after?.runId ?? `test-${process.pid}-${++runs}`;
    this.dir = after?.dir ?? makeTempDir();
    this.backend = new BatchBackend({
      engine: SLURM,
      runId: this.runId,
      directory: join(this.dir, 'slurm'),
      clock: new RealClock(),
      demandOf: (spec) => demandOf({ ...DEFAULT_BATCH_SETTINGS, ...settings }, spec),
      warn: (message) => this.warnings.push(message),
      ...(pace === undefined ? {} : { pace }),
    });
  }

  /** Opens a backend; it is closed when the test ends. */
  static async open(options: BatchRunOptions = {}): Promise<BatchRun> {
    const run = new BatchRun(options);
    await run.backend.open({
      started: (attempts) => run.started.push(...attempts),
      ended: (reports) => run.reports.push(...reports),
    });
    onTestFinished(() => run.backend.close(), 60_000);
    return run;
  }

  /** Submissions of commands, each a job of its own. */
  make(cmds: readonly string[], fields: Partial<JobSpec> = {}): readonly Submission[] {
    return cmds.map((cmd) => {
      const job = this.#jobs++;
      const odir = join(this.dir, `job-${job}`);
      return {
        job,
        attempt: 1,
        spec: makeSpec(`job-${job}`, { cmd, odir, logPath: join(odir, 'log'), ...fields }),
      };
    });
  }

  submit(batch: readonly Submission[]): Promise<readonly SubmitAnswer[]> {
    return this.backend.submit(batch);
  }

  /** Resolves when this many jobs are said to run. */
  async whenStarted(count: number, timeoutMs = 20_000): Promise<void> {
    await eventually(`${count} jobs to start`, () => this.started.length >= count, { timeoutMs });
  }

  /** The reports, in the order of the jobs, when there are this many. */
  async whenEnded(count: number, timeoutMs = 30_000): Promise<readonly EndReport[]> {
    await eventually(`${count} jobs to end`, () => this.reports.length >= count, { timeoutMs });
    return this.reports.toSorted((a, b) => a.job - b.job);
  }

  kill(batch: readonly AttemptId[], force = false): Promise<void> {
    return this.backend.kill(batch.map(({ job, attempt }) => ({ job, attempt, force })));
  }
}
