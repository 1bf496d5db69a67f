// `regatta rerun`: a new run of the jobs that failed or were killed, and of what they depend on, with the seeds they had.
import { mkdirSync, readdirSync, readFileSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readResults, regatta } from '../support/command.js';
import { needs } from '../support/needs.js';
import { simProject } from '../flow/project.js';
import { InterruptedRun, killHard } from './interrupted-run.js';

const JOBS = [
  { full_name: 'build', cmd: 'true', seed: 1 },
  { full_name: 'other-build', cmd: 'true' },
  { full_name: 'passes', cmd: 'true', deps: ['build'], seed: 11 },
  { full_name: 'fails', cmd: 'exit 3', deps: ['build'], seed: 12 },
  { full_name: 'doomed', cmd: 'true', deps: ['fails', 'other-build'], seed: 13 },
];

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(path, 'utf8'));
}

describe('rerun', () => {
  it('runs what failed, and what that depends on, as a new run with options of its own', async () => {
    const run = new InterruptedRun();
    await run.start(JOBS, '--results', 'first.json', '-mp', '3').ended;
    const first = readFileSync(join(run.runDir, 'run.json'), 'utf8');
    const { code } = await run.regatta('rerun', '--failed', '--status', 'none', '--results', 'second.json');
    expect(code).toBe(1);
    expect(run.statuses()).toEqual({ build: 'passed', fails: 'failed' });
    const facts = JSON.parse(readFileSync(join(run.runDir, 'run.json'), 'utf8')) as Record<string, unknown>;
    expect(facts).toMatchObject({
      rerun_of: (JSON.parse(first) as { run_id: string }).run_id,
      max_parallel: 3,
      jobs: 2,
    });
    expect(facts['run_id']).not.toBe(facts['rerun_of']);
    const results = JSON.parse(readFileSync(join(run.dir, 'second.json'), 'utf8')) as typeof before;
    const before = readResults(run.dir);
    expect(results).toEqual(before);
    expect(before.jobs.map((job) => (job as unknown as { seed: number }).seed)).toEqual([1, 12]);
    // Written where it was said to, and not where the first run has left its own.
    const old = JSON.parse(readFileSync(join(run.dir, 'first.json'), 'utf8')) as typeof before;
    expect(old.counts.total).toBe(5);
  });

  it('writes what it comes to where the first run did, unless it is told where', async () => {
    const run = new InterruptedRun();
    await run.start(JOBS, '--results', 'results.json', '--junit', 'junit.xml').ended;
    mkdirSync(join(run.dir, 'elsewhere'));
    const { code } = await regatta(
      join(run.dir, 'elsewhere'),
      ...['rerun', join(run.runDir), '--status', 'none', '--junit', 'second.xml'],
    );
    expect(code).toBe(1);
    expect(readJson(join(run.dir, 'results.json'))).toEqual(readResults(run.dir));
    expect(readFileSync(join(run.dir, 'junit.xml'), 'utf8')).toContain('tests="5"');
    expect(readFileSync(join(run.dir, 'elsewhere/second.xml'), 'utf8')).toContain('tests="2"');
  });

  it.each([
    ['--killed', { build: 'passed', 'other-build': 'passed', fails: 'failed', doomed: 'killed' }],
    ['--failed --killed', { build: 'passed', 'other-build': 'passed', fails: 'failed', doomed: 'killed' }],
    ['', { build: 'passed', fails: 'failed' }],
  ])('chooses by status: %s', async (options, statuses) => {
    const run = new InterruptedRun();
    await run.start(JOBS).ended;
    const words = options.split(' ').filter((word) => word !== '');
    expect((await run.regatta('rerun', ...words, '--status', 'none')).code).toBe(1);
    expect(run.statuses()).toEqual(statuses);
  });

  it('of a run in which nothing failed says so, starts none, and is no failure', async () => {
    const run = new InterruptedRun();
    await run.start([{ full_name: 'good', cmd: 'true' }]).ended;
    const { code, stderr } = await run.regatta('rerun', '--failed');
    expect(code).toBe(0);
    expect(stderr).toMatch(/^regatta: nothing to run again: no job of run \S+ failed\n$/);
    expect((await run.regatta('status')).stdout).toContain(/of run (\S+)/.exec(stderr)?.[1] ?? '?');
    const both = await run.regatta('rerun', '--failed', '--killed');
    expect(both.stderr).toMatch(/no job of run \S+ failed or was killed\n$/);
  });

  it('is refused while a process drives the run, whose directories it would use; not when that is dead', async () => {
    const run = new InterruptedRun();
    const jobs = [...JOBS, { full_name: 'long', cmd: run.waiting('long') }];
    const started = run.start(jobs);
    await run.recorded('the failure', '"do":"end"', '"job":3');
    await run.recorded('the long job to run', '"do":"run"', /[[,]5,1[\],]/);
    for (const options of [['--failed'], ['--killed']]) {
      const { code, stderr, stdout } = await run.regatta('rerun', ...options);
      expect(stderr).toMatch(
        /^regatta: error: process \d+ on \S+ is driving the run in (\S+) \(wait until it has ended, or stop it: regatta kill \1\)\n$/,
      );
      expect(stderr).toContain(`process ${started.child.pid ?? ''} on `);
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    }
    expect(readdirSync(join(run.runDir, '..')).sort()).toHaveLength(2);
    await killHard(started);
    expect((await run.regatta('rerun', '--failed', '--status', 'none')).code).toBe(1);
    expect(run.statuses()).toEqual({ build: 'passed', fails: 'failed' });
  });

  it('is refused for a run that is not there, and for waves of a job list', async () => {
    const run = new InterruptedRun();
    const none = await run.regatta('rerun', '--failed');
    expect([none.code, none.stderr]).toEqual([
      2,
      expect.stringMatching(/^regatta: error: no run in scratch \(/),
    ]);
    await run.start(JOBS).ended;
    const waves = await run.regatta('rerun', '--failed', '--waves', 'fst');
    expect(waves.code).toBe(2);
    expect(waves.stderr).toMatch(/^regatta: error: --waves needs a run of a flow config; /);
    expect(run.statuses()).toHaveProperty('passes');
  });
});

needs('make').it('rerun of a flow config keeps the seeds of what failed, and adds waves', async () => {
  const project = simProject(
    {
      tests: [{ name: 'smoke' }],
      build_modes: [{ name: 'waves', is_sim_mode: 1, run_opts: ['+waves={waves}'] }],
    },
    // One seed in two fails.
    {
      'sim.mk':
        'build:\n\t@true\nrun:\n\t@echo with $(run_opts); case $(seed) in *[02468]) echo PASSED;; esac\n',
    },
  );
  const at = [...['--scratch-root', 'scratch'], ...['--status', 'none']];
  const flow = ['--proj-root', project.root, '--branch', 'main', '--reseed', '12'];
  await regatta(project.root, 'run', 'sim.hjson', ...flow, ...at);
  const first = readSeeds(project.root);
  const failed = first.filter(({ status }) => status === 'failed');
  expect(failed.length).toBeGreaterThan(0);
  expect(first.length).toBeGreaterThan(failed.length + 1);
  const { code, stderr } = await regatta(project.root, 'rerun', '--failed', '--waves', 'fsdb', ...at);
  expect(stderr).not.toContain('error');
  expect(code).toBe(1);
  const again = readSeeds(project.root);
  expect(again.filter(({ target }) => target === 'run')).toEqual(failed);
  const logs = readResults(project.root).jobs.filter(({ status }) => status === 'failed');
  expect(logs.map(({ log_path }) => /^with .*/m.exec(readFileSync(log_path, 'utf8'))?.[0])).toEqual(
    failed.map(() => 'with +waves=fsdb'),
  );
});

function readSeeds(cwd: string): readonly { status: string; target: string }[] {
  const jobs = readResults(cwd).jobs as unknown as Record<
    'full_name' | 'status' | 'target' | 'seed',
    string
  >[];
  return jobs.map(({ full_name, status, target, seed }) => ({ full_name, status, target, seed }));
}

needs('make').it(
  'rerun with waves writes where this terminal is, and can itself be run again from anywhere',
  async () => {
    const project = simProject(
      {
        tests: [{ name: 'smoke' }],
        build_modes: [{ name: 'waves', is_sim_mode: 1, run_opts: ['+waves={waves}'] }],
      },
      { 'sim.mk': 'build:\n\t@true\nrun:\n\t@echo with $(run_opts)\n' },
    );
    const flow = ['--proj-root', '.', '--branch', 'main', '--scratch-root', 'scratch'];
    await regatta(project.root, 'run', 'sim.hjson', ...flow, '--status', 'none');
    const elsewhere = join(project.root, 'elsewhere');
    mkdirSync(elsewhere);
    const again = ['--scratch-root', '../scratch', '--status', 'none'];
    const plain = await regatta(elsewhere, 'rerun', ...again);
    expect([plain.code, plain.stderr]).toEqual([1, '']);
    const waves = await regatta(elsewhere, 'rerun', '--waves', 'fsdb', '--results', 'waves.json', ...again);
    expect([waves.code, waves.stderr]).toEqual([1, '']);
    expect(readJson(join(elsewhere, 'waves.json'))).toEqual(readResults(project.root));
  },
);

needs('make').it(
  'rerun with waves is refused when the directory that the run was started in is gone',
  async () => {
    const project = simProject(
      { tests: [{ name: 'smoke' }] },
      { 'sim.mk': 'build:\n\t@true\nrun:\n\t@true\n' },
    );
    const cwd = join(project.root, 'cwd');
    mkdirSync(cwd);
    const at = ['--scratch-root', join(project.root, 'scratch'), '--status', 'none'];
    const flow = ['--proj-root', project.root, '--branch', 'main'];
    await regatta(cwd, 'run', '../sim.hjson', ...flow, ...at);
    rmdirSync(cwd);
    const { code, stderr } = await regatta(project.root, 'rerun', '--waves', 'fsdb', ...at);
    expect(stderr).toBe(
      `regatta: error: cannot enter ${cwd}, where the run was started: ENOENT: no such file or directory (leave --waves out)\n`,
    );
    expect(code).toBe(2);
  },
);
