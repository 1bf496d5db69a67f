// `regatta status`, `why` and `repro`: what is told of a run from another process, while it goes on, when it is dead, and when it is over.
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import { InterruptedRun, killHard } from './interrupted-run.js';

interface StatusFile {
  readonly state: string;
  readonly pid: number | null;
  readonly counts: Readonly<Record<string, number>>;
  readonly running: readonly { readonly full_name: string }[];
  readonly failed: readonly { readonly full_name: string; readonly message: string }[];
}

async function readStatus(run: InterruptedRun): Promise<StatusFile> {
  const { code, stdout } = await run.regatta('status', '--format', 'json');
  expect(code).toBe(0);
  return JSON.parse(stdout) as StatusFile;
}

async function why(run: InterruptedRun, ...jobs: readonly string[]): Promise<string[]> {
  const answers = await Promise.all(jobs.map((job) => run.regatta('why', job)));
  return answers.map(({ stdout }) => stdout.split('\n')[0] ?? '');
}

/** One job of each fate, two of them only once the run goes on. */
async function startMixed(): Promise<{ run: InterruptedRun; started: ReturnType<InterruptedRun['start']> }> {
  const run = new InterruptedRun();
  const started = run.start(
    [
      { full_name: 'blk.build', name: 'build', cmd: 'true' },
      { full_name: 'blk.bad', cmd: 'echo ERROR: no clock', fail_patterns: ['^ERROR'], deps: ['blk.build'] },
      { full_name: 'blk.after-bad', cmd: 'true', deps: ['blk.bad'] },
      { full_name: 'blk.long', cmd: run.waiting('long'), resources: { vcs: 1 }, deps: ['blk.build'] },
      { full_name: 'blk.licence', cmd: 'true', resources: { vcs: 1 }, deps: ['blk.build'] },
      { full_name: 'blk.merge', cmd: 'true', deps: ['blk.long', 'blk.licence'] },
      { full_name: 'blk.report', cmd: 'true', deps: ['blk.merge'] },
    ],
    ...['--resource', 'vcs=1'],
  );
  await run.recorded('the failure', '"do":"end","job":1');
  await run.recorded('the long job to run', '"do":"run"', /[[,]3,1[\],]/);
  return { run, started };
}

describe('a run that goes on', () => {
  it('is told of with its process, and each job with what it waits for; then as dead, then as over', async () => {
    const { run, started } = await startMixed();
    expect(await readStatus(run)).toMatchObject({
      state: 'running',
      pid: started.child.pid,
      counts: { total: 7, scheduled: 2, queued: 1, running: 1, passed: 1, failed: 1, killed: 1 },
      running: [{ full_name: 'blk.long' }],
      failed: [
        { full_name: 'blk.bad', status: 'failed', message: 'ERROR: no clock' },
        {
          full_name: 'blk.after-bad',
          status: 'killed',
          message: 'dependency blk.bad failed: ERROR: no clock',
        },
      ],
    });
    const ended = [
      'blk.build passed',
      'blk.bad failed: ERROR: no clock',
      'blk.after-bad was killed: dependency blk.bad failed: ERROR: no clock',
    ];
    const names = ['build', 'blk.bad', 'blk.after-bad', 'blk.long', 'blk.licence', 'blk.merge', 'blk.report'];
    expect(await why(run, ...names)).toEqual([
      ...ended,
      expect.stringMatching(/^blk\.long is running, for \d+s$/),
      expect.stringMatching(/^blk\.licence needs 1 of .*vcs; limit 1, in use 1$/),
      expect.stringMatching(/^blk\.merge waits for /),
      'blk.report waits for blk.merge',
    ]);

    await killHard(started);
    expect(await readStatus(run)).toMatchObject({ state: 'interrupted', counts: { running: 1, killed: 1 } });
    const { stdout } = await run.regatta('status');
    expect(stdout).toMatch(/^run \S+: interrupted: its process died; regatta resume goes on with it\n/);
    expect(stdout).toMatch(/\nwas running blk\.long for /);
    expect(await why(run, ...names)).toEqual([
      ...ended,
      expect.stringMatching(/^blk\.long was running when the run was interrupted, for /),
      expect.stringMatching(/^blk\.licence is queued: the run is interrupted/),
      expect.stringMatching(/^blk\.merge is scheduled: the run is interrupted/),
      expect.stringMatching(/^blk\.report is scheduled: the run is interrupted/),
    ]);
    // The job that it waited for failed for good: it is not run again.
    expect((await run.regatta('why', 'blk.after-bad')).stdout).not.toContain('run again');

    run.open();
    await run.regatta('resume', '--status', 'none');
    expect(await readStatus(run)).toMatchObject({
      state: 'ended',
      counts: { passed: 5, failed: 1, killed: 1 },
    });
    expect((await run.regatta('status')).stdout).toMatch(/^run \S+: ended\n/);
    expect(await why(run, 'blk.report')).toEqual(['blk.report passed']);
  });

  it('has jobs whose names are suggested', async () => {
    const { run, started } = await startMixed();
    const [near, part, none] = await Promise.all(
      ['blk.lonk', 'blk.l', 'zzz'].map((name) => run.regatta('why', name)),
    );
    expect(near).toMatchObject({ code: 2, stdout: '' });
    expect(near?.stderr).toBe('regatta: error: the run has no job "blk.lonk" (did you mean "blk.long"?)\n');
    expect(part?.stderr).toBe(
      'regatta: error: the run has no job "blk.l" (like it: blk.long, blk.licence)\n',
    );
    expect(none?.stderr).toBe(
      'regatta: error: the run has no job "zzz" (its jobs: blk.build, blk.bad, blk.after-bad, blk.long, blk.licence and 2 more)\n',
    );
    run.open();
    await started.ended;
  });
});

