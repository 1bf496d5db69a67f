// Jobs made of real configs equal those that DVSim makes of them, field by field and in order.
import { expect, test } from 'vitest';
import { loadFlow } from '../../src/flow/index.js';
import { PROJECT, readRecordings, recordedForm, withProject, type RecordedJob } from './opentitan.js';

/** Null and empty both say that a block has no variant. */
function sameBlock(block: unknown): unknown {
  const { name, variant } = block as { name: string; variant: string | null };
  return { name, variant: variant ?? '' };
}

/** Of our job, the fields that are recorded. */
function recordedFields(job: RecordedJob, recorded: RecordedJob): RecordedJob {
  return Object.fromEntries(Object.keys(recorded).map((key) => [key, job[key]]));
}

withProject.describe('recorded job specs', () => {
  test.each(readRecordings())('$file', async ({ config, options, jobs }) => {
    const plan = await loadFlow(`${PROJECT}/${config}`, options);
    const ours = plan.source.jobs.map(recordedForm);
    expect(ours.map((job) => job['full_name'])).toEqual(jobs.map((job) => job['full_name']));
    ours.forEach((job, i) => {
      const recorded = jobs[i] ?? {};
      expect(recordedFields(job, recorded)).toEqual({ ...recorded, block: sameBlock(recorded['block']) });
    });
  });
});
