// Where a flow run happens: roots, branch and time stamps, from options, environment and git; and the steps before it.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { loadCatalogue, loadFlow, prepareScratch } from '../../src/flow/index.js';
import { problemsOf, simProject } from './project.js';

const TESTS = { tests: [{ name: 't1' }], regressions: [{ name: 'smoke' }] };

/** Runs with another working directory; the tests of a file do not overlap. */
async function within<T>(folder: string, act: () => Promise<T>): Promise<T> {
  const before = process.cwd();
  process.chdir(folder);
  try {
    return await act();
  } finally {
    process.chdir(before);
  }
}

describe('the workspace', () => {
  test('comes from git where the options leave it open', async () => {
    const project = simProject(TESTS);
    const git = (...args: string[]): unknown =>
      execFileSync('git', ['-C', project.root, ...args], { stdio: 'pipe' });
    git('init', '--initial-branch=topic/one');
    git('-c', 'user.name=n', '-c', 'user.email=e@example.org', 'commit', '--allow-empty', '-m', 'x');
    mkdirSync(project.path('deep'));
    const plan = await within(project.path('deep'), () => loadFlow('../sim.hjson', {}, { env: process.env }));
    expect(plan.workspace).toMatchObject({ projRoot: project.root, branch: 'topic-one' });
    expect(plan.workspace.scratchRoot).toBe(process.env['SCRATCH_ROOT'] ?? project.path('scratch'));
  });

  test('needs a project root', async () => {
    const project = simProject(TESTS);
    const load = within(project.root, () => loadFlow('sim.hjson', {}, { env: {} }));
    expect(await problemsOf(project, load)).toEqual([
      'the working directory is in no git work tree, so the project root is unknown (pass --proj-root)',
    ]);
  });

  test('is called default where git knows no branch', async () => {
    const project = simProject(TESTS);
    const options = { projRoot: project.root };
    const plan = await within(project.root, () =>
      loadFlow('sim.hjson', options, { env: { PATH: process.env['PATH'] } }),
    );
    expect(plan.workspace.branch).toBe('default');
    expect(plan.warnings.map(({ message }) => message)).toEqual(['no git branch found; using "default"']);
  });

  test('puts a slash of the branch out of the way, and follows links in the scratch root', async () => {
    const project = simProject(TESTS);
    mkdirSync(project.path('real'));
    symlinkSync(project.path('real'), project.path('link'));
    const plan = await project.load('sim.hjson', { branch: 'a/b/c', scratchRoot: project.path('link/new') });
    expect(plan.workspace.branch).toBe('a-b-c');
    expect(plan.workspace.scratchRoot).toBe(project.path('real/new'));
  });

  test('takes the scratch root of the environment, if it is there', async () => {
    const project = simProject(TESTS);
    mkdirSync(project.path('area'));
    const rootWith = async (SCRATCH_ROOT: string): Promise<[string, string[]]> => {
      const options = { projRoot: project.root, branch: 'b' };
      const plan = await loadFlow(project.path('sim.hjson'), options, { env: { SCRATCH_ROOT } });
      return [plan.workspace.scratchRoot, plan.warnings.map(({ code }) => code)];
    };
    expect(await rootWith(project.path('area'))).toEqual([project.path('area'), []]);
    expect(await rootWith(project.path('gone'))).toEqual([project.path('scratch'), ['scratch-root-missing']]);
  });

  test('has the time in two forms', async () => {
    const plan = await simProject(TESTS).load('sim.hjson');
    expect(plan.workspace).toMatchObject({
      timestamp: '20261124_093005',
      timestampLong: 'Tuesday November 24 2026 09:30:05 UTC',
    });
  });
});

describe('loading', () => {
  test('writes nothing', async () => {
    const project = simProject(TESTS);
    const before = readdirSync(project.root, { recursive: true });
    await project.load('sim.hjson', { cov: true, purge: true });
    expect(readdirSync(project.root, { recursive: true })).toEqual(before);
  });

  test('a catalogue lists what there is, whatever the items', async () => {
    const project = simProject({ ...TESTS, run_modes: [{ name: 'r' }] });
    const options = { projRoot: project.root, branch: 'b', items: ['nothing'] };
    const { blocks } = await loadCatalogue(project.path('sim.hjson'), options, { env: {} });
    expect(blocks.map(({ title, catalogue }) => [title, catalogue])).toEqual([
      [
        'block',
        {
          build_modes: ['default', 'waves_off', 'xprop', 'cov'],
          run_modes: ['r'],
          tests: ['t1'],
          regressions: ['smoke'],
        },
      ],
    ]);
  });
});

describe('preparing', () => {
  test('makes room for new coverage, and keeps the newest of the old', async () => {
    const project = simProject(TESTS);
    const area = 'scratch/main/block-sim-icarus';
    project.write({ [`${area}/cov_merge/merged/data`]: '', [`${area}/cov/default/stale`]: '' });
    for (let i = 0; i < 8; i++) project.write({ [`${area}/cov_merge/2025010${i}_000000/data`]: '' });
    const plan = await project.load('sim.hjson', { cov: true });
    await prepareScratch(plan.prepare);
    const left = readdirSync(project.path(`${area}/cov_merge`)).sort();
    expect(left).toHaveLength(6);
    expect(left.at(-1)).toBe('20261124_093005');
    expect(existsSync(project.path(`${area}/cov/default`))).toBe(false);
    expect(existsSync(project.path('scratch/FUSESOC_IGNORE'))).toBe(true);
  });

  test('is content with what is gone already', async () => {
    const project = simProject(TESTS);
    const gone = project.path('gone');
    await prepareScratch([
      { kind: 'remove', path: gone },
      { kind: 'move', path: gone, to: project.path('new/place') },
    ]);
    expect(existsSync(gone)).toBe(false);
  });
});
