// The batch backend against the contract of all backends, on a real Slurm. The checks run side by side: most of their time is Slurm's.
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { BatchBackend, DEFAULT_BATCH_SETTINGS, demandOf, SLURM } from '../../../src/backends/batch/index.js';
import { RealClock } from '../../../src/driver/real-clock.js';
import {
  appliesTo,
  BACKEND_CHECKS,
  type ConformanceHarness,
  type ConformanceJob,
} from '../../../src/testing/conformance/index.js';
import { eventually } from '../../support/eventually.js';
import { makeSpec } from '../../support/job-spec.js';
import { useSlurm } from './slurm-cluster.js';

const { describe, cluster } = useSlurm();

// One for all: tests that run side by side cannot each have one that goes with them.
const root = mkdtempSync(join(tmpdir(), 'regatta-test-'));
afterAll(() => {
  rmSync(root, { recursive: true, force: true, maxRetries: 5, retryDelay: 20 });
});

let runs = 0;

function makeHarness(): ConformanceHarness {
  const runId = `conformance-${process.pid}-${++runs}`;
  const dir = join(root, runId);
  let jobs = 0;
  const makeJob =
    (cmd: string) =>
    (fullName: string): ConformanceJob => {
      const odir = join(dir, String(jobs++));
      return { spec: makeSpec(fullName, { cmd, odir, logPath: join(odir, 'log') }) };
    };
  return {
    makeBackend: (killGraceMs) =>
      new BatchBackend({
        engine: SLURM,
        runId,
        directory: join(dir, 'slurm'),
        clock: new RealClock(),
        killGraceMs,
        demandOf: (spec) => demandOf(DEFAULT_BATCH_SETTINGS, spec),
        warn: (message) => {
          throw new Error(message);
        },
      }),
    findLeftovers: () => cluster.queue(runId),
    largeBatch: 100,
    quietMs: 200,
    timeoutMs: 60_000,
    jobs: {
      succeeds: makeJob('true'),
      fails: makeJob('exit 3'),
      waits: makeJob('exec sleep 3600'),
      stubborn: (fullName) => {
        const job = makeJob(`trap '' TERM; touch trapped; while :; do sleep 3600; done`)(fullName);
        const trapped = join(job.spec.odir, 'trapped');
        return {
          ...job,
          whenReady: () => eventually('the trap to be set', () => existsSync(trapped)).then(() => undefined),
        };
      },
      unlaunchable: (fullName) => {
        const job = makeJob('true')(fullName);
        // Where its directory is to be, a file is in the way.
        mkdirSync(dir, { recursive: true });
        writeFileSync(job.spec.odir, '');
        return job;
      },
    },
  };
}

describe('the batch backend on Slurm', () => {
  test.concurrent.each(BACKEND_CHECKS)(
    '$name',
    async (check) => {
      const harness = makeHarness();
      expect(appliesTo(check, harness)).toBe(true);
      await check.run(harness);
    },
    120_000,
  );
});
