// Holds the look for a run to what it promises: ids, directories, the last one, and words that help for the rest.
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, test } from 'vitest';
import { findRun } from '../../src/cli/find-run.js';
import { UserError } from '../../src/model/problem.js';
import { makeTempDir } from '../support/temp-dir.js';

/** A scratch root with these runs, of which the last is marked so. */
function makeRuns(...ids: readonly string[]): string {
  const root = makeTempDir();
  const runs = join(root, '.regatta');
  for (const id of ids) {
    mkdirSync(join(runs, id), { recursive: true });
    writeFileSync(join(runs, id, 'run.json'), '{}');
  }
  const last = ids.at(-1);
  if (last !== undefined) symlinkSync(last, join(runs, 'latest'));
  return root;
}

function complaint(look: () => unknown): string {
  try {
    look();
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
  throw new Error('found a run where there is none');
}

describe('findRun', () => {
  test('takes the last run where none is named', () => {
    const root = makeRuns('20261123-1', '20261124-2');
    expect(findRun(undefined, root)).toBe(join(root, '.regatta/20261124-2'));
    expect(findRun('latest', root)).toBe(join(root, '.regatta/20261124-2'));
  });

  test('takes an id', () => {
    const root = makeRuns('20261123-1', '20261124-2');
    expect(findRun('20261123-1', root)).toBe(join(root, '.regatta/20261123-1'));
  });

  test('takes a directory, wherever it lies and however it is spelled, and the results in it', () => {
    const root = makeRuns('20261123-1');
    const run = join(root, '.regatta/20261123-1');
    writeFileSync(join(run, 'results.json'), '{}');
    for (const named of [
      run,
      `${run}/`,
      relative('.', run),
      join(root, '.regatta/latest'),
      join(run, 'results.json'),
    ]) {
      expect(findRun(named, 'nowhere')).toBe(run);
    }
  });

  test('takes a directory that holds only results', () => {
    const copy = makeTempDir();
    writeFileSync(join(copy, 'results.json'), '{}');
    expect(findRun(copy, 'nowhere')).toBe(copy);
  });

  test('names the id that was meant, or the latest ones', () => {
    const root = makeRuns('20261120-1', '20261121-1', '20261122-1', '20261123-1');
    expect(complaint(() => findRun('20261122-2', root))).toBe(
      'there is no run "20261122-2" (did you mean "20261122-1"?)',
    );
    expect(complaint(() => findRun('x', root))).toBe(
      'there is no run "x" (the latest: 20261123-1, 20261122-1, 20261121-1, and 1 more)',
    );
  });

  test('says where it looked when there is nothing', () => {
    const root = makeTempDir();
    expect(complaint(() => findRun(undefined, root))).toBe(
      `no run in ${root} (give the directory of a run, or the place it was started with by --scratch-root)`,
    );
    expect(complaint(() => findRun('x', root))).toBe(
      `there is no run "x" (no runs in ${root}/.regatta; --scratch-root names another place to look in)`,
    );
  });

  test('says so when runs are there, but the mark of the last one is broken', () => {
    const root = makeRuns('20261123-1');
    mkdirSync(join(root, '.regatta/20261122-1'));
    symlinkSync('gone', join(root, '.regatta/latest.tmp'));
    const broken = makeRuns();
    mkdirSync(join(broken, '.regatta/a'), { recursive: true });
    writeFileSync(join(broken, '.regatta/a/run.json'), '{}');
    symlinkSync('gone', join(broken, '.regatta/latest'));
    expect(complaint(() => findRun(undefined, broken))).toBe(
      `no run is marked as the last one in ${broken}/.regatta (the latest: a)`,
    );
    // Folders that no run has made are none.
    expect(complaint(() => findRun('20261122-1', root))).toContain('did you mean "20261123-1"?');
  });

  test.each(['.', '..', '../.regatta', '', 'a\0b', '/dev/null'])(
    'does not leave the folder of runs for %j',
    (named) => {
      const root = makeRuns('a');
      expect(complaint(() => findRun(named, root))).toContain('there is no run');
    },
  );
});
