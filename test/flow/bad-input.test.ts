// What a user is told of bad input: the exact message for each case.
import { describe, expect, test } from 'vitest';
import type { FlowOptions } from '../../src/flow/index.js';
import { configText, problemsOf, Project, simProject, type Keys } from './project.js';

const TESTS = {
  tests: [{ name: 't1' }, { name: 't2' }],
  regressions: [{ name: 'smoke', tests: ['t1'] }],
};

/** Problems of loading the base with these keys. */
async function problems(keys: Keys, options: FlowOptions = {}): Promise<string[]> {
  const project = simProject(keys);
  return problemsOf(project, project.load('sim.hjson', options));
}

/** Files that import the files named. */
function importing(files: Readonly<Record<string, readonly string[]>>): Project {
  const texts = Object.entries(files).map(([name, imports]) => {
    const paths = imports.map((path) => `{proj_root}/${path}`);
    return [name, configText({ import_cfgs: paths })];
  });
  return new Project(Object.fromEntries(texts) as Record<string, string>);
}

describe('files', () => {
  test('a config that is not there', async () => {
    const project = new Project();
    expect(await problemsOf(project, project.load('no.hjson'))).toEqual(['@/no.hjson: no such file']);
  });

  test('an imported file that is not there', async () => {
    const project = importing({ 'a.hjson': ['no.hjson'] });
    expect(await problemsOf(project, project.load('a.hjson'))).toEqual([
      '@/no.hjson: no such file; named by import_cfgs of @/a.hjson',
    ]);
  });

  test('a syntax error, with its place', async () => {
    const project = new Project({ 'a.hjson': '{\n  flow: sim\n  tests: [\n    { name: "t1" ]\n}' });
    expect(await problemsOf(project, project.load('a.hjson'))).toEqual([
      "@/a.hjson:4:18: found ']' where a key name was expected (check your syntax or use quotes " +
        'if the key name includes {}[],: or whitespace)',
    ]);
  });

  test('a text that its line ends before it does', async () => {
    const project = new Project({ 'a.hjson': '{\n  flow: "sim\n}' });
    expect(await problemsOf(project, project.load('a.hjson'))).toEqual([
      '@/a.hjson:2:13: bad string containing newline',
    ]);
  });

  test('a text without quotes that takes the bracket after it along', async () => {
    const project = new Project({ 'a.hjson': '{ name: a, flow: sim }' });
    expect(await problemsOf(project, project.load('a.hjson'))).toEqual([
      "@/a.hjson:1:22: end of input while parsing an object (missing '}') " +
        '(a text without quotes goes on to the end of its line, brackets and commas included)',
    ]);
  });

  test('a file that is a list', async () => {
    const project = new Project({ 'a.hjson': '[1, 2]' });
    expect(await problemsOf(project, project.load('a.hjson'))).toEqual([
      '@/a.hjson: the file holds a list, not key: value pairs',
    ]);
  });

  test('a folder', async () => {
    const project = new Project({ 'a/b.hjson': '{}' });
    expect(await problemsOf(project, project.load('a'))).toEqual(['@/a: cannot be read: EISDIR']);
  });

  test('a file imported by two others', async () => {
    const project = importing({
      'a.hjson': ['b.hjson', 'c.hjson'],
      'b.hjson': ['d.hjson'],
      'c.hjson': ['d.hjson'],
      'd.hjson': [],
    });
    expect(await problemsOf(project, project.load('a.hjson'))).toEqual([
      '@/b.hjson: @/d.hjson is imported twice: by @/c.hjson and here (import each file once)',
    ]);
  });

  test('files that import each other', async () => {
    const project = importing({ 'a.hjson': ['b.hjson'], 'b.hjson': ['a.hjson'] });
    expect(await problemsOf(project, project.load('a.hjson'))).toEqual([
      '@/b.hjson: @/a.hjson is imported twice: by the command line and here (import each file once)',
    ]);
  });
});

