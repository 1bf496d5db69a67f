// The record of a flow, made from a real plan: what reports need of it is there.
import { expect, test } from 'vitest';
import { toFlowRecord } from '../../src/cli/flow-record-maker.js';
import { configText, Project } from '../flow/project.js';

test('a plan of a sim block with testplan and coverage', async () => {
  const project = new Project({
    'sim.hjson': configText({
      import_cfgs: ['{proj_root}/base.hjson'],
      name: 'block',
      variant: 'wide',
      dut: 'block',
      testplan: '{proj_root}/plan.hjson',
      results_title: 'Block',
      tests: [{ name: 't' }],
    }),
    'plan.hjson': configText({
      name: 'block',
      testpoints: [
        { name: 'later', desc: ' d ', stage: 'V1', tests: ['N/A'] },
        { name: 'now', desc: 'd', stage: 'V1', tests: ['t'] },
      ],
      covergroups: [{ name: 'a_cg', desc: ' c ' }],
    }),
  });
  const plan = await project.load('sim.hjson', { cov: true, items: ['t'], fixedSeed: '5' });
  const record = toFlowRecord(plan);
  const area = project.path('scratch/main/block-sim-icarus');
  expect(JSON.parse(JSON.stringify(record))).toEqual({
    schema: 'regatta.flow/1',
    name: 'block',
    flow: 'sim',
    blocks: [
      {
        title: 'block/wide',
        flow: 'sim',
        tool: 'icarus',
        file: project.path('sim.hjson'),
        first_job: 0,
        job_count: 4,
        testplan: {
          file: project.path('plan.hjson'),
          testpoints: [
            { name: 'later', desc: 'd', stage: 'V1', tests: [], is_mapped: false },
            { name: 'now', desc: 'd', stage: 'V1', tests: ['t'], is_mapped: true },
          ],
          covergroups: [{ name: 'a_cg', desc: 'c' }],
        },
        coverage: {
          merged_dir: `${area}/cov_merge/merged`,
          report_dir: `${area}/cov_report`,
          report_file: `${area}/cov_report/report.txt`,
          report_page: '',
        },
        report_keys: { build_dir: `${area}/{build_mode}`, results_title: 'Block' },
      },
    ],
    coverage_of_run: Object.fromEntries(
      plan.source.jobs
        .filter(({ target }) => target === 'run')
        .map(({ fullName }) => [fullName, `${area}/cov/default/t.5`]),
    ),
  });
});
