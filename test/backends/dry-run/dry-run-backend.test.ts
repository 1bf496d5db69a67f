// The dry-run backend against the contract of all backends, and what is its own: it passes everything and touches nothing.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { DryRunBackend } from '../../../src/backends/index.js';
import type { EndReport } from '../../../src/model/backend.js';
import {
  appliesTo,
  BACKEND_CHECKS,
  type ConformanceHarness,
} from '../../../src/testing/conformance/index.js';
import { makeSpec } from '../../support/job-spec.js';
import { makeTempDir } from '../../support/temp-dir.js';

const harness: ConformanceHarness = {
  makeBackend: () => new DryRunBackend(),
  jobs: { succeeds: (fullName) => ({ spec: makeSpec(fullName, { cmd: 'true' }) }) },
  largeBatch: 20_000,
};

test.each(BACKEND_CHECKS.filter((check) => appliesTo(check, harness)))('$name', async (check) => {
  await expect(check.run(harness)).resolves.toBeUndefined();
});

test('declares every job passed, after its submission was answered, and makes nothing', async () => {
  const odir = join(makeTempDir(), 'odir');
  const calls: (readonly EndReport[])[] = [];
  const backend = new DryRunBackend();
  await backend.open({
    started: () => undefined,
    ended: (reports) => calls.push(reports),
  });
  const specs = [makeSpec('a', { cmd: 'exit 1', odir }), makeSpec('b', { cmd: `mkdir -p ${odir}`, odir })];
  const answers = await backend.submit(specs.map((spec, job) => ({ job, attempt: 1, spec })));
  expect(answers).toEqual([
    { kind: 'accepted', running: true },
    { kind: 'accepted', running: true },
  ]);
  expect(calls).toEqual([]);
  await new Promise(setImmediate);
  const end = { kind: 'declared', outcome: { status: 'passed' } };
  expect(calls).toEqual([
    [
      { job: 0, attempt: 1, end },
      { job: 1, attempt: 1, end },
    ],
  ]);
  expect(existsSync(odir)).toBe(false);
  await backend.close();
});