describe('values', () => {
  test.each([
    ['build_dir', 'key "build_dir" is not set, but a job has its output there'],
    ['run_dir', 'key "run_dir" is not set, but a job has its output there'],
    ['cov_report_dir', 'key "cov_report_dir" is not set, but a job has its output there'],
    ['scratch_path', 'key "scratch_path" is not set: the folder of all jobs'],
  ])('no %s: nothing is written where Regatta was started', async (key, message) => {
    const project = simProject({ ...TESTS, overrides: [{ name: key, value: '' }] });
    expect(await problemsOf(project, project.load('sim.hjson', { cov: true }))).toEqual([
      `@/sim.hjson: ${message}`,
    ]);
  });

  test('tests that are no list', async () => {
    expect(await problems({ tests: 'uart_smoke' })).toEqual([
      '@/sim.hjson: key "tests" is "uart_smoke" here, but [] in the command line or a built-in default ' +
        '(a text against a list) (use "overrides" to replace a value)',
    ]);
  });

  test('a regression that names no test there is', async () => {
    const regressions = [{ name: 'smoke', tests: ['uart_smoke', 3] }];
    expect(await problems({ ...TESTS, regressions })).toEqual([
      '@/sim.hjson: regression "smoke" names tests that the config does not define: "uart_smoke", "3"',
      '@/sim.hjson: the config gives nothing to run',
    ]);
  });

  test('--build-only and --run-only at once', async () => {
    expect(await problems(TESTS, { buildOnly: true, runOnly: true })).toEqual([
      '@/sim.hjson: the config gives nothing to run (of --build-only and --run-only, each leaves out what the other would do)',
    ]);
  });

  test('an item that is a misspelt test', async () => {
    const keys = { ...TESTS, tests: [{ name: 'uart_smoke' }, { name: 't1' }] };
    expect(await problems(keys, { items: ['uart_smok'] })).toEqual([
      '@/sim.hjson: item "uart_smok" matches no regression or test (did you mean "uart_smoke"?)',
    ]);
  });

  test.each(['.', '..'])('the branch %s', async (branch) => {
    expect(await problems(TESTS, { branch })).toEqual([
      `--branch ${branch} would lead out of its folder below the scratch root`,
    ]);
  });

  test('two scalars that differ', async () => {
    expect(await problems({ cov_merge_cmd: 'other' })).toEqual([
      '@/base.hjson: key "cov_merge_cmd" is "merge" here, but "other" in @/sim.hjson ' +
        '(use "overrides" to replace a value)',
    ]);
  });

  test('all conflicts of a file together', async () => {
    expect(await problems({ cov_merge_cmd: 'other', cov_report_cmd: 5 })).toEqual([
      '@/base.hjson: key "cov_merge_cmd" is "merge" here, but "other" in @/sim.hjson ' +
        '(use "overrides" to replace a value)',
      '@/base.hjson: key "cov_report_cmd" is "report" here, but 5 in @/sim.hjson (a text against a number) ' +
        '(use "overrides" to replace a value)',
    ]);
  });

  test('a value of the wrong type', async () => {
    const project = new Project({ 'a.hjson': configText({ import_cfgs: 'b.hjson' }) });
    expect(await problemsOf(project, project.load('a.hjson'))).toEqual([
      '@/a.hjson: key "import_cfgs" must be a list, not the text "b.hjson"',
    ]);
  });

  test('a list where a text belongs', async () => {
    expect(await problems({ testplan: ['a'] })).toEqual([
      '@/sim.hjson: key "testplan" is ["a"] here, but "" in the command line or a built-in default ' +
        '(a list against a text) (use "overrides" to replace a value)',
    ]);
  });

  test('an override of a key that nobody sets', async () => {
    expect(await problems({ overrides: [{ name: 'no_such_key', value: 1 }] })).toEqual([
      '@/sim.hjson: key "overrides": "no_such_key" cannot be overridden, no config sets it',
    ]);
  });

  test('an override of another type', async () => {
    expect(await problems({ overrides: [{ name: 'cov_merge_cmd', value: ['x'] }] })).toEqual([
      '@/sim.hjson: key "overrides": "cov_merge_cmd" cannot be overridden: the text "merge" by the list ["x"]',
    ]);
  });

  test('two overrides of one key', async () => {
    const override = { name: 'cov_merge_cmd', value: 'x' };
    expect(await problems({ overrides: [override, override] })).toEqual([
      '@/sim.hjson: key "overrides": "cov_merge_cmd" is overridden twice: "x" and "x"',
    ]);
  });

  test('an override that is no pair', async () => {
    expect(await problems({ overrides: [{ cov_merge_cmd: 'x' }] })).toEqual([
      '@/sim.hjson: key "overrides": an override has a name and a value, this one is {"cov_merge_cmd":"x"}',
    ]);
  });

  test('all keys that a job needs and nobody sets', async () => {
    const set = {
      name: 'b',
      flow: 'lint',
      tool: 't',
      scratch_path: 's',
      build_dir: 'd',
      sv_flist_gen_cmd: '',
    };
    const project = new Project({ 'lint.hjson': configText(set) });
    const missing = ['sv_flist_gen_opts', 'build_fail_patterns', 'build_pass_patterns'];
    expect(await problemsOf(project, project.load('lint.hjson'))).toEqual(
      missing.map(
        (key) => `@/lint.hjson: key "${key}" is not set, but build mode "default" needs it for its build job`,
      ),
    );
  });
});

