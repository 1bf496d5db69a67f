// Tests of the links on a real disk.
import { existsSync, mkdirSync, readdirSync, readlinkSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { JobSpec } from '../../../src/model/job-spec.js';
import type { Observer } from '../../../src/model/run-event.js';
import { createLogLinks } from '../../../src/observers/log-links/index.js';
import { eventually } from '../../support/eventually.js';
import { makeSpec } from '../../support/job-spec.js';
import { makeTempDir } from '../../support/temp-dir.js';
import { ManualClock } from '../manual-clock.js';
import { ScriptedRun } from '../scripted-run.js';

interface Fixture {
  readonly root: string;
  readonly clock: ManualClock;
  readonly run: ScriptedRun;
  readonly observer: Observer;
  readonly reports: string[];
}

function begin(names: readonly (string | Partial<JobSpec>)[], root = makeTempDir()): Fixture {
  const clock = new ManualClock();
  const reports: string[] = [];
  const jobs = names.map((name, i) => {
    const fields = typeof name === 'string' ? { qualName: name } : name;
    return makeSpec(`j${i}`, { linksDir: root, odir: join(root, 'jobs', `j${i}`), ...fields });
  });
  const observer = createLogLinks({
    report: (message) => reports.push(message),
    hasOutput: (backend) => backend !== 'fake',
    clock,
  });
  return { root, clock, run: new ScriptedRun(observer.notify, clock.now, jobs), observer, reports };
}

/** Every link below `root` and where it points, relative to `root`. */
function listLinks(root: string): Record<string, string> {
  const links: Record<string, string> = {};
  for (const status of ['running', 'passed', 'failed', 'killed']) {
    for (const name of readdirSync(join(root, status))) {
      links[`${status}/${name}`] = readlinkSync(join(root, status, name)).replace(`${root}/`, '');
    }
  }
  return links;
}

const failure = { kind: 'exit-code', exitCode: 1, context: [] } as const;

describe('links', () => {
  test('follow each job to its end', async () => {
    const { root, run, observer, reports } = begin(['a', 'b', 'c', 'd']);
    run.start();
    run.change('j0', ['queued', 'running', 'passed']).change('j1', ['running', 'failed'], failure);
    run.change('j2', ['running', 'killed'], { kind: 'timeout', limitMins: 1 }).change('j3', ['running']);
    await observer.close?.();
    expect(listLinks(root)).toEqual({
      'passed/a': 'jobs/j0',
      'failed/b': 'jobs/j1',
      'killed/c': 'jobs/j2',
      'running/d': 'jobs/j3',
    });
    expect(reports).toEqual([]);
  });

  test('move while the run goes on, a moment after each change', async () => {
    const { root, clock, run } = begin(['a', 'b']);
    run.start();
    await eventually('the directories', () => existsSync(join(root, 'killed')));
    run.change('j0', ['running']);
    await eventually('the timer', () => clock.pending === 1);
    clock.advance(199);
    expect(listLinks(root)).toEqual({});
    clock.advance(1);
    await eventually('the link', () => existsSync(join(root, 'running')) && 'running/a' in listLinks(root));
    run.change('j0', ['passed']).change('j1', ['running']);
    await eventually('the timer', () => clock.pending === 1);
    clock.advance(200);
    await eventually('both links', () => {
      const names = Object.keys(listLinks(root));
      return names.length === 2 && names.includes('running/b') && names.includes('passed/a');
    });
    expect(clock.pending).toBe(0);
  });

  test('of jobs that never got to run are not made, but for failures to start', async () => {
    const { root, run, observer } = begin(['a', 'b']);
    run.start().change('j0', ['killed'], failure).change('j1', ['queued', 'failed'], failure);
    await observer.close?.();
    expect(listLinks(root)).toEqual({ 'failed/b': 'jobs/j1' });
  });

  test('of a lost attempt go away until the next one', async () => {
    const { root, clock, run, observer } = begin(['a']);
    run.start().change('j0', ['running']);
    await eventually('the timer', () => clock.pending === 1);
    clock.advance(200);
    await eventually('the link', () => 'running/a' in listLinks(root));
    run.change('j0', ['queued']);
    await eventually('the timer', () => clock.pending === 1);
    clock.advance(200);
    await eventually('no link', () => Object.keys(listLinks(root)).length === 0);
    run.change('j0', ['running', 'passed']);
    await observer.close?.();
    expect(listLinks(root)).toEqual({ 'passed/a': 'jobs/j0' });
  });

  test('are not made for backends without output, nor are their directories', async () => {
    const { root, run, observer } = begin(['a']);
    run.start({ backend: 'fake' }).change('j0', ['running', 'passed']);
    await observer.close?.();
    expect(readdirSync(root)).toEqual([]);
  });

  test('go to the workspace of their job', async () => {
    const root = makeTempDir();
    const [one, two] = [join(root, 'one'), join(root, 'deep', 'two')];
    const { run, observer } = begin([
      { qualName: 'a', linksDir: one },
      { qualName: 'a', linksDir: two },
    ]);
    run.start().change('j0', ['running', 'passed']).change('j1', ['running', 'failed'], failure);
    await observer.close?.();
    expect(Object.keys(listLinks(one))).toEqual(['passed/a']);
    expect(Object.keys(listLinks(two))).toEqual(['failed/a']);
  });

  test('a thousand jobs at once', async () => {
    const names = Array.from({ length: 1000 }, (_, i) => `job.${i}`);
    const { root, run, observer } = begin(names);
    run.start();
    for (let i = 0; i < names.length; i++) run.change(`j${i}`, ['queued', 'running', 'passed']);
    await observer.close?.();
    expect(readdirSync(join(root, 'passed')).sort()).toEqual([...names].sort());
  });
});

describe('hostile names', () => {
  test('stay inside their directory and apart from each other', async () => {
    const names = [
      '../../escape',
      '/etc/passwd',
      '..',
      '.',
      '',
      'a b',
      'a\nb',
      'a\0b',
      '-rf',
      '测试',
      'x'.repeat(5000),
    ];
    const { root, run, observer, reports } = begin(names);
    run.start();
    names.forEach((_, i) => run.change(`j${i}`, ['running', 'passed']));
    await observer.close?.();
    expect(reports).toEqual([]);
    const links = listLinks(root);
    expect(Object.values(links).sort()).toEqual(names.map((_, i) => `jobs/j${i}`).sort());
    expect(readdirSync(root).sort()).toEqual(['failed', 'killed', 'passed', 'running']);
    expect(Object.keys(links).every((path) => /^passed\/[\w.~]+$/.test(path))).toBe(true);
  });
});

describe('what is there already', () => {
  test('links of an earlier run go; files and directories stay', async () => {
    const root = makeTempDir();
    mkdirSync(join(root, 'passed', 'kept'), { recursive: true });
    writeFileSync(join(root, 'passed', 'notes.txt'), 'mine');
    mkdirSync(join(root, 'running'));
    for (let i = 0; i < 50; i++) symlinkSync('/nowhere', join(root, 'running', `stale.${i}`));
    symlinkSync('/nowhere', join(root, 'passed', 'a'));
    symlinkSync('/nowhere', join(root, 'elsewhere'));
    const { run, observer } = begin(['a'], root);
    run.start().change('j0', ['running', 'failed'], failure);
    await observer.close?.();
    expect(readdirSync(join(root, 'passed')).sort()).toEqual(['kept', 'notes.txt']);
    expect(readdirSync(join(root, 'running'))).toEqual([]);
    expect(readdirSync(join(root, 'failed'))).toEqual(['a']);
    expect(readlinkSync(join(root, 'elsewhere'))).toBe('/nowhere');
  });

  test('a link that somebody put in the way is replaced', async () => {
    const { root, run, observer, reports } = begin(['a']);
    run.start();
    await eventually('the directories', () => existsSync(join(root, 'killed')));
    symlinkSync('/nowhere', join(root, 'passed', 'a'));
    run.change('j0', ['running', 'passed']);
    await observer.close?.();
    expect(listLinks(root)).toEqual({ 'passed/a': 'jobs/j0' });
    expect(reports).toEqual([]);
  });

  test('a directory in the way is left alone, and reported once with the number of others', async () => {
    const root = makeTempDir();
    for (const name of ['a', 'b', 'c']) mkdirSync(join(root, 'passed', name), { recursive: true });
    const { run, observer, reports } = begin(['a', 'b', 'c', 'd'], root);
    run.start();
    for (const job of ['j0', 'j1', 'j2', 'j3']) run.change(job, ['running', 'passed']);
    await observer.close?.();
    expect(readdirSync(join(root, 'passed')).sort()).toEqual(['a', 'b', 'c', 'd']);
    expect(readlinkSync(join(root, 'passed', 'd'))).toBe(join(root, 'jobs', 'j3'));
    expect(reports).toHaveLength(2);
    expect(reports[0]).toMatch(/^log links: EEXIST: .*passed\//);
    expect(reports[1]).toBe('log links: 2 more could not be made');
  });

  test('a directory of links that is itself a link is not followed', async () => {
    const root = makeTempDir();
    const outside = makeTempDir();
    symlinkSync('/nowhere', join(outside, 'precious'));
    symlinkSync(outside, join(root, 'passed'));
    const { run, observer, reports } = begin(['a'], root);
    run.start().change('j0', ['running', 'passed']);
    await observer.close?.();
    expect(readdirSync(outside)).toEqual(['precious']);
    expect(reports).toEqual([`log links: ${join(root, 'passed')} is a symbolic link`]);
  });

  test('a workspace that cannot be written harms no other', async () => {
    const root = makeTempDir();
    writeFileSync(join(root, 'file'), '');
    const { run, observer, reports } = begin([
      { qualName: 'a', linksDir: join(root, 'file', 'below') },
      { qualName: 'b', linksDir: join(root, 'fine') },
    ]);
    run.start().change('j0', ['running', 'passed']).change('j1', ['running', 'passed']);
    await observer.close?.();
    expect(listLinks(join(root, 'fine'))).toEqual({ 'passed/b': expect.any(String) as string });
    expect(reports).toHaveLength(1);
    expect(reports[0]).toMatch(/^log links: ENOTDIR/);
  });
});

test('nothing happens without a run', async () => {
  const { root, observer, reports } = begin(['a']);
  await observer.close?.();
  expect(readdirSync(root)).toEqual([]);
  expect(reports).toEqual([]);
});
