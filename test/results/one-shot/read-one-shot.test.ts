// Results of one-shot flows, read from files in the forms that DVSim's report commands write.
import { mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { readOneShot } from '../../../src/results/one-shot/read-one-shot.js';
import type { BlockRecord, JobResult, OneShotResult } from '../../../src/results/index.js';
import { makeBlockRecord, makeFlowRecord } from '../../support/flow-record.js';
import { makeJobResult } from '../../support/job-result.js';
import { makeTempDir } from '../../support/temp-dir.js';

interface Setting {
  readonly text?: string | Buffer;
  readonly block?: Partial<BlockRecord>;
  readonly job?: Partial<JobResult>;
}

/** Reads the results of one job whose directory holds this file. */
async function readText({ text, block = {}, job = {} }: Setting): Promise<OneShotResult> {
  const odir = join(makeTempDir(), 'default');
  mkdirSync(odir);
  const now = new Date().toISOString();
  if (text !== undefined) writeFileSync(join(odir, 'results.hjson'), text);
  const record = makeFlowRecord([makeBlockRecord('b', { flow: 'lint', tool: 'ascentlint', ...block })]);
  const times = { started_at: now, ended_at: now };
  const fields = { name: 'default', block: 'b', target: 'build', odir, ...times, ...job };
  const [result] = await readOneShot(record, { jobs: [makeJobResult('b:default', fields)] });
  if (result === undefined) throw new Error('no result');
  return result;
}

describe('lint, cdc and rdc', () => {
  it.each(['lint_error', 'clk-reset_errors', 'a.b error-error', 'error'])(
    'count the list %j',
    async (key) => {
      const result = await readText({ text: JSON.stringify({ [key]: ['x'], terror: ['no severity'] }) });
      expect(result.counts.error).toBe(1);
    },
  );

  it('sort messages by part and severity, worst first, with the labels of the config', async () => {
    const result = await readText({
      text: `{
        // Hjson: comments, no quotes
        flow_info: ["started"]
        lint_warning: ["w1", "w2", "w3"]
        lint_error: []
        lint_waived: ["ok"]
        setup_review: ["look"]
        flow_error: ["boom"]
        anything_else: "ignored"
      }`,
      block: {
        report_keys: {
          message_buckets: [{ category: 'lint', severity: 'warning', label: 'Lint Warnings' }],
          fail_severities: ['warning', 'error'],
          max_msg_count: 2,
        },
      },
      job: { status: 'failed' },
    });
    expect(result).toMatchObject({
      block: 'b',
      flow: 'lint',
      tool: 'ascentlint',
      mode: 'default',
      status: 'failed',
      counts: { error: 1, warning: 3, review: 1, info: 1, waived: 1 },
      formal: null,
      synthesis: null,
      notices: [],
    });
    expect(result.messages).toEqual([
      {
        category: 'flow',
        severity: 'error',
        label: 'flow error',
        count: 1,
        examples: ['boom'],
        is_fatal: true,
      },
      {
        category: 'lint',
        severity: 'warning',
        label: 'Lint Warnings',
        count: 3,
        examples: ['w1', 'w2'],
        is_fatal: true,
      },
      {
        category: 'setup',
        severity: 'review',
        label: 'setup review',
        count: 1,
        examples: ['look'],
        is_fatal: false,
      },
      {
        category: 'flow',
        severity: 'info',
        label: 'flow info',
        count: 1,
        examples: ['started'],
        is_fatal: false,
      },
      {
        category: 'lint',
        severity: 'waived',
        label: 'lint waived',
        count: 1,
        examples: ['ok'],
        is_fatal: false,
      },
    ]);
  });

  it('keep few and short examples of many and long messages', async () => {
    const many = Array.from({ length: 50_000 }, (_, i) => `${'x'.repeat(600)}${i}`);
    const { counts, messages } = await readText({ text: JSON.stringify({ lint_error: many }) });
    expect(counts.error).toBe(50_000);
    expect(messages[0]?.examples.length).toBe(20);
    expect(messages[0]?.examples[0]?.length).toBe(500);
  });
});

it('formal gives properties by what became of them', async () => {
  const { formal, counts } = await readText({
    block: { flow: 'formal' },
    text: `{
      messages: { errors: [], warnings: ["w"], cex: ["p1", "p2"], undetermined: [], unreachable: ["p3"] }
      summary: { errors: 0, warnings: 1, proven: 20, cex: 2, undetermined: 0, covered: 18, unreachable: 1
                 pass_rate: "90.91 %", cov_rate: "94.74 %" }
      coverage: { formal: "90 %", stimuli: "91 %", checker: "80 %" }
    }`,
  });
  expect(counts).toEqual({ error: 0, warning: 1, review: 0, info: 0, waived: 0 });
  expect(formal).toEqual({
    proven: 20,
    failed: 2,
    undetermined: 0,
    covered: 18,
    unreachable: 1,
    properties: { failed: ['p1', 'p2'], undetermined: [], unreachable: ['p3'] },
    pass_rate: '90.91 %',
    cov_rate: '94.74 %',
    coverage: { formal: '90 %', stimuli: '91 %', checker: '80 %' },
  });
});

it('syn gives area, timing and power in common units', async () => {
  const { synthesis, counts } = await readText({
    block: { flow: 'syn' },
    text: JSON.stringify({
      messages: { flow_errors: [], elab_warnings: ['w', 'w'], compile_errors: ['e'], analyze_errors: null },
      timing: { CLK: { tns: -2.5, wns: -0.25, period: 10 }, IO: { tns: 0, wns: null, period: 20 } },
      area: { ge: 2, instances: { top: { depth: 0, total: 12_000 }, u: { depth: 1, total: 5000 } } },
      power: { net: 1, int: 2, leak: 500 },
      units: { time: 1e-9, dynamic: 1e-3, static: 1e-6 },
    }),
  });
  expect(counts).toMatchObject({ error: 1, warning: 2 });
  expect(synthesis).toEqual({
    area_kge: 6,
    timing: [
      { group: 'CLK', period_ns: 10, worst_slack_ns: -0.25, total_slack_ns: -2.5 },
      { group: 'IO', period_ns: 20, worst_slack_ns: null, total_slack_ns: 0 },
    ],
    power_mw: 3.5,
  });
});

describe('a file that cannot be used becomes a notice, and the rest is told', () => {
  test.each<[string, Setting, RegExp]>([
    ['missing', {}, /results\.hjson is missing$/],
    ['half-written', { text: '{ "lint_error": ["a", ' }, /results\.hjson cannot be read: .*line 1/],
    ['binary', { text: Buffer.from([1, 0, 255]) }, /holds binary data, no text$/],
    ['a list', { text: '["a"]' }, /it holds no key: value pairs/],
    ['with a bucket of another type', { text: '{ lint_error: 7 }' }, /"lint_error" is no list of messages$/],
  ])('%s', async (_, setting, notice) => {
    const { status, counts, notices } = await readText(setting);
    expect(status).toBe('passed');
    expect(counts.error).toBe(0);
    expect(notices).toEqual([expect.stringMatching(notice)]);
  });

  it('of an earlier run, when the job died before it wrote its own', async () => {
    const odir = makeTempDir();
    writeFileSync(join(odir, 'results.hjson'), '{ lint_error: ["old"] }');
    utimesSync(join(odir, 'results.hjson'), 1000, 1000);
    const { counts, notices } = await readText({ job: { odir } });
    expect(counts.error).toBe(1);
    expect(notices).toEqual([expect.stringMatching(/is older than the job .* it may be of an earlier run$/)]);
  });

  it('a killed job has left none, and that needs no saying', async () => {
    expect(await readText({ job: { status: 'killed' } })).toMatchObject({ status: 'killed', notices: [] });
  });

  it('a figure that is not there is null, not zero', async () => {
    const { formal } = await readText({ block: { flow: 'formal' }, text: '{ summary: { proven: "many" } }' });
    expect(formal).toMatchObject({ proven: null, failed: null, pass_rate: null, coverage: null });
    const { synthesis } = await readText({ block: { flow: 'syn' }, text: '{ area: { ge: 0, total: 3 } }' });
    expect(synthesis).toEqual({ area_kge: null, timing: [], power_mw: null });
  });
});

it('takes no jobs of other flows', async () => {
  const record = makeFlowRecord([makeBlockRecord('b')]);
  expect(await readOneShot(record, { jobs: [makeJobResult('b:default', { block: 'b' })] })).toEqual([]);
});
