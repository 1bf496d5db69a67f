// Moving old output directories aside: names, how many are kept, and whose are never touched.
import { mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { renewOdir } from '../../../src/backends/scratch/renew-odir.js';
import { makeTempDir } from '../../support/temp-dir.js';

const CHANGED = new Date(2026, 10, 24, 9, 5, 7);
const STAMP = '20261124_090507';

/** An output directory that was last changed at a known time. */
function makeOdir(parent: string, name: string, content = ''): string {
  const odir = join(parent, name);
  mkdirSync(odir);
  writeFileSync(join(odir, 'content'), content);
  utimesSync(odir, CHANGED, CHANGED);
  return odir;
}

describe('renewOdir', () => {
  it('does nothing where there is no directory', () => {
    const dir = makeTempDir();
    expect(renewOdir(join(dir, 'job'), 5)).toEqual([]);
    expect(readdirSync(dir)).toEqual([]);
  });

  it('names the old one by the time of its last change', () => {
    const dir = makeTempDir();
    expect(renewOdir(makeOdir(dir, 'job', 'old'), 5)).toEqual([]);
    expect(readdirSync(dir)).toEqual([`job_${STAMP}`]);
    expect(readFileSync(join(dir, `job_${STAMP}`, 'content'), 'utf8')).toBe('old');
  });

  it('counts on when two were changed in the same second', () => {
    const dir = makeTempDir();
    for (let round = 0; round < 3; round++) renewOdir(makeOdir(dir, 'job'), 5);
    expect(readdirSync(dir).sort()).toEqual([`job_${STAMP}`, `job_${STAMP}_2`, `job_${STAMP}_3`]);
  });

  it('names those beyond the newest, the new one counted in', () => {
    const dir = makeTempDir();
    const years = ['2021', '2022', '2023', '2024'];
    for (const year of years) mkdirSync(join(dir, `job_${year}0101_000000`));
    expect(renewOdir(makeOdir(dir, 'job'), 3)).toEqual(
      years.slice(0, 3).map((year) => join(dir, `job_${year}0101_000000`)),
    );
  });

  it('keeps none of the old ones when one is to be kept', () => {
    const dir = makeTempDir();
    expect(renewOdir(makeOdir(dir, 'job'), 1)).toEqual([join(dir, `job_${STAMP}`)]);
  });

  it('takes the tenth of a second for newer than the ninth', () => {
    const dir = makeTempDir();
    for (const copy of ['_9', '_10']) mkdirSync(join(dir, `job_20200101_000000${copy}`));
    expect(renewOdir(makeOdir(dir, 'job'), 3)).toEqual([join(dir, 'job_20200101_000000_9')]);
  });

  it('never names a directory of another job', () => {
    const dir = makeTempDir();
    const others = ['job2', 'job_2', 'job_20200101', 'xjob_20200101_000000', 'job_a_20200101_000000'];
    for (const other of others) mkdirSync(join(dir, other));
    expect(renewOdir(makeOdir(dir, 'job'), 1)).toEqual([join(dir, `job_${STAMP}`)]);
  });
});
