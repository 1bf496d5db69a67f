// `regatta doctor`: says what works and what to mend, exit code 0 or 1, and leaves nothing behind.
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { examineLauncher, examineLimits } from '../../src/cli/doctor/examine-local.js';
import { regatta } from '../support/command.js';
import { fromRepoRoot } from '../support/repo-root.js';
import { makeTempDir } from '../support/temp-dir.js';

const realPath = process.env.PATH ?? '';
afterEach(() => {
  process.env.PATH = realPath;
  delete process.env.FAKE_CLUSTER;
});

/** Puts the commands that speak like an engine on PATH. */
function useFakes(engine: string, cluster: string): void {
  mkdirSync(cluster);
  process.env.FAKE_CLUSTER = cluster;
  process.env.PATH = fromRepoRoot(`test/backends/batch/fakes/${engine}`) + delimiter + realPath;
}

it('finds this machine well', async () => {
  const dir = makeTempDir();
  const { code, stdout } = await regatta(dir, 'doctor', '--backend', 'local');
  expect(stdout).toContain('a trial job ran');
  expect(stdout).toContain('the scratch root is seen where jobs run');
  expect(stdout).not.toContain('problem');
  expect(code).toBe(0);
  expect(readdirSync(join(dir, 'scratch', '.regatta'))).toEqual([]);
});

it('tries a job on an engine', async () => {
  const dir = makeTempDir();
  useFakes('lsf', join(dir, 'cluster'));
  const { code, stdout } = await regatta(dir, 'doctor', '--backend', 'lsf');
  expect(stdout).toContain('on PATH: bsub, bjobs, bkill, bparams');
  expect(stdout).toContain('arrays of up to 64 tasks');
  expect(stdout).toContain('a trial job ran');
  expect(code).toBe(0);
});

it('says what the engine says of a bad queue', async () => {
  const dir = makeTempDir();
  useFakes('lsf', join(dir, 'cluster'));
  const { code, stdout } = await regatta(
    dir,
    'doctor',
    '--backend',
    'lsf',
    '--backend-opt',
    'lsf.queue=nosuch',
  );
  expect(stdout).toContain('problem  a trial job was refused: nosuch: No such queue');
  expect(code).toBe(1);
});

it('an engine that was asked for and is not there is a problem; one that nobody uses is not', async () => {
  const dir = makeTempDir();
  process.env.PATH = makeTempDir();
  const named = await regatta(dir, 'doctor', '--backend', 'htcondor');
  expect(named.code).toBe(1);
  expect(named.stdout).toContain(
    'problem  not on PATH: condor_submit, condor_q, condor_rm, condor_config_val',
  );
  expect(named.stdout).toContain('-> load the environment of HTCondor');
  const all = await regatta(dir, 'doctor');
  expect(all.stdout).toContain('note     not on PATH: condor_submit');
  expect(all.code).toBe(0);
});

it('a scratch root that cannot be written is the first thing to mend', async () => {
  const dir = makeTempDir();
  writeFileSync(join(dir, 'file'), '');
  const { code, stdout } = await regatta(dir, 'doctor', '--scratch-root', 'file');
  expect(code).toBe(1);
  expect(stdout).toContain(`problem  ${join(dir, 'file')} cannot be written`);
  expect(stdout).not.toContain('local');
});

it('a backend that is not known is bad usage', async () => {
  const { code, stderr } = await regatta(makeTempDir(), 'doctor', '--backend', 'slrum');
  expect(code).toBe(2);
  expect(stderr).toContain('there is no backend named "slrum" (did you mean "slurm"?)');
});

it('low limits are problems, a slower launcher is worth a note', () => {
  const limits = 'Max open files            64                   4096                 files\n';
  expect(examineLimits(limits)).toEqual([
    { level: 'problem', what: 'only 64 open files are allowed', advice: 'raise it: ulimit -n 4096' },
  ]);
  const facts = {
    mode: 'portable',
    fallbackReason: 'no libc',
    cgroup: null,
    cgroupReason: 'read-only',
    adoptsOrphans: false,
  } as const;
  expect(examineLauncher(facts).map(({ level, what }) => `${level}: ${what}`)).toEqual([
    'note: the launcher starts jobs the portable, slower way: no libc',
    'note: no control group for the run: read-only',
    'note: orphans of jobs do not come to the launcher',
  ]);
});
