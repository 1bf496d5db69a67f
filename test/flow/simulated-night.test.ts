// A real project's nightly, run to its end by the real command on the fake backend.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, vi } from 'vitest';
import { startRegatta, type ResultsFile } from '../support/command.js';
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
  const { counts, jobs } = JSON.parse(readFileSync(file, 'utf8')) as ResultsFile;
  expect(counts).toEqual({ total: 22_029, passed: 22_029, failed: 0, killed: 0 });
  expect(new Set(jobs.map(({ full_name }) => full_name)).size).toBe(22_029);
});
