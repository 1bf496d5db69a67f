// Putting a config together: imports, merging, overrides, wildcards, commands; seen in the jobs that come out.
import { describe, expect, test } from 'vitest';
import { argument, configText, jobsOf, Project, simProject, type Keys } from './project.js';

const TESTS = { tests: [{ name: 't1' }], regressions: [{ name: 'smoke' }] };

/** Build options of the only build. */
async function buildOpts(keys: Keys, options = {}): Promise<string | undefined> {
  const [build] = await jobsOf({ ...TESTS, ...keys }, options);
  return argument(build, 'build_opts');
}

describe('merging', () => {
  test('lists are appended: the config first, then its imports from the last to the first', async () => {
    const imports = ['{proj_root}/base.hjson', '{proj_root}/one.hjson', '{proj_root}/two.hjson'];
    const config = { name: 'block', dut: 'block', import_cfgs: imports, build_opts: ['own'], ...TESTS };
    const project = new Project({
      'sim.hjson': configText(config),
      'one.hjson': configText({ build_opts: ['one'] }),
      'two.hjson': configText({ build_opts: ['two'], import_cfgs: ['{proj_root}/three.hjson'] }),
      'three.hjson': configText({ build_opts: ['three'] }),
    });
    const { source } = await project.load('sim.hjson');
    expect(argument(source.jobs[0], 'build_opts')).toBe('own two three one');
  });

  test('files of Windows editors, with a byte order mark and CRLF, are read as others', async () => {
    const imports = ['{proj_root}/base.hjson', '{proj_root}/one.hjson'];
    const config = { name: 'block', dut: 'block', import_cfgs: imports, build_opts: ['own'], ...TESTS };
    const marked = (keys: Keys): string => `\ufeff${configText(keys).replaceAll('\n', '\r\n')}`;
    const project = new Project({
      'sim.hjson': marked(config),
      'one.hjson': marked({ build_opts: ['one'] }),
    });
    const { source } = await project.load('sim.hjson');
    expect(argument(source.jobs[0], 'build_opts')).toBe('own one');
  });

  test('a file named twice in one list is merged twice, as DVSim does', async () => {
    const imports = ['{proj_root}/base.hjson', '{proj_root}/one.hjson', '{proj_root}/one.hjson'];
    const config = { name: 'block', dut: 'block', import_cfgs: imports, ...TESTS };
    const project = new Project({
      'sim.hjson': configText(config),
      'one.hjson': configText({ build_opts: ['one'] }),
    });
    const { source } = await project.load('sim.hjson');
    expect(argument(source.jobs[0], 'build_opts')).toBe('one one');
  });

  test.each([
    ['', 'value'],
    [0, 7],
    [-1, 7],
    [false, true],
  ])('%j gives way to %j, in whichever file it stands', async (standard, value) => {
    const text = value === true ? '1' : String(value);
    for (const [first, second] of [
      [standard, value],
      [value, standard],
    ]) {
      const project = simProject(
        { ...TESTS, knob: first, build_opts: ['{knob}'] },
        { 'more.hjson': configText({ knob: second, import_cfgs: ['{proj_root}/sim.hjson'] }) },
      );
      const { source } = await project.load('more.hjson');
      expect(argument(source.jobs[0], 'build_opts')).toBe(text);
    }
  });

  test('the tool of the command line wins over the file', async () => {
    const [build] = await jobsOf(TESTS, { tool: 'other' });
    expect(build?.tool).toEqual({ name: 'other', version: '' });
    expect(build?.resources).toEqual({ OTHER: 1 });
  });

  test('an override replaces a value before wildcards are expanded', async () => {
    const overrides = [{ name: 'cov_merge_cmd', value: '{name}_merge' }];
    expect(await buildOpts({ overrides, build_opts: ['{cov_merge_cmd}'] })).toBe('block_merge');
  });
});

describe('wildcards', () => {
  test('expand through keys, lists and numbers; true is 1 and false is 0', async () => {
    const keys = { a: '{b}!', b: ['x', 5, true, false], build_opts: ['<{a}>'] };
    expect(await buildOpts(keys)).toBe('<x 5 1 0!>');
  });

  test('can put a name together', async () => {
    expect(await buildOpts({ level: 'high', level_high: 'H', build_opts: ['{level_{level}}'] })).toBe('H');
  });

  test('that belong to jobs are looked up in the config when a name is complete', async () => {
    const keys = { opts_default: 'D', opts_fast: 'F', build_opts: ['{opts_{build_mode}}'] };
    expect(await buildOpts(keys)).toBe('D');
  });

  test('fall back to the environment, after the config', async () => {
    const project = simProject({ ...TESTS, b: 'config', build_opts: ['{A_VARIABLE} {b}'] });
    const { source } = await project.load('sim.hjson', {}, { env: { A_VARIABLE: 'env', b: 'env' } });
    expect(argument(source.jobs[0], 'build_opts')).toBe('env config');
  });

  test('of the folder of the config: self_dir', async () => {
    const project = simProject({ build_opts: ['{self_dir}'], ...TESTS });
    const { source } = await project.load('sim.hjson');
    expect(argument(source.jobs[0], 'build_opts')).toBe(project.root);
  });
});

