// What tools left is kept with the run: a later run that overwrites their files changes no report of this one.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, test } from 'vitest';
import {
  FLOW_RESULTS_FILE,
  gatherFlowResults,
  loadFlowResults,
  type FlowRecord,
  type JobResult,
} from '../../src/results/index.js';
import { makeBlockRecord, makeFlowRecord } from '../support/flow-record.js';
import { makeJobResult } from '../support/job-result.js';
import { makeTempDir } from '../support/temp-dir.js';

interface Lint {
  readonly dir: string;
  readonly record: FlowRecord;
  readonly jobs: readonly JobResult[];
}

function makeLint(): Lint {
  const dir = makeTempDir();
  const odir = join(dir, 'default');
  mkdirSync(odir);
  writeFileSync(join(odir, 'results.hjson'), '{ lint_error: ["first"] }');
  const now = new Date().toISOString();
  const job = makeJobResult('b:default', { block: 'b', odir, started_at: now, ended_at: now });
  return { dir, record: makeFlowRecord([makeBlockRecord('b', { flow: 'lint' })]), jobs: [job] };
}

it('is what it was, whatever became of the files', async () => {
  const { dir, record, jobs } = makeLint();
  const kept = await gatherFlowResults(record, { jobs });
  writeFileSync(join(dir, FLOW_RESULTS_FILE), JSON.stringify(kept));
  writeFileSync(join(dir, 'default/results.hjson'), '{ lint_error: ["a", "later", "run"] }');
  expect(await loadFlowResults(dir, record, { jobs })).toEqual({ results: kept, notice: null });
  expect(kept.one_shot[0]?.counts.error).toBe(1);
});

it('is read from the files where nothing was kept, as of a run that goes on', async () => {
  const { dir, record, jobs } = makeLint();
  const { results, notice } = await loadFlowResults(dir, record, { jobs });
  expect(results.one_shot[0]?.counts.error).toBe(1);
  expect(notice).toBeNull();
});

test.each([
  [
    'half-written',
    '{"schema":"regatta.flow-re',
    /is half-written or damaged; the tools' files were read instead$/,
  ],
  [
    'of an old version',
    '{"schema":"regatta.flow-results/0"}',
    /is of another version than regatta\.flow-results\/1; /,
  ],
])('what was kept but is %s is replaced, and that is said', async (_, text, expected) => {
  const { dir, record, jobs } = makeLint();
  writeFileSync(join(dir, FLOW_RESULTS_FILE), text);
  const { results, notice } = await loadFlowResults(dir, record, { jobs });
  expect(results.one_shot[0]?.counts.error).toBe(1);
  expect(notice).toMatch(expected);
});
