// Holds the writer of result files to its promise: the old file or the new one, and errors as values.
import { execFile } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { writeFileWhole } from '../../src/results/write-file.js';
import { makeTempDir } from '../support/temp-dir.js';

describe('writeFileWhole', () => {
  test('writes a new file, of many pieces, and leaves nothing else', async () => {
    const dir = makeTempDir();
    const pieces = Array.from({ length: 300 }, (_, i) => `${i}`.repeat(5000));
    expect(await writeFileWhole(join(dir, 'out'), pieces)).toBeUndefined();
    expect(readFileSync(join(dir, 'out'), 'utf8')).toBe(pieces.join(''));
    expect(readdirSync(dir)).toEqual(['out']);
  });

  test('replaces what a link points at, not the link', async () => {
    const dir = makeTempDir();
    writeFileSync(join(dir, 'real'), 'old');
    symlinkSync('real', join(dir, 'link'));
    expect(await writeFileWhole(join(dir, 'link'), ['new'])).toBeUndefined();
    expect(readFileSync(join(dir, 'real'), 'utf8')).toBe('new');
  });

  test('leaves the old file when its text cannot be made', async () => {
    const dir = makeTempDir();
    const path = join(dir, 'out');
    writeFileSync(path, 'old');
    function* broken(): Generator<string> {
      yield 'x'.repeat(2_000_000);
      throw new RangeError('broken');
    }
    await expect(writeFileWhole(path, broken())).rejects.toThrow('broken');
    expect(readFileSync(path, 'utf8')).toBe('old');
    expect(readdirSync(dir)).toEqual(['out']);
  });

  test('never shows a part: a reader sees the old text or the new', async () => {
    const path = join(makeTempDir(), 'out');
    const versions = ['a', 'b', 'c', 'd'].map((letter) => letter.repeat(3_000_000));
    writeFileSync(path, versions[0] ?? '');
    let writing = true;
    const reading = (async () => {
      const seen = new Set<string>();
      while (writing) seen.add(await readFile(path, 'utf8'));
      return seen;
    })();
    for (const version of versions) expect(await writeFileWhole(path, [version])).toBeUndefined();
    writing = false;
    for (const text of await reading) expect(versions.includes(text)).toBe(true);
  });

  test('writes straight to what is no regular file', async () => {
    const path = join(makeTempDir(), 'pipe');
    await promisify(execFile)('/bin/sh', ['-c', 'mkfifo "$0"', path]);
    const reader = promisify(execFile)('cat', [path]);
    expect(await writeFileWhole(path, ['through the ', 'pipe'])).toBeUndefined();
    expect((await reader).stdout).toBe('through the pipe');
  });

  test('tells of a full disk', async () => {
    expect(await writeFileWhole('/dev/full', ['x'])).toEqual({
      path: '/dev/full',
      message: 'cannot write /dev/full: ENOSPC: no space left on device',
    });
  });

  test('tells of a directory that is not there, and of one in its place', async () => {
    const dir = makeTempDir();
    const missing = join(dir, 'no', 'out');
    expect(await writeFileWhole(missing, ['x'])).toMatchObject({
      message: `cannot write ${missing}: ENOENT: no such file or directory`,
    });
    mkdirSync(join(dir, 'sub'));
    expect(await writeFileWhole(join(dir, 'sub'), ['x'])).toMatchObject({
      message: `cannot write ${join(dir, 'sub')}: EISDIR: illegal operation on a directory`,
    });
  });
});
