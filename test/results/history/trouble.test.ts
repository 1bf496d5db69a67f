// Pins that a history that cannot be used is a message, never harm: damaged, foreign, newer, locked, or shared by many.
import { execFileSync, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openHistory, readRuns, recordRun, wordFailure } from '../../../src/results/index.js';
import { fromRepoRoot } from '../../support/repo-root.js';
import { makeTempDir } from '../../support/temp-dir.js';
import { makePastRun } from './past-runs.js';

async function open(path: string, timeoutMs = 1000): Promise<ReturnType<typeof openHistory>> {
  return openHistory(path, { timeoutMs });
}

async function openSound(path: string, timeoutMs = 1000) {
  const opened = await open(path, timeoutMs);
  if (opened.kind !== 'open') throw new Error(opened.message);
  return opened.history;
}

test('what is no database is left as it is', async () => {
  const path = join(makeTempDir(), 'junk');
  writeFileSync(path, 'no database '.repeat(1000));
  expect(await open(path)).toEqual({
    kind: 'unavailable',
    message: `the history ${path} is no database, or damaged`,
  });
});

test('a database of something else is not written to', async () => {
  const path = join(makeTempDir(), 'other.sqlite');
  const history = await openSound(path);
  history.execute('PRAGMA application_id = 7');
  history.close();
  expect(await open(path)).toEqual({
    kind: 'unavailable',
    message: `the history ${path} is a database of something else`,
  });
});

test('a history of a later version is not written to', async () => {
  const path = join(makeTempDir(), 'newer.sqlite');
  const history = await openSound(path);
  history.execute('PRAGMA user_version = 2');
  history.close();
  expect(await open(path)).toEqual({
    kind: 'unavailable',
    message: `the history ${path} was written by a newer Regatta (version 2 of its tables)`,
  });
});

test.each([
  ['folder', 'EISDIR: illegal operation on a directory'],
  ['no/such/place.sqlite', 'ENOENT: no such file or directory'],
  ['file/place.sqlite', 'ENOTDIR: not a directory'],
])('a place where no file can be is a message that says why: %s', async (name, why) => {
  const dir = makeTempDir();
  mkdirSync(join(dir, 'folder'));
  writeFileSync(join(dir, 'file'), '');
  const path = join(dir, name);
  expect(await open(path)).toEqual({
    kind: 'unavailable',
    message: `the history ${path} cannot be used: ${why}, open '${path}'`,
  });
});

test('a pipe is refused, and nothing is left beside it', async () => {
  const dir = makeTempDir();
  const path = join(dir, 'pipe');
  execFileSync('/bin/sh', ['-c', 'mkfifo "$0"', path]);
  expect(await open(path)).toEqual({
    kind: 'unavailable',
    message: `the history ${path} is no regular file`,
  });
  expect(readdirSync(dir)).toEqual(['pipe']);
});

test('a history that another process writes to is waited for, for a bounded time', async () => {
  const path = join(makeTempDir(), 'busy.sqlite');
  const holder = await openSound(path);
  const other = await openSound(path, 50);
  holder.write(() => {
    expect(() => {
      recordRun(other, makePastRun(1, ['a']));
    }).toThrow(expect.objectContaining({ code: 'SQLITE_BUSY' }) as Error);
  });
  expect(wordFailure(path, { code: 'SQLITE_BUSY' })).toBe(`the history ${path} is in use by another process`);
  recordRun(other, makePastRun(1, ['a']));
  expect(readRuns(holder, 9)).toHaveLength(1);
});

test('a record that fails half-way leaves nothing', async () => {
  const history = await openSound(join(makeTempDir(), 'half.sqlite'));
  const broken = makePastRun(1, ['a: bad']);
  const jobs = function* () {
    yield* broken.jobs;
    throw new Error('torn');
  };
  expect(() => {
    recordRun(history, { ...broken, jobs: jobs() });
  }).toThrow('torn');
  expect(readRuns(history, 9)).toEqual([]);
  expect(history.read('SELECT * FROM bucket')).toEqual([]);
  recordRun(history, makePastRun(1, ['a: bad']));
  expect(readRuns(history, 9)).toHaveLength(1);
});

test('several processes record into one new file at once, and none is lost', async () => {
  const path = join(makeTempDir(), 'shared.sqlite');
  const script = join(makeTempDir(), 'record.mjs');
  writeFileSync(
    script,
    `const { openHistory, recordRun } = await import(${JSON.stringify(fromRepoRoot('dist/results/index.js'))});
     const [, , path, first] = process.argv;
     const { history } = await openHistory(path, { timeoutMs: 20000 });
     for (let i = 0; i < 5; i++) {
       const test = { name: 't' + i, block: '', tool: '', target: 'run' };
       recordRun(history, {
         runId: first + '-' + i, startedAtMs: i, endedAtMs: i + 1, exitCode: 0, revision: null, input: null,
         counts: { total: 1, passed: 0, failed: 1, killed: 0 },
         jobs: [{ test, seed: 1, status: 'failed', durationMs: 5, signature: 's' + i }],
       });
     }
     history.close();`,
  );
  const children = ['a', 'b', 'c'].map((first) => fork(script, [path, first]));
  const codes = await Promise.all(children.map(async (child) => (await once(child, 'exit'))[0] as number));
  expect(codes).toEqual([0, 0, 0]);
  const history = await openSound(path);
  expect(readRuns(history, 99)).toHaveLength(15);
  expect(history.read('SELECT count(*) FROM test')).toEqual([[5]]);
  expect(history.read('SELECT count(*) FROM sighting')).toEqual([[15]]);
  history.close();
});
