// The real command with a real Slurm: what becomes of a run when Regatta dies or is told to stop, and of one that uses other backends too.
import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, onTestFinished } from 'vitest';
import { InterruptedRun, killHard } from '../../cli/interrupted-run.js';
import { readResults } from '../../support/command.js';
import { eventually } from '../../support/eventually.js';
import { findProcesses } from '../../support/find-processes.js';
import { checkMixedRun } from './mixed-run.js';
import { useSlurm } from './slurm-cluster.js';

const { it, cluster } = useSlurm({ cpus: 100 });

const ON_SLURM = ['--backend', 'slurm'];

// What a test that failed has left would keep the next from starting.
afterEach(() => {
  if (cluster.isUp) cluster.ask('scancel', '--user=root');
});

/** What of the run is in the queue. */
function queueOf(run: InterruptedRun): readonly string[] {
  const id = /"run_id":"([^"]*)"/.exec(run.readJournal())?.[1];
  if (id === undefined) throw new Error('the run has no journal');
  return cluster.queue(`rgt-${id}-`);
}

/**
 * Puts a program in front of sbatch until the test ends: a shell script with `$real`, the way to Slurm's own, and `$dir`.
 * Tells where a file of it is.
 */
function replaceSbatch(run: InterruptedRun, body: string): (file: string) => string {
  const dir = join(run.dir, 'front');
  mkdirSync(dir);
  const [real = ''] = cluster.ask('which', 'sbatch');
  writeFileSync(join(dir, 'sbatch'), `#!/bin/sh\nreal='${real}' dir='${dir}'\n${body}\n`);
  chmodSync(join(dir, 'sbatch'), 0o755);
  const { PATH } = process.env;
  const restore = (): void => {
    process.env.PATH = PATH;
  };
  process.env.PATH = `${dir}:${PATH ?? ''}`;
  onTestFinished(restore);
  return (file) => join(dir, file);
}

/** Jobs by the number of their starts. */
function startsOf(run: InterruptedRun, names: readonly string[]): readonly number[] {
  return names.map((name) => run.startsOf(name));
}

describe('after SIGKILL of Regatta', () => {
  const names = ['short', 'ends', 'lives', 'last'];
  const expectOneStartEach = (run: InterruptedRun): void => {
    expect(run.statuses()).toEqual({ short: 'passed', ends: 'failed', lives: 'passed', last: 'passed' });
    expect(startsOf(run, names)).toEqual([1, 1, 1, 1]);
    expect(queueOf(run)).toEqual([]);
  };
  const jobsOf = (run: InterruptedRun): readonly object[] => [
    { full_name: 'short', cmd: run.counting('short') },
    { full_name: 'ends', cmd: `${run.waiting('ends')}; exit 3` },
    {
      full_name: 'lives',
      cmd: `${run.counting('lives')}; while [ ! -e ${run.dir}/over ]; do sleep 0.05; done`,
    },
    { full_name: 'last', cmd: run.counting('last'), dependencies: ['short', 'lives'] },
  ];

  it('in the middle of a run, resume takes what has ended, adopts what runs, and starts nothing twice', async () => {
    const run = new InterruptedRun();
    const started = run.start(jobsOf(run), ...ON_SLURM);
    await run.recorded('the end of the first', '"do":"end","job":0');
    await eventually('the others to run', () => run.startsOf('ends') + run.startsOf('lives') === 2);
    await killHard(started);
    // It ends while nobody looks after it.
    run.open();
    const resumed = run.regatta('resume', '--status', 'none');
    await run.recorded('the end of the second', '"do":"end","job":1');
    writeFileSync(join(run.dir, 'over'), '');
    const { code, stderr } = await resumed;
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
    expect(run.statuses()).toEqual({ short: 'passed', ends: 'failed', lives: 'passed', last: 'passed' });
    expect(readResults(run.dir).jobs.map(({ exit_code }) => exit_code)).toEqual([0, 3, 0, 0]);
    expect(startsOf(run, names)).toEqual([1, 1, 1, 1]);
    expect(queueOf(run)).toEqual([]);
  }, 60_000);

  it('when Slurm has taken an array and not said so, resume finds it by its name', async () => {
    const run = new InterruptedRun();
    const file = replaceSbatch(
      run,
      '[ -e $dir/said ] && exec $real "$@"; $real "$@"; : >$dir/said; while [ -d $dir ]; do sleep 0.1; done',
    );
    const started = run.start(jobsOf(run), ...ON_SLURM);
    await eventually('the array to be taken', () => existsSync(file('said')));
    await killHard(started);
    run.open();
    writeFileSync(join(run.dir, 'over'), '');
    const { code } = await run.regatta('resume', '--status', 'none');
    expect(code).toBe(1);
    expectOneStartEach(run);
  }, 60_000);

  it('when an array comes into the queue after resume has looked for it, its tasks do nothing', async () => {
    const run = new InterruptedRun();
    const file = replaceSbatch(
      run,
      '[ -e $dir/sent ] && exec $real "$@"; : >$dir/sent; while [ ! -e $dir/go ]; do sleep 0.05; done; $real "$@" >$dir/id',
    );
    const started = run.start(jobsOf(run), ...ON_SLURM);
    await eventually('the array to be sent', () => existsSync(file('sent')));
    await killHard(started);
    const resumed = run.regatta('resume', '--status', 'none');
    await eventually('the jobs to run', () => run.startsOf('lives') === 1);
    writeFileSync(file('go'), '');
    await eventually('the late array', () => existsSync(file('id')));
    await eventually('a queue without it', () => queueOf(run).every((line) => !line.endsWith('-1')));
    run.open();
    writeFileSync(join(run.dir, 'over'), '');
    expect((await resumed).code).toBe(1);
    expectOneStartEach(run);
  }, 60_000);

  it('kill empties the queue of what runs, what waits, and what was on its way', async () => {
    const run = new InterruptedRun();
    const file = replaceSbatch(
      run,
      '[ -e $dir/first ] || { : >$dir/first; exec $real "$@"; }; : >$dir/sent; sleep 1; $real "$@" >$dir/id',
    );
    const started = run.start(
      [
        ...[1, 2, 3].map((i) => ({
          full_name: `big${i}`,
          cmd: run.waiting('big'),
          resources: { cpus: 100 },
        })),
        {
          full_name: 'key',
          cmd: `until [ $(wc -l <${run.dir}/big.starts) = 2 ]; do sleep 0.05; done`,
          backend: 'local',
        },
        { full_name: 'small', cmd: run.counting('small'), dependencies: ['key'] },
      ],
      ...ON_SLURM,
    );
    await eventually('two to run', () => run.startsOf('big') === 2);
    await eventually('the second array to be sent', () => existsSync(file('sent')));
    await killHard(started);
    expect(queueOf(run)).toHaveLength(3);
    const { code, stderr } = await run.regatta('kill');
    expect(existsSync(file('id'))).toBe(true);
    expect(queueOf(run)).toEqual([]);
    expect(stderr).toMatch(/^regatta: nothing of run \S+ is left\n$/);
    expect(code).toBe(0);
    expect(run.startsOf('small')).toBe(0);
  }, 60_000);

  it('kill finds by their names what a damaged record does not tell of', async () => {
    const run = new InterruptedRun();
    const started = run.start([{ full_name: 'lives', cmd: run.waiting('lives') }], ...ON_SLURM);
    await eventually('it to run', () => run.startsOf('lives') === 1);
    await killHard(started);
    const lines = run.readJournal().split('\n');
    const intent = lines.findIndex((line) => line.includes('"do":"submit"'));
    expect(intent).toBeGreaterThan(0);
    writeFileSync(join(run.runDir, 'journal.jsonl'), `${lines.slice(0, intent).join('\n')}\n`);
    expect(queueOf(run)).toHaveLength(1);
    expect((await run.regatta('kill')).code).toBe(0);
    expect(queueOf(run)).toEqual([]);
  }, 60_000);

  it('kill finds them where the jobs of the run cannot be told', async () => {
    const run = new InterruptedRun();
    const started = run.start([{ full_name: 'lives', cmd: run.waiting('lives') }], ...ON_SLURM);
    await eventually('it to run', () => run.startsOf('lives') === 1);
    await killHard(started);
    writeFileSync(join(run.runDir, 'jobs.jsonl'), 'not JSON\n');
    expect(queueOf(run)).toHaveLength(1);
    expect((await run.regatta('kill')).code).toBe(1);
    expect(queueOf(run)).toEqual([]);
  }, 60_000);
});

