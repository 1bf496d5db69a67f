// Jobs of the flows that build and are done: lint, cdc, rdc, syn and formal.
import { expect, test } from 'vitest';
import { argument, configText, Project } from './project.js';

const BASE = {
  tool: 'checker',
  flow_makefile: '{proj_root}/lint.mk',
  scratch_path: '{scratch_root}/{branch}/{name}-{flow}-{tool}',
  build_dir: '{scratch_path}/{build_mode}',
  build_cmd: 'check',
  build_log: '{build_dir}/check.log',
  build_pass_patterns: [],
  build_fail_patterns: ['^Error'],
  sv_flist_gen_cmd: '',
  sv_flist_gen_opts: [],
  report_cmd: 'summarise',
  report_opts: ['--in={build_log}'],
};

test.each(['lint', 'cdc', 'rdc', 'syn'])('the %s flow makes a job of each build mode', async (flow) => {
  const keys = {
    ...BASE,
    name: 'block',
    flow,
    build_opts: ['+all'],
    build_modes: [{ name: 'm', build_opts: ['+m'] }],
  };
  const project = new Project({ 'cfg.hjson': configText(keys) });
  const plan = await project.load('cfg.hjson', { buildOpts: ['+line'], items: ['nothing', 'of', 'this'] });
  const [first, second] = plan.source.jobs;
  expect(plan.source.jobs.map((job) => job.fullName)).toEqual(['block:default', 'block:m']);
  expect(argument(first, 'build_opts')).toBe('+line +all');
  expect(argument(second, 'build_opts')).toBe('+m +line +all');
  expect(argument(second, 'report_opts')).toBe(
    `--in=${project.path(`scratch/main/block-${flow}-checker/m/check.log`)}`,
  );
  expect(second).toMatchObject({
    jobType: 'CompileOneShot',
    target: 'build',
    weight: 1,
    seed: null,
    timeoutMins: 60,
    failPatterns: ['^Error'],
    resources: { CHECKER: 1 },
  });
  expect(argument(second, 'build_timeout_mins')).toBe('None');
});

test('a time limit is part of the command line too', async () => {
  const project = new Project({ 'cfg.hjson': configText({ ...BASE, name: 'block', flow: 'lint' }) });
  const [job] = (await project.load('cfg.hjson', { buildTimeoutMins: 5 })).source.jobs;
  expect(job?.timeoutMins).toBe(5);
  expect(argument(job, 'build_timeout_mins')).toBe('5');
});

test('formal tools are told of batch mode, unless there is a window', async () => {
  const keys = {
    ...BASE,
    name: 'block',
    flow: 'formal',
    sub_flow: 'fpv',
    build_opts: ['{batch_mode_prefix}'],
  };
  const project = new Project({ 'cfg.hjson': configText(keys) });
  const optsWith = async (gui: boolean): Promise<string | undefined> =>
    argument((await project.load('cfg.hjson', { gui })).source.jobs[0], 'build_opts');
  expect(await optsWith(false)).toBe('-batch');
  expect(await optsWith(true)).toBe('');
});

test('a block tells reports how to sort messages', async () => {
  const message_buckets = [{ category: 'lint', severity: 'error', label: '' }];
  const keys = { ...BASE, name: 'block', flow: 'lint', message_buckets, fail_severities: ['error'] };
  const project = new Project({ 'cfg.hjson': configText(keys) });
  const [block] = (await project.load('cfg.hjson')).blocks;
  expect(block?.report).toMatchObject({ message_buckets, fail_severities: ['error'] });
});
