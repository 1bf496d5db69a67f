// The example regression through the real command, on a real simulator: clean and buggy.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, vi } from 'vitest';
import { startRegatta, type Ended, type ResultsFile } from '../support/command.js';
import { needs } from '../support/needs.js';
import { fromRepoRoot } from '../support/repo-root.js';
import { makeTempDir } from '../support/temp-dir.js';

const { describe, it } = needs('iverilog', 'vvp', 'make');

vi.setConfig({ testTimeout: 120_000 });

async function runNightly(...options: string[]): Promise<{ ended: Ended; results: ResultsFile }> {
  const file = join(makeTempDir(), 'results.json');
  const scratch = ['--scratch-root', makeTempDir(), '--results', file];
  const config = [
    'examples/examples_sim_cfgs.hjson',
    '-i',
    'nightly',
    '--cov',
    '--proj-root',
    '.',
    '-mp',
    '4',
  ];
  const argv = ['run', ...config, ...scratch, '--status', 'none', ...options];
  const ended = await startRegatta(fromRepoRoot('.'), argv).ended;
  return { ended, results: JSON.parse(readFileSync(file, 'utf8')) as ResultsFile };
}

describe('the nightly of the examples', () => {
  it('passes when the designs are clean', async () => {
    const { ended, results } = await runNightly();
    expect(ended.code).toBe(0);
    expect(results.counts).toEqual({ total: 86, passed: 86, failed: 0, killed: 0 });
  });

  it('sorts failures into kinds when they are not', async () => {
    const { ended, results } = await runNightly('--build-modes', 'buggy');
    expect(ended.code).toBe(1);
    const kinds = new Set(results.jobs.flatMap(({ reason }) => reason?.kind ?? []));
    expect(kinds).toEqual(new Set(['fail-pattern', 'timeout']));
    // Three messages and the time limit, at the least, whatever the seeds.
    expect(results.buckets.length).toBeGreaterThanOrEqual(4);
    expect(ended.stdout).toMatch(/^Failures of \d kinds, \d of them new, most frequent first:$/m);
  });
});
