// What an engine's programs get of our environment.
import { afterEach, beforeEach, expect, test } from 'vitest';
import { LSF, SLURM } from '../../../src/backends/batch/index.js';
import { createCommandRunner } from '../../../src/backends/batch/run-command.js';
import type { BatchEngine } from '../../../src/backends/batch/engine.js';

const GIVEN = {
  BSUB_QUIET: '1',
  LSB_JOBINDEX: '7',
  SBATCH_ARRAY_INX: '1-3',
  SBATCH_PARTITION: 'night',
  SCANCEL_STATE: 'PENDING',
  SLURM_ARRAY_TASK_ID: '7',
  SLURM_CONF: '/etc/slurm.conf',
  SLURM_JOB_ID: '44',
  SQUEUE_PARTITION: 'day',
};

const before = { ...process.env };

beforeEach(() => {
  Object.assign(process.env, GIVEN);
});

afterEach(() => {
  process.env = { ...before };
});

/** Names of the variables above that a program of the engine gets. */
async function namesSeenBy(engine: BatchEngine): Promise<readonly string[]> {
  const result = await createCommandRunner(engine, 60_000)({ program: 'env', args: [] });
  if (result.kind !== 'answered') throw new Error(result.message);
  const names = result.answer.stdout.split('\n').map((line) => line.replace(/=.*/, ''));
  return Object.keys(GIVEN).filter((name) => names.includes(name));
}

test("Slurm's programs get the user's defaults, no filters, and nothing of the job that we run in", async () => {
  expect(await namesSeenBy(SLURM)).toEqual(['BSUB_QUIET', 'LSB_JOBINDEX', 'SBATCH_PARTITION', 'SLURM_CONF']);
});

test('no engine gets the task number of the job that we run in', async () => {
  expect(await namesSeenBy({ ...SLURM, withheldVariables: /^$/ })).toEqual(
    Object.keys(GIVEN).filter((name) => name !== 'SLURM_ARRAY_TASK_ID'),
  );
  const names = await namesSeenBy(LSF);
  expect(names).not.toContain('LSB_JOBINDEX');
  expect(names).not.toContain('BSUB_QUIET');
});

test("a command's own variables come on top", async () => {
  const command = { program: 'env', args: [], environment: { SQUEUE_PARTITION: 'ours' } };
  const result = await createCommandRunner(SLURM, 60_000)(command);
  expect(result).toMatchObject({
    answer: { stdout: expect.stringContaining('SQUEUE_PARTITION=ours') as unknown },
  });
});
