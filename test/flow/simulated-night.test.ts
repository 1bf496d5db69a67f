// A real project's nightly, run to its end by the real command on the fake backend.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, vi } from 'vitest';
import { mapTestplans, readFlowRecord, type Results } from '../../src/results/index.js';
import { startRegatta } from '../support/command.js';
import { needs } from '../support/needs.js';
import { fromRepoRoot } from '../support/repo-root.js';
import { makeTempDir } from '../support/temp-dir.js';

const { it } = needs('../shared/opentitan');

vi.setConfig({ testTimeout: 120_000 });

it('runs all 22,029 jobs of the top-level nightly', async () => {
  const project = fromRepoRoot('../shared/opentitan');
  const dir = makeTempDir();
  const file = join(dir, 'results.json');
  const config = ['hw/top_earlgrey/dv/top_earlgrey_sim_cfgs.hjson', '-i', 'nightly', '--proj-root', project];
  const pretend = ['--backend', 'fake', '--virtual-clock', '--status', 'none', '--log-level', 'error'];
  const argv = ['run', ...config, ...pretend, '--scratch-root', join(dir, 'scratch'), '--results', file];
  const { code, stderr } = await startRegatta(project, argv).ended;
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const { counts, jobs } = JSON.parse(readFileSync(file, 'utf8')) as Results;
  expect(counts).toEqual({ total: 22_029, passed: 22_029, failed: 0, killed: 0 });
  expect(new Set(jobs.map(({ full_name }) => full_name)).size).toBe(22_029);

  const reading = await readFlowRecord(join(dir, 'scratch/.regatta/latest'));
  if (reading.kind !== 'read') throw new Error(`no record: ${reading.kind}`);
  const planned = new Set(reading.record.blocks.filter((block) => block.testplan).map(({ title }) => title));
  const runs = jobs.filter(({ target, block }) => target === 'run' && planned.has(block ?? ''));
  // A rule that looked at all tests for each testpoint would take minutes, and the test be ended for it.
  const plans = mapTestplans(reading.record, { jobs });
  const counted = plans.reduce((sum, { total }) => sum + total.runs.total, 0);
  expect(counted).toBe(runs.length);
  expect(counted).toBeGreaterThan(20_000);
});
