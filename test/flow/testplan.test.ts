// Testplans: imports, tags, stages, expansion of test names, and the regressions that stages give.
import { describe, expect, test } from 'vitest';
import type { Testplan } from '../../src/flow/index.js';
import { configText, problemsOf, simProject, type Project } from './project.js';

const point = (name: string, more: Record<string, unknown> = {}): Record<string, unknown> => ({
  name,
  desc: `about ${name}`,
  stage: 'V1',
  tests: [`t_${name}`],
  ...more,
});

/** A project with a testplan at `plan.hjson` and the tests t_a, t_b and t_c. */
function planned(plan: Record<string, unknown>, spec = '{proj_root}/plan.hjson'): Project {
  const tests = ['t_a', 't_b', 't_c'].map((name) => ({ name }));
  const keys = { tests, regressions: [{ name: 'smoke' }], testplan: spec };
  return simProject(keys, { 'plan.hjson': configText(plan) });
}

async function load(plan: Record<string, unknown>, spec?: string): Promise<Testplan | null | undefined> {
  return (await planned(plan, spec).load('sim.hjson')).blocks[0]?.testplan;
}

async function problems(plan: Record<string, unknown>, spec?: string): Promise<string[]> {
  const project = planned(plan, spec);
  return problemsOf(project, project.load('sim.hjson'));
}

describe('a testplan', () => {
  test('lists testpoints by stage and covergroups by name', async () => {
    const plan = await load({
      name: 'thing',
      testpoints: [
        point('a', { stage: 'V2', tags: ['x'] }),
        point('b'),
        point('c', { tests: ['N/A'], stage: 'N.A.' }),
      ],
      covergroups: [
        { name: 'z_cg', desc: 'z' },
        { name: 'a_cg', desc: 'a' },
      ],
    });
    expect(plan?.name).toBe('thing');
    expect(plan?.testpoints).toEqual([
      { name: 'c', desc: 'about c', stage: 'N.A.', tags: [], tests: ['N/A'], isMapped: false },
      { name: 'b', desc: 'about b', stage: 'V1', tags: [], tests: ['t_b'], isMapped: true },
      { name: 'a', desc: 'about a', stage: 'V2', tags: ['x'], tests: ['t_a'], isMapped: true },
    ]);
    expect(plan?.covergroups.map(({ name }) => name)).toEqual(['a_cg', 'z_cg']);
  });

  test('gives a test name for each value of a wildcard', async () => {
    const tests = ['{name}{intf}_x{other}', 't_{intf}_{intf}'];
    const plan = await load({ name: 't', intf: ['_1', '_2'], testpoints: [point('a', { tests })] });
    expect(plan?.testpoints[0]?.tests).toEqual(['t_1_x', 't_2_x', 't__1__1', 't__2__2']);
  });

  test('imports others, from the project or beside itself', async () => {
    const project = planned({ import_testplans: ['sub/one.hjson'], testpoints: [point('a')], word: ['own'] });
    project.write({
      'sub/one.hjson': configText({
        import_testplans: ['two.hjson'],
        testpoints: [point('b')],
        word: ['one'],
      }),
      'sub/two.hjson': configText({ name: 'two', testpoints: [point('c', { tests: ['{word}'] })] }),
    });
    const plan = (await project.load('sim.hjson')).blocks[0]?.testplan;
    expect(plan?.testpoints.map(({ name, tests }) => [name, tests])).toEqual([
      ['a', ['t_a']],
      ['b', ['t_b']],
      ['c', ['own', 'one']],
    ]);
  });

  test.each([
    [':x', ['a', 'b']],
    [':x:y', ['b']],
    [':x:-y', ['a']],
    [':-x', ['c']],
  ])('is narrowed by the tags %s', async (tags, names) => {
    const testpoints = [point('a', { tags: ['x'] }), point('b', { tags: ['x', 'y'] }), point('c')];
    const plan = await load({ testpoints }, `{proj_root}/plan.hjson${tags}`);
    expect(plan?.testpoints.map(({ name }) => name)).toEqual(names);
  });

  test('makes a regression of each stage, tests by name and each once', async () => {
    const testpoints = [
      point('b', { stage: 'V2', tests: ['t_b', 't_a'] }),
      point('a', { stage: 'V2', tests: ['t_a'] }),
      point('c', { stage: 'V3' }),
    ];
    const project = planned({ testpoints });
    const plan = await project.load('sim.hjson', { items: ['V2'], fixedSeed: '1' });
    expect(plan.source.jobs.map((job) => job.name)).toEqual(['default', 't_a', 't_b']);
    expect(plan.blocks[0]?.catalogue.regressions).toEqual(['smoke', 'V2', 'V3']);
  });

  test('that names tests nobody defines is a warning, one for each stage', async () => {
    const testpoints = [
      point('a', { tests: ['t_a', 'gone', 'lost'] }),
      point('b', { stage: 'V3', tests: ['gone'] }),
    ];
    const project = planned({ testpoints });
    const plan = await project.load('sim.hjson');
    expect(plan.warnings.map(({ message }) => message.replaceAll(project.root, '@'))).toEqual([
      'stage V1 of the testplan @/plan.hjson names tests that the config does not define: "gone", "lost"',
      'stage V3 of the testplan @/plan.hjson names a test that the config does not define: "gone"',
    ]);
  });
});

