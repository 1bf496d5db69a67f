// flow.json: read back as it was written, and what is said of one that cannot be used.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { FLOW_RECORD_FILE, FLOW_RECORD_SCHEMA, readFlowRecord } from '../../src/results/index.js';
import { makeBlockRecord, makeFlowRecord } from '../support/flow-record.js';
import { makeTempDir } from '../support/temp-dir.js';

async function readText(text: string | Buffer): ReturnType<typeof readFlowRecord> {
  const dir = makeTempDir();
  writeFileSync(join(dir, FLOW_RECORD_FILE), text);
  return readFlowRecord(dir);
}

it('is read back as it was written', async () => {
  const testpoints = [{ name: 'p', desc: 'd', stage: 'V1', tests: ['t'], is_mapped: true }];
  const testplan = { file: '/plan.hjson', testpoints, covergroups: [{ name: 'a_cg', desc: '' }] };
  const record = makeFlowRecord([makeBlockRecord('b', { testplan, report_keys: { x: [{ y: 1 }] } })], {
    coverage_of_run: { 'b:t.1': '/cov/t.1' },
  });
  expect(await readText(JSON.stringify(record))).toEqual({ kind: 'read', record });
});

it('a run of a job list has none', async () => {
  expect(await readFlowRecord(makeTempDir())).toEqual({ kind: 'absent' });
});

describe('a file that cannot be used is no error but a notice', () => {
  const whole = JSON.stringify(makeFlowRecord([makeBlockRecord('b')]));
  test.each([
    ['half-written', whole.slice(0, 60), /flow\.json is not JSON: half-written or damaged$/],
    ['empty', '', /is not JSON/],
    ['binary junk', Buffer.from([0, 255, 1, 254]), /is not JSON/],
    [
      'of another schema',
      '{"schema":"regatta.flow/0"}',
      /has the schema "regatta\.flow\/0", but this version/,
    ],
    ['not an object', 'null', /has no schema/],
    [
      'of the wrong shape',
      `{"schema":"${FLOW_RECORD_SCHEMA}","name":"n","flow":"sim","blocks":[{"title":7}],"coverage_of_run":{}}`,
      /is damaged: blocks\.0\.title: /,
    ],
  ])('%s', async (_, text, notice) => {
    expect(await readText(text)).toEqual({
      kind: 'unusable',
      notice: expect.stringMatching(notice) as string,
    });
  });
});
