// The batch backend against the contract of all backends, on a real Grid Engine. The checks run side by side: most of their time is the
// engine's.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, test } from 'vitest';
import { SGE } from '../../../src/backends/batch/index.js';
import { appliesTo, BACKEND_CHECKS } from '../../../src/testing/conformance/index.js';
import { makeBatchHarness } from './batch-harness.js';
import { useSge } from './sge-cluster.js';

const { describe, cluster } = useSge();

const root = mkdtempSync(join(tmpdir(), 'regatta-test-'));
afterAll(() => {
  rmSync(root, { recursive: true, force: true, maxRetries: 5, retryDelay: 20 });
});

const harness = () =>
  makeBatchHarness({
    engine: SGE,
    root,
    findLeftovers: (runId) => cluster.queue(runId),
    largeBatch: 30,
  });

describe('the batch backend on Grid Engine', () => {
  test.concurrent.each(BACKEND_CHECKS.filter((check) => appliesTo(check, harness())))(
    '$name',
    (check) => check.run(harness()),
    120_000,
  );
});
