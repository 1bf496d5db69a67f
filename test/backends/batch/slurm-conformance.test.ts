// The batch backend against the contract of all backends, on a real Slurm. The checks run side by side: most of their time is Slurm's.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { SLURM } from '../../../src/backends/batch/index.js';
import { appliesTo, BACKEND_CHECKS } from '../../../src/testing/conformance/index.js';
import { makeBatchHarness } from './batch-harness.js';
import { useSlurm } from './slurm-cluster.js';

const { describe, cluster } = useSlurm();

// One for all: tests that run side by side cannot each have one that goes with them.
const root = mkdtempSync(join(tmpdir(), 'regatta-test-'));
afterAll(() => {
  rmSync(root, { recursive: true, force: true, maxRetries: 5, retryDelay: 20 });
});

const makeHarness = () =>
  makeBatchHarness({
    engine: SLURM,
    root,
    findLeftovers: (runId) => cluster.queue(runId),
    largeBatch: 100,
  });

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
