// What a job is when its list says little, and where its files go.
import { describe, expect, test } from 'vitest';
import { makeSpec } from '../support/job-spec.js';
import { readJob, readText } from './read.js';

describe('a job of cmd and full_name', () => {
  test('has the default of every other field', async () => {
    expect(await readJob({ full_name: 'a', cmd: 'true' })).toEqual(
      makeSpec('a', { odir: '/scratch/a', logPath: '/scratch/a/run.log', linksDir: '/scratch' }),
    );
  });

  test('is frozen, and so is all it holds', async () => {
    const job = await readJob({ full_name: 'a', cmd: 'true', exports: { A: '1' }, fake: {}, deps: ['b'] });
    for (const part of [job, job.exports, job.resources, job.fake, job.dependencies, job.passPatterns]) {
      expect(Object.isFrozen(part)).toBe(true);
    }
  });
});

describe('names', () => {
  test.each([
    [{ name: 'n' }, { fullName: 'n', name: 'n', qualName: 'n' }],
    [{ id: 'i' }, { fullName: 'i', name: 'i', qualName: 'i' }],
    [
      { id: 'i', name: 'n' },
      { fullName: 'i', name: 'n', qualName: 'i' },
    ],
    [
      { full_name: 'f', id: 'i', name: 'n' },
      { fullName: 'f', name: 'n', qualName: 'f' },
    ],
    [
      { full_name: 'f', name: 'n', qual_name: 'q' },
      { fullName: 'f', name: 'n', qualName: 'q' },
    ],
  ])('of %j', async (given, expected) => {
    expect(await readJob({ cmd: 'true', ...given })).toMatchObject(expected);
  });
});

describe('paths', () => {
  test('of a default odir follow qual_name, of a default log the target', async () => {
    const job = await readJob({
      full_name: 'uart:0.smoke',
      qual_name: '0.smoke',
      target: 'build',
      cmd: 'true',
    });
    expect(job).toMatchObject({ odir: '/scratch/0.smoke', logPath: '/scratch/0.smoke/build.log' });
  });

  test('that are relative start from the current directory', async () => {
    const job = await readJob({
      name: 'a',
      cmd: 'true',
      odir: 'out/../a',
      log_path: './a.log',
      workspace_cfg: { scratch_path: 'ws', timestamp: 't' },
    });
    expect(job).toMatchObject({ odir: '/home/a', logPath: '/home/a.log', linksDir: '/home/ws' });
  });

  test('of a job with an odir of its own put the log there', async () => {
    expect(await readJob({ name: 'a', cmd: 'true', odir: '/o' })).toMatchObject({ logPath: '/o/run.log' });
  });

  test.each([
    'a/b',
    '../../etc/passwd',
    '..',
    '.',
    '',
    'with space',
    'line\nbreak',
    'nul\0',
    'größe/試験',
    '-rf',
    'running',
    '__proto__',
    'x'.repeat(5000),
  ])('stay in the scratch root for the name %j', async (name) => {
    const job = await readJob({ full_name: name, target: name, cmd: 'true' });
    expect(job.fullName).toBe(name);
    expect(job.odir).toMatch(/^\/scratch\/[A-Za-z0-9_~][A-Za-z0-9_.,+=@~-]*$/);
    expect(job.logPath.startsWith(`${job.odir}/`)).toBe(true);
    expect(job.logPath.slice(job.odir.length + 1)).toMatch(/^[A-Za-z0-9_~][A-Za-z0-9_.,+=@~-]*\.log$/);
  });
});