describe('wildcards', () => {
  test('an unknown one, where it stands', async () => {
    expect(await problems({ ...TESTS, build_opts: ['{other}'], other: '{nobody_knows}' })).toEqual([
      '@/sim.hjson:26:12: key "other": unknown wildcard {nobody_knows} ' +
        '(define the key "nobody_knows", or set it in the environment)',
    ]);
  });

  test('a loop, once, however it is entered', async () => {
    expect(await problems({ ...TESTS, build_opts: ['{b}'], b: 'x{c}', c: '{a}', a: '{b}' })).toEqual([
      '@/sim.hjson:28:8: key "a": wildcards go in a loop: {a} -> {b} -> {c} -> {a}',
    ]);
  });

  test('a command that fails, with what it said', async () => {
    const command = '{eval_cmd} echo one; echo two >&2; exit 3';
    expect(await problems({ ...TESTS, build_opts: ['{v}'], v: command })).toEqual([
      '@/sim.hjson:26:8: key "v": {eval_cmd} failed with exit code 3: echo one; echo two >&2; exit 3; ' +
        'it said: one / two',
    ]);
  });

  test('a command with a wildcard that nobody fills in', async () => {
    expect(await problems({ ...TESTS, v: '{eval_cmd} echo {nobody_knows}' })).toEqual([
      '@/sim.hjson:23:24: key "v": unknown wildcard {nobody_knows} ' +
        '(define the key "nobody_knows", or set it in the environment)',
    ]);
  });

  test('a value without a text form', async () => {
    expect(await problems({ ...TESTS, v: '{regressions}' })).toEqual([
      '@/sim.hjson:23:8: key "v": wildcard {regressions} stands for a value that has no text form',
    ]);
  });
});

describe('flows and tools', () => {
  test('a config without a flow', async () => {
    const project = new Project({ 'a.hjson': configText({ name: 'a' }) });
    expect(await problemsOf(project, project.load('a.hjson'))).toEqual([
      '@/a.hjson: key "flow" is missing (flows: sim, lint, cdc, rdc, syn, formal)',
    ]);
  });

  test('an unknown flow', async () => {
    const project = new Project({ 'a.hjson': configText({ name: 'a', flow: 'dance' }) });
    expect(await problemsOf(project, project.load('a.hjson'))).toEqual([
      '@/a.hjson: unknown flow "dance" (flows: sim, lint, cdc, rdc, syn, formal)',
    ]);
  });

  test('a tool the project has no file for', async () => {
    const project = importing({ 'a.hjson': ['tools/{tool}.hjson'] });
    expect(await problemsOf(project, project.load('a.hjson', { tool: 'nosuch' }))).toEqual([
      '@/a.hjson: unknown tool "nosuch": there is no @/tools/nosuch.hjson (check --tool, or the key "tool")',
    ]);
  });

  test('no tool to name a file by', async () => {
    const project = importing({ 'a.hjson': ['tools/{tool}.hjson'] });
    expect(await problemsOf(project, project.load('a.hjson'))).toEqual([
      '@/a.hjson:3:22: key "import_cfgs": unknown wildcard {tool} (pass --tool)',
    ]);
  });

  test('no tool at all', async () => {
    const project = new Project({ 'b.hjson': configText({ name: 'b', flow: 'lint' }) });
    expect(await problemsOf(project, project.load('b.hjson'))).toEqual([
      '@/b.hjson: the config names no tool (pass --tool, or set the key "tool")',
    ]);
  });

  test('a formal config without a sub-flow', async () => {
    const project = new Project({ 'b.hjson': configText({ name: 'b', flow: 'formal', tool: 't' }) });
    expect(await problemsOf(project, project.load('b.hjson'))).toEqual([
      '@/b.hjson: key "sub_flow" is not set, but the formal flow needs it (set it to fpv or conn)',
    ]);
  });

  test('a wave format the tool does not write', async () => {
    expect(await problems({ ...TESTS, supported_wave_formats: ['vcd'] }, { waves: 'fsdb' })).toEqual([
      '@/sim.hjson: the tool icarus cannot write waves as fsdb (supported: vcd)',
    ]);
  });

  test('a window for debugging with a tool that has none', async () => {
    expect(await problems(TESTS, { guiDebug: true })).toEqual([
      '@/sim.hjson: --gui-debug works with xcelium only, not with icarus',
    ]);
  });

  test('unreachable coverage with a tool that cannot find it', async () => {
    expect(await problems(TESTS, { covUnr: true })).toEqual([
      '@/sim.hjson: --cov-unr works with vcs and xcelium only, not with icarus',
    ]);
  });
});

