// Reports of a flow run from its directory alone, with the real command: whole, damaged, and old.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, test } from 'vitest';
import { FLOW_RESULTS_SCHEMA, type FlowRecord } from '../../src/results/index.js';
import { formatResultsJson } from '../../src/results/results-json.js';
import { regatta } from '../support/command.js';
import { makeBlockRecord, makeFlowRecord } from '../support/flow-record.js';
import { makeJobResult, makeResults } from '../support/job-result.js';
import { makeTempDir } from '../support/temp-dir.js';

const RECORD: FlowRecord = makeFlowRecord([
  makeBlockRecord('b', {
    testplan: {
      file: '/plan',
      testpoints: [{ name: 'point <1>', desc: '', stage: 'V1', tests: ['t'], is_mapped: true }],
      covergroups: [],
    },
  }),
  makeBlockRecord('l', { flow: 'lint' }),
]);
const JOBS = [
  makeJobResult('b:0.t.1', { name: 't', block: 'b', target: 'run', job_runtime_s: 1.25 }),
  makeJobResult('l:default', { name: 'default', block: 'l', target: 'build' }),
];
const RESULTS = { schema: FLOW_RESULTS_SCHEMA, coverage: [], one_shot: [] };

/** Makes the directory of a run that has left these files. */
function makeRun(files: Readonly<Record<string, string>>): string {
  const dir = join(makeTempDir(), 'run');
  mkdirSync(dir);
  const whole = {
    'results.json': [...formatResultsJson(makeResults(JOBS))].join(''),
    'flow.json': JSON.stringify(RECORD),
    'flow-results.json': JSON.stringify(RESULTS),
  };
  for (const [name, text] of Object.entries({ ...whole, ...files })) writeFileSync(join(dir, name), text);
  return dir;
}

it('has the tables of its flow in text and Markdown, and the sections in JSON', async () => {
  const run = makeRun({});
  const text = await regatta(run, 'report', run, '--format', 'text');
  expect(text.code).toBe(0);
  expect(text.stdout).toMatch(/^ V1 +point <1> +passing +t +1\.25 +1 +1 +100\.00 %$/m);
  const { stdout: markdown } = await regatta(run, 'report', run, '--format', 'md');
  expect(markdown).toContain('| V1 | point \\<1\\> | passing | t | 1.25 |  | 1 | 1 | 100.00 % |');
  const { stdout: json } = await regatta(run, 'report', run, '--format', 'json');
  expect(JSON.parse(json)).toMatchObject({
    counts: { total: 2 },
    testplans: [{ block: 'b', total: { runs: { passed: 1, total: 1 } } }],
    coverage: [],
    one_shot: [],
  });
});

test.each([
  ['flow.json', '{"schema": "regatta.fl', /flow\.json is not JSON: half-written or damaged: no testplans/],
  ['flow.json', '{"schema":"regatta.flow/9"}', /flow\.json has the schema "regatta\.flow\/9"/],
  [
    'flow-results.json',
    'junk',
    /flow-results\.json is half-written or damaged; the tools' files were read instead/,
  ],
])('%s that holds %s is a note, and the rest is reported', async (name, text, note) => {
  const run = makeRun({ [name]: text });
  const { code, stdout, stderr } = await regatta(run, 'report', run, '--format', 'md');
  expect(code).toBe(0);
  expect(stderr).toMatch(note);
  expect(stdout).toMatch(/^> \*\*Note:\*\* .*json/m);
  expect(stdout).toContain('| 2 | 2 | 0 | 0 | 0 |');
});

it("a run that kept nothing is reported from the tools' files, as far as they are there", async () => {
  const run = makeRun({});
  rmSync(join(run, 'flow-results.json'));
  const { code, stdout } = await regatta(run, 'report', run, '--format', 'text');
  expect(code).toBe(0);
  expect(stdout).toMatch(/^ l:default: \/scratch\/l:default\/results\.hjson is missing$/m);
});
