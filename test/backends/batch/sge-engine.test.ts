// A real Grid Engine: the batch backend against the contract of all backends, and runs that use it beside others. The checks run side by
// side: most of their time is the engine's.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { SGE } from '../../../src/backends/batch/index.js';
import { appliesTo, BACKEND_CHECKS } from '../../../src/testing/conformance/index.js';
import { readResults, regatta, writeJobs } from '../../support/command.js';
import { makeBatchHarness } from './batch-harness.js';
import { checkMixedRun } from './mixed-run.js';
import { useSge } from './sge-cluster.js';

const { describe, cluster } = useSge();

const root = mkdtempSync(join(tmpdir(), 'regatta-test-'));
afterAll(() => {
  rmSync(root, { recursive: true, force: true, maxRetries: 5, retryDelay: 20 });
});

const harness = () => ({
  ...makeBatchHarness({
    engine: SGE,
    root,
    findLeftovers: (runId) => cluster.queue(runId),
    largeBatch: 30,
  }),
  // When it fails to end a job that it has just started, it tries again by itself, a minute or more later.
  timeoutMs: 150_000,
});

describe('the batch backend on Grid Engine', () => {
  test.concurrent.each(BACKEND_CHECKS.filter((check) => appliesTo(check, harness())))(
    '$name',
    (check) => check.run(harness()),
    300_000,
  );
});

describe('runs with Grid Engine', () => {
  test('jobs on Grid Engine with a licence, on this machine and faked, in one run', async () => {
    await checkMixedRun(mkdtempSync(join(root, 'mixed-')), 'sge', 'SGE_TASK_ID');
  }, 60_000);

  test('a queue that is not there fails the jobs, in the words of Grid Engine', async () => {
    const dir = mkdtempSync(join(root, 'queue-'));
    writeJobs(dir, [{ full_name: 'a', cmd: 'true' }]);
    const options = ['--backend', 'sge', '--backend-opt', 'sge.queue=nosuch', '--status', 'none'];
    const { code } = await regatta(dir, 'run', 'jobs.jsonl', ...options);
    expect(code).toBe(1);
    expect(readResults(dir).jobs[0]?.reason).toMatchObject({
      kind: 'launch-error',
      message: 'Job was rejected because job requests unknown queue "nosuch"',
    });
  }, 60_000);
});