describe('commands', () => {
  test('take the rest of the text, expanded, and stand for their output', async () => {
    const keys = { word: 'b c', build_opts: ["a {eval_cmd} echo {word} | tr ' ' '-'"] };
    expect(await buildOpts(keys)).toBe('a b-c');
  });

  test('lose one newline at the end, and only one', async () => {
    const keys = { lines: `{eval_cmd} printf 'x\\n\\n'`, build_opts: ['{lines}.'] };
    expect(await buildOpts(keys)).toBe('x\n.');
  });

  test('of one text run once, wherever they stand', async () => {
    const project = simProject({});
    const count = `{eval_cmd} echo x >> '${project.path('ran')}'; wc -l < '${project.path('ran')}'`;
    const config = { name: 'block', dut: 'block', import_cfgs: ['{proj_root}/base.hjson'], ...TESTS };
    project.write({
      'sim.hjson': configText({ ...config, c1: count, c2: count, build_opts: ['{c1}{c2}', count] }),
    });
    const { source } = await project.load('sim.hjson');
    expect(argument(source.jobs[0], 'build_opts')).toBe('11 1');
  });

  test('wait for what only the job knows', async () => {
    const keys = { build_opts: ['{eval_cmd} echo {build_mode} | tr a-z A-Z'] };
    expect(await buildOpts(keys)).toBe('DEFAULT');
  });

  test('can give text with wildcards, which is expanded', async () => {
    expect(await buildOpts({ word: 'w', build_opts: [`{eval_cmd} printf '{%s}' word`] })).toBe('w');
  });

  test('see no input, and one that ends its shell does not disturb the others', async () => {
    const keys = {
      build_opts: ['{eval_cmd} cat; echo read', '{eval_cmd} kill -9 $$; echo survived', '{eval_cmd} echo c'],
    };
    await expect(buildOpts(keys)).rejects.toThrow('failed with exit code');
    expect(
      await buildOpts({
        build_opts: ['{eval_cmd} cat; echo read', '{eval_cmd} exit 0', '{eval_cmd} echo c'],
      }),
    ).toBe('read  c');
  });
});

describe('lists of configs', () => {
  const child = (name: string, keys: Keys = {}): Record<string, unknown> => ({
    name,
    dut: name,
    import_cfgs: ['{proj_root}/base.hjson'],
    ...TESTS,
    ...keys,
  });

  test('files and dicts give a block each, in order', async () => {
    const uses = ['{proj_root}/a.hjson', child('b', { rel_path: 'reports/b' })];
    const project = new Project({
      'all.hjson': configText({ name: 'all', flow: 'sim', use_cfgs: uses }),
      'a.hjson': configText(child('a')),
    });
    const plan = await project.load('all.hjson', { fixedSeed: '1' });
    expect(plan.source.jobs.map((job) => job.fullName)).toEqual([
      'a:default',
      'a:0.t1.1',
      'b:default',
      'b:0.t1.1',
    ]);
    expect(
      plan.blocks.map(({ name, firstJob, jobCount, relPath }) => [name, firstJob, jobCount, relPath]),
    ).toEqual([
      ['a', 0, 2, '.'],
      ['b', 2, 2, 'reports/b'],
    ]);
    expect(plan.isPrimary).toBe(true);
    expect(plan.source.locate(1)).toEqual({ file: project.path('a.hjson') });
    expect(plan.source.locate(2)).toEqual({ file: project.path('all.hjson') });
  });

  test('can be narrowed by name', async () => {
    const uses = ['a', 'b', 'c'].map((name) => child(name));
    const project = new Project({ 'all.hjson': configText({ name: 'all', flow: 'sim', use_cfgs: uses }) });
    const plan = await project.load('all.hjson', { selectCfgs: ['c', 'a'] });
    expect(plan.blocks.map(({ name }) => name)).toEqual(['a', 'c']);
  });

  test('an item that matches in one block only is no cause for a warning', async () => {
    const uses = [child('a'), child('b', { tests: [{ name: 'only_b' }] })];
    const project = new Project({ 'all.hjson': configText({ name: 'all', flow: 'sim', use_cfgs: uses }) });
    const plan = await project.load('all.hjson', { items: ['only_b'], fixedSeed: '1' });
    expect(plan.warnings).toEqual([]);
    expect(plan.source.jobs.map((job) => job.fullName)).toEqual(['b:default', 'b:0.only_b.1']);
  });
});
