// Drives a LocalBackend in tests: submits commands in a fresh directory, hands out each job's end. Checks nothing itself.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { LocalBackendOptions } from '../../../src/backends/local/index.js';
import { LocalBackend } from '../../../src/backends/local/index.js';
import type { EndReport, SubmitAnswer } from '../../../src/model/backend.js';
import type { JobSpec } from '../../../src/model/job-spec.js';
import { makeSpec } from '../../support/job-spec.js';
import { makeTempDir } from '../../support/temp-dir.js';

let runs = 0;

/** A backend at work, and what it said. */
export class LocalRun {
  readonly runId = `test-${process.pid}-${++runs}`;
  readonly dir = makeTempDir();
  readonly backend: LocalBackend;
  readonly reports: EndReport[] = [];
  /** Jobs whose start was reported, in that order. */
  readonly started: number[] = [];
  /** Jobs whose end was reported before their start. */
  readonly endedUnstarted: number[] = [];
  readonly warnings: string[] = [];
  readonly #waiting = new Map<number, (report: EndReport) => void>();
  #jobs = 0;

  private constructor(options: Partial<LocalBackendOptions>) {
    this.backend = new LocalBackend({
      runId: this.runId,
      killGraceMs: 5_000,
      warn: (message) => this.warnings.push(message),
      ...options,
    });
  }

  /** Opens a backend; it is closed when the test ends. */
  static async open(options: Partial<LocalBackendOptions> = {}): Promise<LocalRun> {
    const run = new LocalRun(options);
    await run.backend.open({
      started: (attempts) => {
        for (const { job } of attempts) run.started.push(job);
      },
      ended: (reports) => {
        for (const report of reports) run.#onEnded(report);
      },
    });
    onTestFinished(() => run.backend.close());
    return run;
  }

  /** A spec of its own directory; its log is `log` in it. */
  makeSpec(cmd: string, fields: Partial<JobSpec> = {}): JobSpec {
    const name = `job-${this.#jobs}`;
    const odir = join(this.dir, name);
    return makeSpec(name, { cmd, odir, logPath: join(odir, 'log'), ...fields });
  }

  /** Submits jobs as one batch; the numbers of the jobs are those of the order in which they were submitted. */
  async submit(...specs: readonly JobSpec[]): Promise<readonly SubmitAnswer[]> {
    const first = this.#jobs;
    this.#jobs += specs.length;
    return this.backend.submit(specs.map((spec, index) => ({ job: first + index, attempt: 1, spec })));
  }

  /** Submits a command that must be accepted; returns its job's number, spec and end. */
  async start(cmd: string, fields: Partial<JobSpec> = {}): Promise<StartedJob> {
    const spec = this.makeSpec(cmd, fields);
    const job = this.#jobs;
    const end = this.waitForEnd(job);
    const [answer] = await this.submit(spec);
    if (answer?.kind !== 'accepted') throw new Error(`not accepted: ${JSON.stringify(answer)}`);
    return { job, spec, end };
  }

  /** The report of a job not yet ended. */
  waitForEnd(job: number): Promise<EndReport> {
    return new Promise((resolve) => this.#waiting.set(job, resolve));
  }

  /** Runs a command to its end. */
  async run(cmd: string, fields: Partial<JobSpec> = {}): Promise<EndReport> {
    const { end } = await this.start(cmd, fields);
    return end;
  }

  kill(job: number, force = false): Promise<void> {
    return this.backend.kill([{ job, attempt: 1, force }]);
  }

  #onEnded(report: EndReport): void {
    this.reports.push(report);
    if (!this.started.includes(report.job)) this.endedUnstarted.push(report.job);
    this.#waiting.get(report.job)?.(report);
  }
}

/** A job under way. */
export interface StartedJob {
  readonly job: number;
  readonly spec: JobSpec;
  readonly end: Promise<EndReport>;
}

/** What a job wrote so far. */
export function readLog({ logPath }: JobSpec): string {
  return readFileSync(logPath, 'utf8');
}
