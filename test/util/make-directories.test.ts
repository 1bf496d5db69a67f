// Tests of making directories, above all where none can be made.
import { existsSync, mkdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { makeDirectories } from '../../src/util/make-directories.js';
import { makeTempDir } from '../support/temp-dir.js';

it('makes a directory with all above it, and takes one that is there', () => {
  const path = join(makeTempDir(), 'a', 'b', 'c');
  makeDirectories(path);
  makeDirectories(path);
  expect(statSync(path).isDirectory()).toBe(true);
});

it('takes a link to a directory for one', () => {
  const dir = makeTempDir();
  mkdirSync(join(dir, 'real'));
  symlinkSync('real', join(dir, 'link'));
  makeDirectories(join(dir, 'link', 'below'));
  expect(statSync(join(dir, 'real', 'below')).isDirectory()).toBe(true);
});

it('refuses what is no directory', () => {
  const file = join(makeTempDir(), 'file');
  writeFileSync(file, '');
  expect(() => {
    makeDirectories(file);
  }).toThrow(/EEXIST/);
  expect(() => {
    makeDirectories(join(file, 'a', 'b'));
  }).toThrow(/ENOTDIR/);
});

it('refuses a link that leads nowhere', () => {
  const link = join(makeTempDir(), 'link');
  symlinkSync('nowhere', link);
  expect(() => {
    makeDirectories(join(link, 'below'));
  }).toThrow(/EEXIST/);
});

// Node's recursive mkdir never returned from this.
it.runIf(existsSync('/proc/self'))('gives up where a file system takes no directories', () => {
  expect(() => {
    makeDirectories('/proc/no/such');
  }).toThrow(/ENOENT/);
});
