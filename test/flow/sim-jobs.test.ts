// The jobs of a sim config: builds, runs, seeds, limits, coverage; and the options that change them.
import { chmodSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { FlowOptions } from '../../src/flow/index.js';
import type { JobSpec } from '../../src/model/index.js';
import { argument, jobsOf, simProject, type Keys } from './project.js';

const two = { tests: [{ name: 'a', reseed: 3 }, { name: 'b' }], regressions: [{ name: 'smoke' }] };

/** The runs among the jobs. */
async function runsOf(keys: Keys, options: FlowOptions = {}): Promise<JobSpec[]> {
  return (await jobsOf(keys, options)).filter((job) => job.target === 'run');
}

/** Full names of all jobs. */
async function namesOf(keys: Keys, options: FlowOptions = {}): Promise<string[]> {
  return (await jobsOf(keys, { fixedSeed: '9', ...options })).map((job) => job.fullName);
}

describe('a job', () => {
  test('has all fields filled in', async () => {
    const project = simProject({ ...two, variant: 'v', exports: [{ A: '{name}' }, { B: 1 }, { C: true }] });
    const [build, run] = (await project.load('sim.hjson', { items: ['b'], seeds: ['77'] })).source.jobs;
    const area = project.path('scratch/main/block-sim-icarus');
    const common = {
      block: { name: 'block', variant: 'v' },
      tool: { name: 'icarus', version: '' },
      backend: null,
      resources: { ICARUS: 1 },
      exports: { A: 'block', B: '1', C: 'True' },
      dryRun: false,
      interactive: false,
      linksDir: area,
      needsAllDependenciesPassing: true,
      timeoutMins: 60,
      fake: null,
    };
    expect(build).toEqual({
      ...common,
      fullName: 'block_v:default',
      name: 'default',
      qualName: 'default',
      jobType: 'CompileSim',
      target: 'build',
      seed: null,
      dependencies: [],
      weight: 5,
      cmd:
        `make -f ${project.root}/sim.mk build build_cmd=compile build_dir=${area}/default build_opts='' ` +
        `post_build_cmds='' post_build_opts='' pre_build_cmds='' proj_root=${project.root} ` +
        `sv_flist_gen_cmd='' sv_flist_gen_dir='' sv_flist_gen_opts=''`,
      odir: `${area}/default`,
      renewOdir: false,
      logPath: `${area}/default/build.log`,
      passPatterns: [],
      failPatterns: ['^ERROR'],
    });
    expect(run).toEqual({
      ...common,
      fullName: 'block_v:0.b.77',
      name: 'b',
      qualName: '0.b.77',
      jobType: 'RunTest',
      target: 'run',
      seed: 77,
      dependencies: ['block_v:default'],
      weight: 1,
      cmd:
        `make -f ${project.root}/sim.mk run build_seed=None post_run_cmds='' pre_run_cmds='' ` +
        `proj_root=${project.root} run_cmd=${area}/default/sim run_dir=${area}/0.b/latest run_opts='' seed=77 ` +
        `sw_build_cmd='' sw_build_device='' sw_build_opts='' sw_images='' uvm_test='' uvm_test_seq=''`,
      odir: `${area}/0.b/latest`,
      renewOdir: true,
      logPath: `${area}/0.b/latest/run.log`,
      passPatterns: ['^PASSED$'],
      failPatterns: ['^FAILED'],
    });
  });

  test('quotes what a shell would take apart, and joins commands by &&', async () => {
    const keys = { ...two, build_opts: ["it's", ' b '], pre_build_cmds: ['one', 'two'] };
    const [build] = await jobsOf(keys);
    expect(build?.cmd).toContain(` build_opts='it'"'"'s b' `);
    expect(build?.cmd).toContain(` pre_build_cmds='one && two' `);
  });

  test('shares what does not depend on the seed', async () => {
    const [first, second] = await runsOf(two, { items: ['a'] });
    expect(first?.exports).toBe(second?.exports);
    expect(first?.resources).toBe(second?.resources);
    expect(first?.dependencies).toBe(second?.dependencies);
  });

  test('is frozen', async () => {
    expect((await jobsOf(two)).every((job) => Object.isFrozen(job))).toBe(true);
  });
});

describe('tests and regressions', () => {
  test('seeds are interleaved: every test once, then again', async () => {
    const runs = await runsOf(two, { seeds: ['1', '2', '3', '4'] });
    expect(runs.map((run) => run.qualName)).toEqual(['0.a.1', '0.b.4', '1.a.2', '2.a.3']);
  });

  test('globs match, each test once', async () => {
    const tests = ['uart_tx', 'uart_rx', 'spi'].map((name) => ({ name }));
    const items = ['uart_[!r]x', 'uart_?x', '*x'];
    expect(await namesOf({ tests }, { items })).toEqual([
      'block:default',
      'block:0.uart_tx.9',
      'block:0.uart_rx.9',
    ]);
  });

  test('a regression without tests runs all, one with an empty list none', async () => {
    const regressions = [{ name: 'all' }, { name: 'none', tests: [] }];
    expect(await namesOf({ ...two, regressions }, { items: ['all'] })).toHaveLength(3);
    await expect(namesOf({ ...two, regressions }, { items: ['none'] })).rejects.toThrow('nothing to run');
  });

  test('regressions of one name are merged', async () => {
    const regressions = [
      { name: 'smoke', tests: [], reseed: 2, run_opts: ['+s'] },
      { name: 'smoke', tests: ['b'] },
    ];
    const runs = await runsOf({ ...two, regressions });
    expect(runs.map((run) => [run.name, argument(run, 'run_opts')])).toEqual([
      ['b', '+s'],
      ['b', '+s'],
    ]);
  });

  test('a regression that shares a test with an earlier one is left out, with a warning', async () => {
    const regressions = [
      { name: 'r1', tests: ['a'] },
      { name: 'r2', tests: ['a', 'b'] },
    ];
    const plan = await simProject({ ...two, regressions }).load('sim.hjson', { items: ['r*'] });
    expect(plan.source.jobs.map((job) => job.name)).toEqual(['default', 'a', 'a', 'a']);
    expect(plan.warnings.map(({ message }) => message)).toEqual([
      'regression "r2" is left out: its test "a" is in another regression of this run',
    ]);
  });

  test('a test that a regression names and nobody defines is a warning', async () => {
    const regressions = [{ name: 'smoke', tests: ['a', 'gone'] }];
    const plan = await simProject({ ...two, regressions }).load('sim.hjson');
    expect(plan.warnings.map(({ message }) => message)).toEqual([
      'regression "smoke" names a test that the config does not define: "gone"',
    ]);
  });

  test('options come from the test, its modes, its build mode, the regression and the config, in this order', async () => {
    const keys = {
      build_modes: [{ name: 'm', run_opts: ['build_mode'], build_opts: ['m'] }],
      run_modes: [{ name: 'r', run_opts: ['run_mode'] }],
      tests: [{ name: 'a', build_mode: 'm', en_run_modes: ['r'], run_opts: ['test'] }],
      regressions: [{ name: 'smoke', run_opts: ['regression'], build_opts: ['+r'] }],
      run_opts: ['config'],
      build_opts: ['config'],
    };
    const [build, run] = await jobsOf(keys, { runOpts: ['line'] });
    expect(argument(run, 'run_opts')).toBe('test run_mode build_mode regression line config');
    expect(argument(build, 'build_opts')).toBe('m +r config');
  });

  test('what a test leaves open comes from the config', async () => {
    const keys = {
      ...two,
      overrides: [
        { name: 'uvm_test', value: 'common' },
        { name: 'reseed', value: 2 },
      ],
    };
    const runs = await runsOf({
      ...keys,
      tests: [
        { name: 'a', uvm_test: 'own' },
        { name: 'b', reseed: 1 },
      ],
    });
    expect(runs.map((run) => [run.name, argument(run, 'uvm_test')])).toEqual([
      ['a', 'own'],
      ['b', 'common'],
      ['a', 'own'],
    ]);
  });

  test('sub-modes are merged innermost first, and again wherever they are reached, as DVSim does', async () => {
    const run_modes = [
      { name: 'outer', en_run_modes: ['middle'], run_opts: ['o'] },
      { name: 'middle', en_run_modes: ['inner'], run_opts: ['m'] },
      { name: 'inner', run_opts: ['i'] },
    ];
    const [run] = await runsOf(
      { run_modes, tests: [{ name: 'a', en_run_modes: ['outer'] }] },
      { items: ['a'] },
    );
    expect(argument(run, 'run_opts')).toBe('o m i i');
  });
});

describe('builds', () => {
  const modes = (...opts: string[]): Keys => ({
    build_modes: opts.map((opt, i) => ({ name: `m${i}`, build_opts: [opt] })),
    tests: opts.map((_, i) => ({ name: `t${i}`, build_mode: `m${i}` })),
    primary_build_mode: 'm0',
  });

  test('modes that build the same share a build', async () => {
    const jobs = await jobsOf(modes('x', 'y', 'x'), { items: ['t*'] });
    expect(jobs.filter((job) => job.target === 'build').map((job) => job.name)).toEqual(['m0', 'm1']);
    expect(jobs.map((job) => job.dependencies)).toEqual([[], [], ['block:m0'], ['block:m1'], ['block:m0']]);
    expect(argument(jobs[4], 'run_cmd')).toMatch(/\/m0\/sim$/);
  });

  test('a build that differs only by its own name is the same', async () => {
    const jobs = await jobsOf(modes('+name={build_mode}', '+name={build_mode}'), { items: ['t*'] });
    expect(jobs.filter((job) => job.target === 'build')).toHaveLength(1);
  });

  test('only what is asked for: --build-only, --run-only', async () => {
    expect(await namesOf(two, { buildOnly: true })).toEqual(['block:default']);
    const runs = await jobsOf(two, { runOnly: true, items: ['b'] });
    expect(runs.map((job) => [job.target, job.dependencies])).toEqual([['run', []]]);
  });

  test('--build-unique adds the time to the folder', async () => {
    const [build] = await jobsOf(two, { buildUnique: true });
    expect(build?.odir).toMatch(/block-sim-icarus\/default_20261124_093005$/);
  });

  test('--build-seed goes to builds and runs, and switches the build_seed mode on', async () => {
    const keys = {
      ...two,
      build_modes: [{ name: 'build_seed', is_sim_mode: 1, build_opts: ['+seed={seed}'] }],
    };
    const [build, run] = await jobsOf(keys, { buildSeed: '12', items: ['b'] });
    expect([build?.seed, argument(build, 'build_opts'), argument(run, 'build_seed')]).toEqual([
      12,
      '+seed=12',
      '12',
    ]);
  });
});

describe('seeds', () => {
  test('a fixed seed means one run a test', async () => {
    expect((await runsOf(two, { fixedSeed: '7', reseed: 5 })).map((run) => run.seed)).toEqual([7, 7]);
  });

  test('given seeds come first, the fixed one after them', async () => {
    const runs = await runsOf(two, { seeds: ['5'], fixedSeed: '7' });
    expect(runs.map((run) => run.qualName)).toEqual(['0.a.5', '0.b.7']);
  });

  test('of 256 bits are kept digit by digit; svseed is their low 32 bits', async () => {
    const seed = (2n ** 255n + 5n).toString();
    const [run] = await runsOf({ ...two, run_opts: ['{svseed}'] }, { fixedSeed: seed });
    expect(run?.seed).toBeNull();
    expect(run?.qualName).toBe(`0.a.${seed}`);
    expect(argument(run, 'seed')).toBe(seed);
    expect(argument(run, 'run_opts')).toBe('5');
  });

  test('random ones fit 32 bits, are the same for the same entropy, and differ for another', async () => {
    const project = simProject(two);
    const seedsFor = async (entropy: string): Promise<(number | null)[]> => {
      const { source } = await project.load('sim.hjson', { reseed: 20 }, { entropy });
      return source.jobs.filter((job) => job.target === 'run').map((job) => job.seed);
    };
    const [first, again, other] = [await seedsFor('x'), await seedsFor('x'), await seedsFor('y')];
    expect(first).toEqual(again);
    expect(first).not.toEqual(other);
    expect(new Set(first).size).toBe(40);
    expect(first.every((seed) => seed !== null && seed >= 0 && seed < 2 ** 32)).toBe(true);
  });

  test.each([
    [2, 0.5, 1],
    [5, 0.5, 2],
    [7, 0.5, 4],
    [1, 0.1, 1],
    [3, 10, 30],
  ])('%d times %d is %d runs', async (reseed, reseedMultiplier, count) => {
    expect(await runsOf(two, { items: ['b'], reseed, reseedMultiplier })).toHaveLength(count);
  });

  test('a command that needs the seed runs once for each', async () => {
    const runs = await runsOf(
      { ...two, run_opts: ['{eval_cmd} expr {seed} + 1'] },
      { seeds: ['1', '2', '3', '4'] },
    );
    expect(runs.map((run) => argument(run, 'run_opts'))).toEqual(['2', '5', '3', '4']);
  });

  test('a name made with the seed is looked up for each', async () => {
    const keys = { ...two, opt_0: 'zero', opt_1: 'one', opt_2: 'two', run_opts: ['{opt_{index}}'] };
    const runs = await runsOf(keys, { items: ['a'] });
    expect(runs.map((run) => argument(run, 'run_opts'))).toEqual(['zero', 'one', 'two']);
  });

  test('exports and patterns may depend on the seed', async () => {
    const keys = { ...two, exports: [{ S: '{seed}' }], run_pass_patterns: ['^seed {seed}$'] };
    const modes = { build_modes: [{ name: 'build_seed', is_sim_mode: 1 }] };
    const options = { items: ['a'], seeds: ['4', '5', '6'], buildSeed: '1' };
    const runs = await runsOf({ ...keys, ...modes }, options);
    expect(runs.map((run) => run.exports['S'])).toEqual(['4', '5', '6']);
    expect(runs.map((run) => run.passPatterns[0])).toEqual(['^seed 4$', '^seed 5$', '^seed 6$']);
  });
});

describe('limits and windows', () => {
  test.each<[Keys, FlowOptions, number]>([
    [{}, {}, 60],
    [{ run_timeout_mins: 20 }, {}, 20],
    [{ run_timeout_mins: 20, run_timeout_multiplier: 1.55 }, {}, 31],
    [{ run_timeout_multiplier: 3 }, {}, 60],
    [{ run_timeout_mins: 20 }, { runTimeoutMins: 5, runTimeoutMultiplier: 2 }, 10],
  ])('%j with %j: %d minutes', async (keys, options, mins) => {
    const [run] = await runsOf({ tests: [{ name: 'a', ...keys }] }, { items: ['a'], ...options });
    expect(run?.timeoutMins).toBe(mins);
  });

  test('a build takes its limit from its mode or the command line, not from the config', async () => {
    const mode = { name: 'm', build_timeout_mins: 7 };
    const keys = {
      build_timeout_mins: 99,
      build_modes: [mode],
      tests: [{ name: 'a', build_mode: 'm' }, { name: 'b' }],
    };
    const limits = async (items: string[], options: FlowOptions = {}): Promise<number | null | undefined> =>
      (await jobsOf(keys, { items, ...options }))[0]?.timeoutMins;
    expect(await limits(['a'])).toBe(7);
    expect(await limits(['b'])).toBe(60);
    expect(await limits(['a'], { buildTimeoutMins: 90 })).toBe(90);
  });

  test('--gui runs one test, without limit and patterns', async () => {
    const keys = { ...two, build_modes: [{ name: 'gui', is_sim_mode: 1 }] };
    const plan = await simProject(keys).load('sim.hjson', { gui: true });
    const [run, ...more] = plan.source.jobs.filter((job) => job.target === 'run');
    expect([run?.timeoutMins, run?.passPatterns, run?.failPatterns, more]).toEqual([null, [], [], []]);
    expect(plan.warnings.map(({ code }) => code)).toEqual(['gui-one-run']);
  });

  test('--interactive runs each test once, in the terminal', async () => {
    const runs = await runsOf(two, { interactive: true });
    expect(runs.map((run) => [run.name, run.interactive])).toEqual([
      ['a', true],
      ['b', true],
    ]);
  });

  test('--dry-run reaches make', async () => {
    const [build] = await jobsOf(two, { dryRun: true });
    expect(build?.dryRun).toBe(true);
    expect(build?.cmd).toMatch(/^make -f \S+ build -n /);
  });

  test('--waves, --profile, --verbosity and --job-prefix reach the config', async () => {
    const build_modes = ['waves', 'profile'].map((name) => ({
      name,
      is_sim_mode: 1,
      build_opts: [`+${name}`],
    }));
    const keys = { ...two, build_modes, verbosity: 'l', build_opts: ['{waves} {profile} {verbosity}'] };
    const [build] = await jobsOf(keys, { waves: 'vcd', profile: 'mem', verbosity: 'd', jobPrefix: 'nice' });
    expect(argument(build, 'build_opts')).toBe('vcd mem d +waves +profile');
    expect(argument(build, 'build_cmd')).toBe('nice compile');
  });

  test('--xprop-off leaves the xprop mode off', async () => {
    const keys = { ...two, build_modes: [{ name: 'xprop', is_sim_mode: 1, build_opts: ['+xprop'] }] };
    expect(argument((await jobsOf(keys))[0], 'build_opts')).toBe('+xprop');
    expect(argument((await jobsOf(keys, { xpropOff: true }))[0], 'build_opts')).toBe('');
  });
});

describe('coverage', () => {
  const modes = {
    build_modes: ['z', 'y', 'x'].map((name, i) => ({ name, build_opts: [`+option${i}`] })),
    tests: ['z', 'y', 'x'].map((name) => ({ name: `t_${name}`, build_mode: name })),
    primary_build_mode: 'y',
  };

  test('is merged of all runs, the primary build first, and reported', async () => {
    const project = simProject(modes);
    const plan = await project.load('sim.hjson', { items: ['t_*'], cov: true, fixedSeed: '3' });
    const [merge, report] = plan.source.jobs.slice(-2);
    const area = project.path('scratch/main/block-sim-icarus');
    const dirs = ['y', 'x', 'z'].map((name) => `${area}/cov/${name}`).join(' ');
    expect(merge).toMatchObject({
      fullName: 'block:cov_merge',
      name: 'block',
      dependencies: ['block:0.t_z.3', 'block:0.t_y.3', 'block:0.t_x.3'],
      needsAllDependenciesPassing: false,
      timeoutMins: null,
      weight: 10,
      odir: `${area}/cov_merge/merged`,
      exports: { cov_db_dirs: `'${dirs}'` },
    });
    expect(argument(merge, 'cov_merge_opts')).toBe(dirs);
    expect(report).toMatchObject({ fullName: 'block:cov_report', dependencies: ['block:cov_merge'] });
    expect(plan.blocks[0]?.coverage).toEqual({
      mergedDir: `${area}/cov_merge/merged`,
      reportFile: `${area}/cov_report/report.txt`,
      reportPage: '',
      reportDir: `${area}/cov_report`,
      annotatedPlan: null,
    });
    expect([...plan.coverageOfRun][0]).toEqual(['block:0.t_z.3', `${area}/cov/z/t_z.3`]);
  });

  test('of earlier runs is merged with --cov-merge-previous', async () => {
    const project = simProject(two);
    const merges = project.path('scratch/main/block-sim-icarus/cov_merge');
    project.write({ 'scratch/main/block-sim-icarus/cov_merge/merged/x': '' });
    const plan = await project.load('sim.hjson', { cov: true, covMergePrevious: true });
    const merge = plan.source.jobs.find((job) => job.target === 'cov_merge');
    expect(argument(merge, 'cov_merge_opts')).toMatch(new RegExp(` ${merges}/20261124_093005$`));
    expect(plan.prepare).toContainEqual({
      kind: 'move',
      path: `${merges}/merged`,
      to: `${merges}/20261124_093005`,
    });
  });

  test('fills in a verification plan where the config has one', async () => {
    const keys = {
      ...two,
      vplan: '{proj_root}/data/plan.hjson',
      dut_instance: 'tb.dut',
      cov_vplan_prepare_opts: ['-x'],
    };
    const project = simProject(keys, { 'bin/dvplan': '' });
    chmodSync(project.path('bin/dvplan'), 0o755);
    const env = { PATH: project.path('bin') };
    const withTool = (await project.load('sim.hjson', { cov: true }, { env })).source.jobs.at(-1);
    const area = project.path('scratch/main/block-sim-icarus');
    expect(withTool).toMatchObject({ fullName: 'block:cov_vplan', dependencies: ['block:cov_report'] });
    expect(withTool?.cmd).toBe(
      `/usr/bin/env bash -c 'set -e; mkdir -p ${area}/cov_vplan; dvplan prepare_vplan -x ${project.root} ` +
        `${project.root}/data/plan.hjson ${area}/cov_vplan/vplan_annotated.hjson && dvplan process_results ` +
        `--coverage icarus_report ${area}/cov_report -R ${area}/cov_vplan/vplan_annotated.html -s block tb.dut ` +
        `${area}/cov_vplan/vplan_annotated.hjson'`,
    );
    const without = (await project.load('sim.hjson', { cov: true }, { env: {} })).source.jobs.at(-1);
    expect(without?.cmd).toContain('dvplan tool not installed');
  });

  test('--cov-unr and --cov-analyze make one job and look at no items', async () => {
    const line = [
      'cov_unr_build_cmd',
      'cov_unr_build_opts',
      'cov_unr_run_cmd',
      'cov_unr_run_opts',
      'cov_unr_dir',
    ];
    const analyze = ['cov_analyze_cmd', 'cov_analyze_opts', 'cov_analyze_dir'];
    const keys = { ...two, ...Object.fromEntries([...line, ...analyze].map((key) => [key, `the_${key}`])) };
    expect(await namesOf(keys, { covUnr: true, tool: 'vcs', items: ['nothing'] })).toEqual(['block:cov_unr']);
    expect(await namesOf(keys, { covAnalyze: true })).toEqual(['block:cov_analyze']);
  });
});

test('the same load gives the same plan', async () => {
  const project = simProject({ ...two, build_opts: ['{eval_cmd} echo x'] });
  const loads = [
    await project.load('sim.hjson', { cov: true }),
    await project.load('sim.hjson', { cov: true }),
  ];
  expect(loads[0]?.source.jobs).toEqual(loads[1]?.source.jobs);
});

test('a purge is a step to be done, not done by loading', async () => {
  const project = simProject(two, { 'scratch/main/block-sim-icarus/old': '' });
  const plan = await project.load('sim.hjson', { purge: true });
  expect(plan.prepare[0]).toEqual({ kind: 'remove', path: project.path('scratch/main/block-sim-icarus') });
  expect(plan.prepare.at(-1)).toEqual({ kind: 'make-scratch-root', path: project.path('scratch') });
});

test('the z01x tool gets the options of its simulation in the environment', async () => {
  const keys = { ...two, run_opts: ['+a', ' +b'], run_opts_fi_sim: ['-fi'] };
  const [run] = await runsOf(keys, { tool: 'z01x', items: ['b'] });
  expect(run?.exports['sim_run_opts']).toBe('+a +b');
  expect(argument(run, 'run_opts')).toBe('-fi');
});
