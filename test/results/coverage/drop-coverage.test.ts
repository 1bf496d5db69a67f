// The observer that removes the coverage of runs that did not pass.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { JobStatus, RunEvent } from '../../../src/model/index.js';
import { createCoverageDropper } from '../../../src/results/index.js';
import { makeSpec } from '../../support/job-spec.js';
import { makeTempDir } from '../../support/temp-dir.js';

const NAMES = ['passes', 'fails', 'is killed', 'runs'];
const ENDS: readonly JobStatus[] = ['passed', 'failed', 'killed', 'running'];

it('removes what failed and killed runs wrote, and nothing else', async () => {
  const dir = makeTempDir();
  for (const name of [...NAMES, 'of another']) {
    mkdirSync(join(dir, name));
    writeFileSync(join(dir, name, 'coverage.dat'), '');
  }
  const dropper = createCoverageDropper({
    coverage_of_run: Object.fromEntries(NAMES.map((name) => [name, join(dir, name)])),
  });
  const jobs = [...NAMES, 'without coverage'].map((name) => makeSpec(name));
  await dropper.notify({ kind: 'run-started', jobs } as unknown as RunEvent);
  [...ENDS, 'failed' as const].forEach((to, job) => {
    void dropper.notify({ kind: 'job-changed', job, to } as unknown as RunEvent);
  });
  const left = [...NAMES, 'of another'].filter((name) => existsSync(join(dir, name)));
  expect(left).toEqual(['passes', 'runs', 'of another']);
});