describe('modes', () => {
  test('one that is not defined', async () => {
    expect(await problems({ tests: [{ name: 't1', build_mode: 'wavs_off' }] })).toEqual([
      '@/sim.hjson: test "t1" enables the mode "wavs_off", which is not defined (did you mean "waves_off"?)',
    ]);
  });

  test('one that is not defined, on the command line', async () => {
    expect(await problems(TESTS, { buildModes: ['fast'] })).toEqual([
      '@/sim.hjson: the command line enables the mode "fast", which is not defined ' +
        '(defined: default, waves_off, xprop, cov)',
    ]);
  });

  test('sub-modes in a cycle', async () => {
    const modes = [
      { name: 'a', en_build_modes: ['b'] },
      { name: 'b', en_build_modes: ['c'] },
      { name: 'c', en_build_modes: ['a'] },
    ];
    expect(await problems({ ...TESTS, build_modes: modes })).toEqual([
      '@/sim.hjson: build modes enable each other in a cycle: a -> b -> c -> a',
    ]);
  });

  test('a mode that enables itself', async () => {
    expect(await problems({ ...TESTS, run_modes: [{ name: 'a', en_run_modes: ['a'] }] })).toEqual([
      '@/sim.hjson: run modes enable each other in a cycle: a -> a',
    ]);
  });

  test('an unknown key', async () => {
    expect(await problems({ tests: [{ name: 't1', run_opt: ['x'] }] })).toEqual([
      '@/sim.hjson: test "t1" has an unknown key "run_opt" (did you mean "run_opts"?)',
    ]);
  });

  test('a mode without a name', async () => {
    expect(await problems({ tests: [{ run_opts: ['x'] }] })).toEqual([
      '@/sim.hjson: a test has no name: {"run_opts":["x"]}',
    ]);
  });

  test('a mode that is no dict', async () => {
    expect(await problems({ tests: ['t1'] })).toEqual([
      '@/sim.hjson: a test must be a dict, not the text "t1"',
    ]);
  });

  test('values that exclude each other', async () => {
    const modes = { run_modes: [{ name: 'm', uvm_test: 'a' }] };
    const tests = [{ name: 't1', uvm_test: 'b', en_run_modes: ['m'] }];
    expect(await problems({ ...modes, tests })).toEqual([
      '@/sim.hjson: test "t1" has uvm_test "b", but "m", merged into it, has "a"',
    ]);
  });

  test('a regression that enables a mode of builds', async () => {
    const regressions = [{ name: 'r', en_sim_modes: ['m'] }];
    expect(await problems({ ...TESTS, build_modes: [{ name: 'm' }], regressions })).toEqual([
      '@/sim.hjson: regression "r" enables "m", which is not a sim mode',
    ]);
  });

  test('a test and a regression of one name', async () => {
    expect(await problems({ tests: [{ name: 't1' }], regressions: [{ name: 't1' }] })).toEqual([
      '@/sim.hjson: "t1" is both a test and a regression (rename one of them)',
    ]);
  });
});

