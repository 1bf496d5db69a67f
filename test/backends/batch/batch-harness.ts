// What the conformance suite needs of a batch backend on any engine: the backend, and jobs that behave as asked. Knows no engine.
import { join } from 'node:path';
import {
  BatchBackend,
  DEFAULT_BATCH_SETTINGS,
  demandOf,
  type BatchEngine,
  type Pace,
} from '../../../src/backends/batch/index.js';
import { RealClock } from '../../../src/driver/real-clock.js';
import type { ConformanceHarness } from '../../../src/testing/conformance/index.js';
import { makeShellJobs } from '../../support/shell-jobs.js';

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
  const { stubborn, ...jobs } = makeShellJobs(dir);
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
    jobs: { ...jobs, ...(engine.askToEnd !== null && { stubborn }) },
  };
}
