// `env_vars` shared by links: one text in every directory, and no directory's file reaches into another's.
import { chmodSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { EnvironmentFiles } from '../../../src/backends/scratch/environment-files.js';
import { EnvironmentText } from '../../../src/backends/scratch/job-files.js';
import { makeTempDir } from '../../support/temp-dir.js';

const BASE = { HOME: '/home' };

function makePlaces(count: number): { dir: string; odirs: string[] } {
  const dir = makeTempDir();
  const odirs = Array.from({ length: count }, (_, i) => join(dir, `job-${i}`));
  for (const odir of odirs) mkdirSync(odir);
  return { dir, odirs };
}

const read = (odir = ''): string => readFileSync(join(odir, 'env_vars'), 'utf8');
const inodeOf = (odir = ''): number => statSync(join(odir, 'env_vars')).ino;

it('links the file of the second job of an environment on, and writes what only one has', () => {
  const { dir, odirs } = makePlaces(5);
  const files = new EnvironmentFiles(new EnvironmentText(BASE), join(dir, 'shared'));
  for (const odir of odirs.slice(0, 4)) files.put(odir, {});
  files.put(odirs[4] ?? '', { SEED: '7' });
  expect(odirs.map(read)).toEqual([...Array<string>(4).fill('HOME=/home\n'), 'SEED=7\nHOME=/home\n']);
  expect(new Set(odirs.map(inodeOf)).size).toBe(3);
  expect(inodeOf(odirs[1])).toBe(inodeOf(odirs[3]));
});

it('replaces a file that is there, and leaves those it was linked to alone', () => {
  const { dir, odirs } = makePlaces(3);
  const files = new EnvironmentFiles(new EnvironmentText(BASE), join(dir, 'shared'));
  for (const odir of odirs) files.put(odir, {});
  files.put(odirs[2] ?? '', { SEED: '7' });
  expect(odirs.map(read)).toEqual(['HOME=/home\n', 'HOME=/home\n', 'SEED=7\nHOME=/home\n']);
  files.put(odirs[2] ?? '', {});
  expect(odirs.map(read)).toEqual(Array<string>(3).fill('HOME=/home\n'));
});

it('writes each file where nothing can be shared', () => {
  const { dir, odirs } = makePlaces(3);
  const blocked = join(dir, 'blocked');
  writeFileSync(blocked, '');
  chmodSync(blocked, 0o444);
  const files = new EnvironmentFiles(new EnvironmentText(BASE), join(blocked, 'shared'));
  for (const odir of odirs) files.put(odir, {});
  expect(odirs.map(read)).toEqual(Array<string>(3).fill('HOME=/home\n'));
  expect(new Set(odirs.map(inodeOf)).size).toBe(3);
});
