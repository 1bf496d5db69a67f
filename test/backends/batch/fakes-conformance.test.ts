// The batch backend against the contract of all backends, on commands that speak like LSF, PBS, HTCondor and NetworkComputer as documented,
// and run jobs on this machine.
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, test } from 'vitest';
import { HTCONDOR, LSF, NC, PBS } from '../../../src/backends/batch/index.js';
import { appliesTo, BACKEND_CHECKS } from '../../../src/testing/conformance/index.js';
import { fromRepoRoot } from '../../support/repo-root.js';
import { makeBatchHarness } from './batch-harness.js';

const realPath = process.env.PATH ?? '';

const root = mkdtempSync(join(tmpdir(), 'regatta-test-'));
afterAll(() => {
  rmSync(root, { recursive: true, force: true, maxRetries: 5, retryDelay: 20 });
});

/** Tasks of the run that have neither ended nor been kept from starting. */
function findLeftovers(cluster: string, runId: string): readonly string[] {
  return readdirSync(cluster).flatMap((id) => {
    const dir = join(cluster, id);
    // One that is just being made is none of a run that is over.
    if (!existsSync(join(dir, 'name')) || !readFileSync(join(dir, 'name'), 'utf8').includes(runId)) return [];
    const files = readdirSync(dir);
    const isOver = (task: string): boolean =>
      files.some((name) => name === `${task}.status` || name === `${task}.cancelled`);
    return files.flatMap((name) => {
      const task = /^(\d+)\.pid$/.exec(name)?.[1];
      return task === undefined || isOver(task) ? [] : [`${id}/${task}`];
    });
  });
}

describe.each([LSF, PBS, HTCONDOR, NC])('the batch backend on fake commands of $title', (engine) => {
  const cluster = join(root, engine.name);
  beforeAll(() => {
    mkdirSync(cluster);
    process.env.FAKE_CLUSTER = cluster;
    process.env.PATH = fromRepoRoot(`test/backends/batch/fakes/${engine.name}`) + delimiter + realPath;
  });
  afterAll(() => {
    process.env.PATH = realPath;
    delete process.env.FAKE_CLUSTER;
  });
  const harness = () =>
    makeBatchHarness({
      engine,
      root,
      findLeftovers: (runId) => findLeftovers(cluster, runId),
      largeBatch: 20,
      pace: { minQueryMs: 200, settleMs: 1000, cancelAgainMs: 500, submitBurst: 100 },
    });

  test.concurrent.each(BACKEND_CHECKS.filter((check) => appliesTo(check, harness())))(
    '$name',
    (check) => check.run(harness()),
    120_000,
  );
});
