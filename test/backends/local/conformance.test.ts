// The local backend against the contract of all backends, with real processes.
import { expect, test } from 'vitest';
import { LocalBackend } from '../../../src/backends/local/index.js';
import { findByTokenPrefix, makeTokenPrefix } from '../../../src/backends/local/process-table.js';
import {
  appliesTo,
  BACKEND_CHECKS,
  type ConformanceHarness,
} from '../../../src/testing/conformance/index.js';
import { makeShellJobs } from '../../support/shell-jobs.js';
import { makeTempDir } from '../../support/temp-dir.js';

let runs = 0;

function makeHarness(): ConformanceHarness {
  const dir = makeTempDir();
  const runId = `conformance-${process.pid}-${++runs}`;
  return {
    makeBackend: (killGraceMs) => new LocalBackend({ runId, killGraceMs }),
    findLeftovers: () => findByTokenPrefix(makeTokenPrefix(runId)).map(({ pid }) => `process ${pid}`),
    largeBatch: 300,
    jobs: makeShellJobs(dir),
  };
}

test.each(BACKEND_CHECKS)('$name', async (check) => {
  const harness = makeHarness();
  expect(appliesTo(check, harness)).toBe(true);
  await check.run(harness);
});
