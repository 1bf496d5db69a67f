// What the conformance suite needs of a batch backend on any engine: the backend, and jobs that behave as asked. Knows no engine.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  BatchBackend,
  DEFAULT_BATCH_SETTINGS,
  demandOf,
  type BatchEngine,
  type Pace,
} from '../../../src/backends/batch/index.js';
import { RealClock } from '../../../src/driver/real-clock.js';
import type { ConformanceHarness, ConformanceJob } from '../../../src/testing/conformance/index.js';
import { eventually } from '../../support/eventually.js';
import { makeSpec } from '../../support/job-spec.js';

/** One engine under test. */
export interface BatchHarnessOptions {
  readonly engine: BatchEngine;
  /** Directory for all harnesses of a test file. */
  readonly root: string;
  /** What is left in the queue of the run whose arrays' names hold `runId`. */
  readonly findLeftovers: (runId: string) => readonly string[];
  readonly largeBatch: number;
  readonly pace?: Partial<Pace>;
}

let runs = 0;

/** A harness for one check. Engines that cannot ask a job to end have no stubborn ones: the first kill is by force. */
export function makeBatchHarness(options: BatchHarnessOptions): ConformanceHarness {
  const { engine, root, findLeftovers, largeBatch, pace } = options;
  const runId = `conformance-${process.pid}-${++runs}`;
  const dir = join(root, runId);
  let jobs = 0;
  const makeJob =
    (cmd: string) =>
    (fullName: string): ConformanceJob => {
      const odir = join(dir, String(jobs++));
      return { spec: makeSpec(fullName, { cmd, odir, logPath: join(odir, 'log') }) };
    };
  const stubborn = (fullName: string): ConformanceJob => {
    const job = makeJob(`trap '' TERM; touch trapped; while :; do sleep 3600; done`)(fullName);
    const trapped = join(job.spec.odir, 'trapped');
    return {
      ...job,
      whenReady: () => eventually('the trap to be set', () => existsSync(trapped)).then(() => undefined),
    };
  };
  const unlaunchable = (fullName: string): ConformanceJob => {
    const job = makeJob('true')(fullName);
    // Where its directory is to be, a file is in the way.
    mkdirSync(dir, { recursive: true });
    writeFileSync(job.spec.odir, '');
    return job;
  };
  return {
    makeBackend: (killGraceMs) =>
      new BatchBackend({
        engine,
        runId,
        directory: join(dir, engine.name),
        clock: new RealClock(),
        killGraceMs,
        demandOf: (spec) => demandOf(DEFAULT_BATCH_SETTINGS, spec),
        warn: (message) => {
          throw new Error(message);
        },
        ...(pace !== undefined && { pace }),
      }),
    findLeftovers: () => findLeftovers(runId),
    largeBatch,
    quietMs: 200,
    timeoutMs: 60_000,
    jobs: {
      succeeds: makeJob('true'),
      fails: makeJob('exit 3'),
      waits: makeJob('exec sleep 3600'),
      ...(engine.askToEnd !== null && { stubborn }),
      unlaunchable,
    },
  };
}