describe('items and seeds', () => {
  test('no item matches anything', async () => {
    expect(await problems(TESTS, { items: ['no*', 'none'] })).toEqual([
      '@/sim.hjson: item "no*" matches no regression or test (regressions: smoke; tests: see `regatta list`)',
      '@/sim.hjson: item "none" matches no regression or test (regressions: smoke; tests: see `regatta list`)',
    ]);
  });

  test('one of the items matches nothing: a warning', async () => {
    const plan = await simProject(TESTS).load('sim.hjson', { items: ['smoke', 'none'] });
    expect(plan.warnings.map(({ message }) => message)).toEqual([
      'item "none" matches no regression or test',
    ]);
    expect(plan.source.jobs).toHaveLength(2);
  });

  test('more runs than there is memory for', async () => {
    expect(await problems(TESTS, { items: ['t1', 't2'], reseed: 1_500_000 })).toEqual([
      '@/sim.hjson: the items give 3,000,000 runs, more than 2,000,000 ' +
        '(lower --reseed or --reseed-multiplier, or choose fewer items)',
    ]);
  });

  test.each([0, -3, 1.5])('reseed %d', async (reseed) => {
    expect(await problems({ tests: [{ name: 't1', reseed }] }, { items: ['t1'] })).toEqual([
      `@/sim.hjson: test "t1" has reseed ${reseed}, which must be a whole number >= 1`,
    ]);
  });

  test('fewer seeds than runs', async () => {
    expect(await problems(TESTS, { items: ['t*'], reseed: 2, seeds: ['5', '6', '7'] })).toEqual([
      '--seeds gives 3 seeds, but there are 4 runs (give a seed for each run, or --fixed-seed for the rest)',
    ]);
  });

  test('a primary build mode that is not built', async () => {
    const modes = ['a', 'b'].map((name, i) => ({ name, build_opts: [`+option${i}`] }));
    const tests = ['a', 'b'].map((name) => ({ name: `t_${name}`, build_mode: name }));
    expect(await problems({ build_modes: modes, tests }, { items: ['t_*'] })).toEqual([
      '@/sim.hjson: the primary build mode "default" is not among those to build: a, b ' +
        '(set the key "primary_build_mode" to one of them)',
    ]);
  });
});

describe('lists of configs', () => {
  const primary = (...entries: unknown[]): string =>
    configText({ name: 'all', flow: 'sim', use_cfgs: entries });

  test('a config of another flow', async () => {
    const project = new Project({
      'all.hjson': primary('{proj_root}/lint.hjson'),
      'lint.hjson': configText({ name: 'l', flow: 'lint' }),
    });
    expect(await problemsOf(project, project.load('all.hjson'))).toEqual([
      '@/lint.hjson: the config is of flow "lint", but @/all.hjson, which uses it, is of flow "sim"',
    ]);
  });

  test('a config that is a list itself', async () => {
    const project = new Project({ 'all.hjson': primary('{proj_root}/b.hjson'), 'b.hjson': primary() });
    expect(await problemsOf(project, project.load('all.hjson'))).toEqual([
      '@/b.hjson: the config has "use_cfgs", but is itself used by @/all.hjson',
    ]);
  });

  test('an imported file that lists configs', async () => {
    const project = importing({ 'a.hjson': ['b.hjson'] });
    project.write({ 'b.hjson': primary() });
    expect(await problemsOf(project, project.load('a.hjson'))).toEqual([
      '@/b.hjson: the file is imported by another one, yet has "use_cfgs" ' +
        '("use_cfgs" belongs in the config that is run)',
    ]);
  });

  test('problems of all configs together', async () => {
    const project = new Project({ 'all.hjson': primary('{proj_root}/b.hjson', '{proj_root}/c.hjson', 5) });
    expect(await problemsOf(project, project.load('all.hjson'))).toEqual([
      '@/b.hjson: no such file; named by use_cfgs of @/all.hjson',
      '@/c.hjson: no such file; named by use_cfgs of @/all.hjson',
      '@/all.hjson: key "use_cfgs" must be a list of files, or of dicts with a name, not the number 5',
    ]);
  });

  test('--select-cfgs with a name that is not there', async () => {
    const project = simProject(TESTS, { 'all.hjson': primary('{proj_root}/sim.hjson') });
    expect(await problemsOf(project, project.load('all.hjson', { selectCfgs: ['blok'] }))).toEqual([
      '@/all.hjson: --select-cfgs names "blok", not among "use_cfgs" (there are: block)',
    ]);
  });

  test('--select-cfgs for a single config', async () => {
    expect(await problems(TESTS, { selectCfgs: ['block'] })).toEqual([
      '@/sim.hjson: --select-cfgs chooses from "use_cfgs", which this config does not have',
    ]);
  });

  test('--gui for several configs', async () => {
    const project = simProject(TESTS, {
      'all.hjson': primary('{proj_root}/sim.hjson', '{proj_root}/sim.hjson'),
    });
    expect(await problemsOf(project, project.load('all.hjson', { interactive: true }))).toEqual([
      '@/all.hjson: --gui and --interactive take one config, but here are 2 (choose one with --select-cfgs)',
    ]);
  });
});
