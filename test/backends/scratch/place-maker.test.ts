// A job's place on disk: what is made, what is written, what stays secret, and what is said when it cannot be.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PlaceMaker } from '../../../src/backends/scratch/place-maker.js';
import { makeSpec } from '../../support/job-spec.js';
import { makeTempDir } from '../../support/temp-dir.js';

function makePlaces(environment: Readonly<Record<string, string>> = {}, maxOdirs = 5): PlaceMaker {
  const warn = (message: string): never => {
    throw new Error(`warned: ${message}`);
  };
  return new PlaceMaker({ environment, maxOdirs, warn });
}

describe('the place of a job', () => {
  it('has its directory and that of its log', () => {
    const dir = makeTempDir();
    const odir = join(dir, 'a', 'b');
    const logPath = join(dir, 'logs', 'c', 'log');
    expect(makePlaces().prepare(makeSpec('job', { odir, logPath }))).toEqual({ kind: 'ready' });
    expect(readdirSync(odir).sort()).toEqual(['cmd.sh', 'env_vars']);
    expect(existsSync(join(dir, 'logs', 'c'))).toBe(true);
  });

  it('tells its environment: the exports first, each variable once, a line each', () => {
    const odir = join(makeTempDir(), 'job');
    const places = makePlaces({ HOME: '/home', SEED: 'base', TWO: 'first\nsecond' });
    places.prepare(makeSpec('job', { odir, logPath: join(odir, 'log'), exports: { SEED: '7' } }));
    expect(readFileSync(join(odir, 'env_vars'), 'utf8')).toBe('SEED=7\nHOME=/home\nTWO=first\\nsecond\n');
  });

  it('keeps secrets of the environment and of the exports to itself', () => {
    const odir = join(makeTempDir(), 'job');
    const secret = 'hunter2';
    const names = ['GITHUB_TOKEN', 'db_password', 'AWS_SECRET_ACCESS_KEY', 'SIGNING_KEY', 'GCP_CREDENTIALS'];
    const base = Object.fromEntries(names.map((name) => [name, secret]));
    const exports = { LICENCE_TOKEN: secret, KEYBOARD: 'us', MONKEY: 'see' };
    makePlaces(base).prepare(makeSpec('job', { odir, logPath: join(odir, 'log'), exports }));
    const [variables = '', script = ''] = ['env_vars', 'cmd.sh'].map((file) =>
      readFileSync(join(odir, file), 'utf8'),
    );
    expect(variables + script).not.toContain(secret);
    expect(variables).toContain('KEYBOARD=us\nMONKEY=see\n');
    expect(script).toContain('LICENCE_TOKEN is not written');
  });

  it('has a script that does what the job does', () => {
    const odir = join(makeTempDir(), `it's $HOME; "x"\n*`);
    const exports = { TEXT: `a 'b' $c \`d\` \\ "e"\nf`, 'not.shell': '1' };
    const cmd = 'printf "%s|%s" "$TEXT" "$PWD"';
    makePlaces().prepare(makeSpec('job', { odir, logPath: join(odir, 'log'), exports, cmd }));
    const { stdout, status } = spawnSync(join(odir, 'cmd.sh'), { encoding: 'utf8', cwd: '/' });
    expect({ stdout, status }).toEqual({ stdout: `${exports.TEXT}|${odir}`, status: 0 });
  });

  it('is fresh for a job that renews it, with the newest old ones beside it', async () => {
    const dir = makeTempDir();
    const odir = join(dir, 'job');
    const places = makePlaces({}, 3);
    const spec = makeSpec('job', { odir, logPath: join(odir, 'log'), renewOdir: true });
    for (let round = 0; round < 6; round++) {
      expect(places.prepare(spec)).toEqual({ kind: 'ready' });
      expect(readdirSync(odir)).not.toContain('mark');
      writeFileSync(join(odir, 'mark'), String(round));
    }
    await places.settle();
    const old = readdirSync(dir).filter((name) => name !== 'job');
    expect(old.map((name) => readFileSync(join(dir, name, 'mark'), 'utf8')).sort()).toEqual(['3', '4']);
  });

  it('stays as it is for a job that does not renew it', () => {
    const odir = join(makeTempDir(), 'job');
    mkdirSync(odir);
    writeFileSync(join(odir, 'mark'), '');
    makePlaces().prepare(makeSpec('job', { odir, logPath: join(odir, 'log') }));
    expect(readdirSync(odir).sort()).toEqual(['cmd.sh', 'env_vars', 'mark']);
  });
});

describe('a place that cannot be made', () => {
  it('is named with what stands in its way', () => {
    const dir = makeTempDir();
    const file = join(dir, 'file');
    writeFileSync(file, '');
    const blocked = join(dir, 'blocked');
    mkdirSync(join(blocked, 'env_vars'), { recursive: true });
    const prepare = (odir: string, logPath: string) =>
      makePlaces().prepare(makeSpec('job', { odir, logPath }));
    expect([
      prepare(file, join(dir, 'log')),
      prepare(join(dir, 'job'), join(file, 'log')),
      prepare(blocked, join(blocked, 'log')),
    ]).toEqual([
      {
        kind: 'failed',
        message: `cannot make the output directory ${file}: a file of that name is in the way (EEXIST)`,
      },
      {
        kind: 'failed',
        message: `cannot make the log's directory ${file}: a file of that name is in the way (EEXIST)`,
      },
      { kind: 'failed', message: `cannot write ${join(blocked, 'env_vars')}: it is a directory (EISDIR)` },
    ]);
  });
});