describe('a testplan that cannot be used', () => {
  test.each<[string, Record<string, unknown>, string]>([
    ['nothing in it', { name: 'x' }, 'the testplan has neither testpoints nor covergroups'],
    ['a name twice', { testpoints: [point('a'), point('a')] }, 'testpoint "a" is defined twice'],
    [
      'an unknown stage',
      { testpoints: [point('a', { stage: 'V9' })] },
      'testpoint "a" has the unknown stage "V9" (stages: N.A., V1, V2, V2S, V3)',
    ],
    [
      'no tests',
      { testpoints: [{ name: 'a', desc: 'd', stage: 'V1' }] },
      'testpoint "a" has no list "tests"',
    ],
    ['no description', { testpoints: [{ name: 'a' }] }, 'testpoint "a" has no text "desc"'],
    ['no name', { testpoints: [{ desc: 'd' }] }, 'a testpoint has no name: {"desc":"d"}'],
    [
      'a field of another kind',
      { testpoints: [point('a', { weight: 5 })] },
      'testpoint "a": key "weight" must be text, true, false or a list of texts',
    ],
    [
      'a covergroup with another ending',
      { covergroups: [{ name: 'a', desc: 'd' }] },
      'covergroup "a" must have a name that ends in _cg',
    ],
    [
      'a reserved wildcard',
      { testpoints: [point('a', { tests: ['{testpoints}'] })] },
      'test "{testpoints}" uses the reserved wildcard {testpoints}',
    ],
  ])('%s', async (_, plan, message) => {
    expect(await problems(plan)).toEqual([`@/plan.hjson: ${message}`]);
  });

  test('tags that leave nothing', async () => {
    expect(await problems({ testpoints: [point('a')] }, '{proj_root}/plan.hjson:x')).toEqual([
      '@/plan.hjson: the tags x leave nothing of the testplan',
    ]);
  });

  test('a file that is not there', async () => {
    expect(await problems({}, '{proj_root}/no.hjson')).toEqual([
      '@/no.hjson: no such file; named by "testplan" of @/sim.hjson',
    ]);
  });

  test('an import that is not there', async () => {
    expect(await problems({ import_testplans: ['no.hjson'] })).toEqual([
      '@/plan.hjson: no such testplan: no.hjson; named by import_testplans',
    ]);
  });

  test('an import that comes twice', async () => {
    const project = planned({ import_testplans: ['one.hjson', 'one.hjson'], testpoints: [point('a')] });
    project.write({ 'one.hjson': '{}' });
    expect(await problemsOf(project, project.load('sim.hjson'))).toEqual([
      '@/plan.hjson: @/one.hjson is imported twice (import each testplan once)',
    ]);
  });
});
