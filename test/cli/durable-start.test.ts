// What is forced onto the disk when a run begins, and in which order: a run whose journal is there can be taken up again.
import type * as Fs from 'node:fs';
import { readlinkSync } from 'node:fs';
import { join, relative } from 'node:path';
import { beforeEach, expect, it, vi } from 'vitest';
import { makeRunDirectory } from '../../src/cli/run-directory.js';
import { Journal } from '../../src/journal/index.js';
import { journalOptions } from '../journal/journal-fixture.js';
import { makeTempDir } from '../support/temp-dir.js';

/** Paths that were synced. */
const synced = vi.hoisted((): string[] => []);
const trouble = vi.hoisted((): { code: string | null } => ({ code: null }));

vi.mock('node:fs', async (importOriginal) => {
  const original = await importOriginal<typeof Fs>();
  return {
    ...original,
    fsyncSync: (file: number) => {
      const path = original.readlinkSync(`/proc/self/fd/${file}`);
      if (trouble.code !== null && original.statSync(path).isDirectory()) {
        throw Object.assign(new Error(trouble.code), { code: trouble.code });
      }
      original.fsyncSync(file);
      synced.push(path);
    },
  };
});

beforeEach(() => {
  synced.length = 0;
  trouble.code = null;
});

async function begin(scratch: string, isSynced: boolean): Promise<string[]> {
  const directory = await makeRunDirectory(scratch, 'r1', { facts: { a: 1 }, isSynced });
  const durability = isSynced ? 'batch' : 'off';
  const journal = Journal.create(
    { ...journalOptions(directory.journal), durability },
    { runId: 'r1', jobs: 1, jobsDigest: '' },
  );
  await journal.close();
  return synced.map((path) => relative(scratch, path));
}

it('run.json, then the names above it, then the names beside it', async () => {
  const scratch = makeTempDir();
  expect(await begin(scratch, true)).toEqual(['.regatta/r1/run.json', '.regatta', '', '.regatta/r1']);
  expect(readlinkSync(join(scratch, '.regatta/latest'))).toBe('r1');
});

it('nothing where the system is to see to it', async () => {
  expect(await begin(makeTempDir(), false)).toEqual([]);
});

it('a file system that syncs no directories is not asked for more', async () => {
  trouble.code = 'EINVAL';
  expect(await begin(makeTempDir(), true)).toEqual(['.regatta/r1/run.json']);
});

it('a disk that fails is said to', async () => {
  trouble.code = 'EIO';
  await expect(begin(makeTempDir(), true)).rejects.toThrow(/cannot write the scratch root .*EIO/);
});
