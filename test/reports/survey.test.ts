// What a person should look at first comes first.
import { expect, test } from 'vitest';
import { surveyJobs } from '../../src/reports/survey.js';
import { makeJobResult, makeResults } from '../support/job-result.js';

test('blocks are worst first, and as declared where they are equally bad; targets are in the order they run in', () => {
  const job = (block: string, status: 'passed' | 'failed' | 'killed', target = 'run') =>
    makeJobResult(`${block}:${status}:${target}`, { block, status, target });
  const { blocks, targets } = surveyJobs(
    makeResults([
      job('good', 'passed', 'build'),
      job('bad', 'failed'),
      job('worst', 'failed'),
      job('worst', 'killed'),
      job('killed', 'killed'),
      job('fine', 'passed'),
    ]),
  );
  expect(blocks.map(({ name }) => name)).toEqual(['worst', 'bad', 'killed', 'good', 'fine']);
  expect(targets.map(({ name }) => name)).toEqual(['build', 'run']);
});