describe('repro', () => {
  const JOB = {
    full_name: "t/odd name's",
    name: 'odd',
    cmd: 'printf "%s|%s|%s\\n" "$WORDS" "$PWD" "$(cat given)"; exit $CODE',
    exports: { WORDS: `two 'words' $HOME "and" \\more`, CODE: '7' },
  };

  it('prints a script that does what the job did, wherever it is run', async () => {
    const run = new InterruptedRun();
    await run.start([JOB]).ended;
    const log = (await run.regatta('why', 'odd')).stdout.match(/has its log in (.*)/)?.[1] ?? '';
    const before = readFileSync(log, 'utf8');
    const { code, stdout } = await run.regatta('repro', 'odd');
    expect(code).toBe(0);
    writeFileSync(join(run.dir, 'again.sh'), stdout);
    const again = spawnSync('/bin/sh', [join(run.dir, 'again.sh')], { cwd: '/', encoding: 'utf8' });
    expect(again.status).toBe(7);
    expect(again.stdout).toBe(before.replace(/^cat: .*\n/m, ''));
    expect(again.stdout).toContain(`two 'words' $HOME "and" \\more|`);
  });

  it('with --exec runs it, and tells by its exit code whether it passed', async () => {
    const run = new InterruptedRun();
    await run.start([JOB, { full_name: 'good', cmd: 'echo fine; pwd' }]).ended;
    const bad = await run.regatta('repro', 'odd', '--exec');
    expect(bad.code).toBe(1);
    expect(bad.stderr).toMatch(/regatta: t\/odd name's: exit code 7\n$/);
    // Its directory is made again where it is gone.
    const odir = join(run.dir, 'scratch', 'good');
    rmSync(odir, { recursive: true });
    const good = await run.regatta('repro', 'good', '--exec');
    expect(good).toEqual({ code: 0, stdout: `fine\n${odir}\n`, stderr: '' });
  });

  it('works while the run goes on, and tells which job it may be', async () => {
    const run = new InterruptedRun();
    const twins = ['a', 'b'].map((block) => ({ full_name: `${block}.same`, name: 'same', cmd: 'true' }));
    const started = run.start([...twins, { full_name: 'long', cmd: run.waiting('long') }]);
    await eventually('the long job to run', () => run.startsOf('long') === 1);
    expect((await run.regatta('repro', 'a.same')).stdout).toMatch(/^#!\/bin\/sh\n/);
    const both = await run.regatta('repro', 'same');
    expect(both.code).toBe(2);
    expect(both.stderr).toBe('regatta: error: 2 jobs are called "same" (give a full name: a.same, b.same)\n');
    run.open();
    expect((await started.ended).code).toBe(0);
  });
});

it('why tells the words of a backend that refuses a job over and over', async () => {
  const run = new InterruptedRun();
  const backend = `{
  name: 'full',
  open: async () => {},
  submit: async (batch) => batch.map(() => ({ kind: 'busy', message: 'the queue is full' })),
  adopt: async (batch) => batch.map(() => ({ kind: 'gone' })),
  kill: async () => {},
  close: async () => {},
}`;
  writeFileSync(join(run.dir, 'full.mjs'), `export default { name: 'full', create: () => (${backend}) };\n`);
  const started = run.start(
    [
      { full_name: 'refused', cmd: 'true' },
      { full_name: 'here', cmd: 'true', backend: 'local' },
    ],
    ...['--plugin', './full.mjs', '--backend', 'full'],
  );
  await run.recorded('a refusal', '"do":"busy"');
  const { stdout } = await run.regatta('why', 'refused');
  await killHard(started);
  expect(stdout).toMatch(
    /^refused is being started; full was busy \d+s ago: the queue is full; what it refuses is offered again, last after \d\.\d\d s\n$/,
  );
});
