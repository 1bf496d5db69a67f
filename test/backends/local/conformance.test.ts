// The local backend against the contract of all backends, with real processes.
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { LocalBackend } from '../../../src/backends/local/index.js';
import { findByTokenPrefix, makeTokenPrefix } from '../../../src/backends/local/process-table.js';
import {
  appliesTo,
  BACKEND_CHECKS,
  type ConformanceHarness,
  type ConformanceJob,
} from '../../../src/testing/conformance/index.js';
import { eventually } from '../../support/eventually.js';
import { makeSpec } from '../../support/job-spec.js';
import { makeTempDir } from '../../support/temp-dir.js';

let runs = 0;

function makeHarness(): ConformanceHarness {
  const dir = makeTempDir();
  const runId = `conformance-${process.pid}-${++runs}`;
  let jobs = 0;
  const makeJob =
    (cmd: string) =>
    (fullName: string): ConformanceJob => {
      const odir = join(dir, String(jobs++));
      return { spec: makeSpec(fullName, { cmd, odir, logPath: join(odir, 'log') }) };
    };
  return {
    makeBackend: (killGraceMs) => new LocalBackend({ runId, killGraceMs }),
    findLeftovers: () => findByTokenPrefix(makeTokenPrefix(runId)).map(({ pid }) => `process ${pid}`),
    largeBatch: 300,
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
        writeFileSync(job.spec.odir, '');
        return job;
      },
    },
  };
}

test.each(BACKEND_CHECKS)('$name', async (check) => {
  const harness = makeHarness();
  expect(appliesTo(check, harness)).toBe(true);
  await check.run(harness);
});