describe('in an environment that steers the programs of Slurm', () => {
  it('as a task of an array that is not ours, jobs are run once, and ended when they are to end', async () => {
    const run = new InterruptedRun();
    const steering = {
      SBATCH_ARRAY_INX: '1-3',
      SCANCEL_NAME: 'another',
      SLURM_ARRAY_JOB_ID: '3',
      SLURM_ARRAY_TASK_ID: '7',
      SQUEUE_NAMES: 'another',
    };
    const jobs = [{ full_name: 'late', cmd: run.waiting('late'), timeout_mins: 0.01 }];
    Object.assign(process.env, steering);
    const started = run.start(jobs, ...ON_SLURM);
    for (const name of Object.keys(steering)) Reflect.deleteProperty(process.env, name);
    const { code, stderr } = await started.ended;
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
    expect(readResults(run.dir).jobs).toMatchObject([{ status: 'killed', reason: { kind: 'timeout' } }]);
    expect(run.startsOf('late')).toBe(1);
    expect(queueOf(run)).toEqual([]);
  }, 60_000);
});

describe('Ctrl-C', () => {
  const RUNNING = 200;
  const WAITING = 2000;
  const areAsleep = (count: number): boolean => findProcesses('sleep\0' + '73001').length === count;
  const whenAsleep = (): Promise<boolean> =>
    eventually(`${RUNNING} jobs to run`, () => areAsleep(RUNNING), { timeoutMs: 90_000, intervalMs: 200 });

  it(`with ${RUNNING} jobs running and ${WAITING} waiting leaves an empty queue`, async () => {
    const run = new InterruptedRun();
    const jobs = Array.from({ length: RUNNING + WAITING }, (_, i) => ({
      full_name: `job${i}`,
      cmd: 'sleep 73001',
    }));
    const { child, ended } = run.start(jobs, ...ON_SLURM, '--kill-grace', '10');
    await whenAsleep();
    await eventually('the others to wait', () => queueOf(run).length === RUNNING + WAITING);
    child.kill('SIGINT');
    expect((await ended).code).toBe(130);
    expect(queueOf(run)).toEqual([]);
    expect(areAsleep(0)).toBe(true);
    expect(readResults(run.dir).counts).toEqual({ total: 2200, passed: 0, failed: 0, killed: 2200 });
  }, 240_000);
});

it('jobs on Slurm with a licence, on this machine and faked, in one run', async () => {
  await checkMixedRun(new InterruptedRun().dir, 'slurm', 'SLURM_ARRAY_TASK_ID');
}, 60_000);