describe('jobs of one qual_name without an odir', () => {
  const twins = [
    { full_name: 'uart:default', qual_name: 'default', cmd: 'true' },
    { full_name: 'spi:default', qual_name: 'default', cmd: 'true', log_path: '/logs/spi.log' },
    { full_name: 'aes:default', qual_name: 'aes', cmd: 'true' },
  ];
  const odirsOf = async (list: readonly unknown[]): Promise<Map<string, string>> =>
    new Map((await readText(JSON.stringify(list))).jobs.map(({ fullName, odir }) => [fullName, odir]));

  test('each get one of their own, and keep their logs', async () => {
    const { jobs } = await readText(JSON.stringify(twins));
    const [uart, spi, aes] = jobs;
    expect(uart?.odir).toMatch(/^\/scratch\/default_uart_default~[0-9a-f]{12}$/);
    expect(spi?.odir).toMatch(/^\/scratch\/default_spi_default~[0-9a-f]{12}$/);
    expect(aes?.odir).toBe('/scratch/aes');
    expect(uart?.logPath).toBe(`${uart?.odir ?? ''}/run.log`);
    expect(spi?.logPath).toBe('/logs/spi.log');
  });

  test('get the same whatever their order', async () => {
    expect(await odirsOf(twins.toReversed())).toEqual(await odirsOf(twins));
  });
});

describe('values', () => {
  test('that are equal are held once', async () => {
    const list = ['a', 'b', 'c'].map((name) => ({
      name,
      cmd: 'true',
      exports: { A: '1', B: name === 'b' ? 'other' : '2' },
      fail_patterns: ['^E'],
      resources: { L: 1 },
    }));
    const [a, b, c] = (await readText(JSON.stringify(list))).jobs;
    expect(a?.exports).toBe(c?.exports);
    expect(a?.exports).toEqual({ A: '1', B: '2' });
    expect(b?.exports).toEqual({ A: '1', B: 'other' });
    expect(a?.failPatterns).toBe(b?.failPatterns);
    expect(a?.resources).toBe(b?.resources);
  });

  test('of all kinds arrive', async () => {
    const job = await readJob({
      name: 'a',
      cmd: 'make',
      job_type: 'RunTest',
      backend: 'fake',
      resources: { VCS: 2, FPGA: null },
      seed: 7,
      block: { name: 'uart', variant: null, commit: 'abc' },
      tool: { name: 'vcs', version: null },
      deps: ['b', 'c'],
      needs_all_dependencies_passing: false,
      weight: 2.5,
      timeout_mins: 0.5,
      dry_run: true,
      interactive: true,
      renew_odir: true,
      pass_patterns: ['P'],
      fail_patterns: ['F'],
      fake: { duration_s: 3, status: 'failed', message: 'm' },
      links: { PASSED: '/x' },
      x_owner: { any: ['thing'] },
    });
    expect(job).toEqual(
      makeSpec('a', {
        cmd: 'make',
        jobType: 'RunTest',
        backend: 'fake',
        resources: { VCS: 2, FPGA: null },
        seed: 7,
        block: { name: 'uart', variant: '' },
        tool: { name: 'vcs', version: '' },
        dependencies: ['b', 'c'],
        needsAllDependenciesPassing: false,
        weight: 2.5,
        timeoutMins: 0.5,
        dryRun: true,
        interactive: true,
        odir: '/scratch/a',
        renewOdir: true,
        logPath: '/scratch/a/run.log',
        linksDir: '/scratch',
        passPatterns: ['P'],
        failPatterns: ['F'],
        fake: { durationS: 3, status: 'failed', message: 'm' },
      }),
    );
  });

  test('null stands for nothing where DVSim writes it', async () => {
    const job = await readJob({
      name: 'a',
      cmd: 'true',
      job_type: null,
      backend: null,
      resources: null,
      seed: null,
      block: null,
      tool: null,
      workspace_cfg: null,
      timeout_mins: null,
      fake: null,
    });
    expect(job).toEqual(await readJob({ name: 'a', cmd: 'true' }));
  });

  test('seeds that a number does not hold exactly are left out', async () => {
    const { jobs } = await readText(
      '[{"name":"a","cmd":"c","seed":9007199254740993},{"name":"b","cmd":"c","seed":9007199254740991}]',
    );
    expect(jobs.map(({ seed }) => seed)).toEqual([null, 9007199254740991]);
  });
});
