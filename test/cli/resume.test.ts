// `regatta resume`: what goes on, what stands, and when it is refused.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readRunRecord } from '../../src/cli/run-record.js';
import { readResults } from '../support/command.js';
import { eventually } from '../support/eventually.js';
import { InterruptedRun, killHard } from './interrupted-run.js';

/** A run with a pass and a failure on record, a job that runs, and one that waits for it; stopped there by a signal. */
async function interrupt(signal: 'SIGKILL' | 'SIGINT', ...options: string[]): Promise<InterruptedRun> {
  const run = new InterruptedRun();
  const jobs = [
    { full_name: 'passes', cmd: run.counting('passes') },
    { full_name: 'fails', cmd: `${run.counting('fails')}; exit 3` },
    { full_name: 'doomed', cmd: run.counting('doomed'), deps: ['fails'] },
    { full_name: 'long', cmd: run.waiting('long'), deps: ['passes'] },
    { full_name: 'last', cmd: run.counting('last'), deps: ['long'] },
  ];
  const started = run.start(jobs, ...options);
  await run.recorded('both ends', '"do":"end","job":2');
  await run.recorded('the long job to run', '"do":"run"', /[[,]3,1[\],]/);
  await eventually('it to have counted its start', () => run.startsOf('long') === 1);
  if (signal === 'SIGKILL') await killHard(started);
  else {
    started.child.kill(signal);
    expect((await started.ended).code).toBe(130);
  }
  return run;
}

const DONE = { passes: 'passed', fails: 'failed', doomed: 'killed', long: 'passed', last: 'passed' };

describe('resume', () => {
  it('after SIGKILL runs what is left: a pass and a failure stand, what was running runs again', async () => {
    const run = await interrupt('SIGKILL');
    run.open();
    const { code, stderr } = await run.regatta('resume', '--status', 'none');
    expect(stderr).toBe('');
    expect(code).toBe(1);
    expect(run.statuses()).toEqual(DONE);
    expect(['passes', 'fails', 'doomed', 'long', 'last'].map((name) => run.startsOf(name))).toEqual([
      1, 1, 0, 2, 1,
    ]);
    expect(readResults(run.dir).jobs.find(({ full_name }) => full_name === 'doomed')?.reason?.message).toBe(
      'dependency fails failed: exit code 3',
    );
  });

  it('after Ctrl-C runs what the stop has killed, and says so before', async () => {
    const run = await interrupt('SIGINT');
    expect(run.statuses()).toEqual({ ...DONE, long: 'killed', last: 'killed' });
    expect((await run.regatta('status')).stdout).toMatch(
      /^run \S+: interrupted: stopped by SIGINT; regatta resume/,
    );
    run.open();
    expect((await run.regatta('resume', '--status', 'none')).code).toBe(1);
    expect(run.statuses()).toEqual(DONE);
    expect(run.startsOf('passes') + run.startsOf('last')).toBe(2);
    expect(run.startsOf('long')).toBe(2);
  });

  it('adopts what was left to finish, whether it has ended meanwhile or not', async () => {
    const run = new InterruptedRun();
    const gate = join(run.dir, 'gate');
    const jobs = [
      { full_name: 'ends', cmd: `${run.waiting('ends')}; exit 4` },
      { full_name: 'lives', cmd: `${run.counting('lives')}; read line < ${gate}` },
    ];
    execFileSync('/bin/sh', ['-c', 'mkfifo "$0"', gate]);
    const started = run.start(jobs, '--on-head-death', 'keep');
    await eventually('both to run', () => run.startsOf('ends') + run.startsOf('lives') === 2);
    await killHard(started);
    run.open();
    const resumed = run.regatta('resume', '--status', 'none');
    await run.recorded('the end of the first', '"do":"end","job":0');
    writeFileSync(gate, 'on\n');
    expect((await resumed).code).toBe(1);
    expect(run.statuses()).toEqual({ ends: 'failed', lives: 'passed' });
    expect([run.startsOf('ends'), run.startsOf('lives')]).toEqual([1, 1]);
    expect(readResults(run.dir).jobs.map(({ exit_code }) => exit_code)).toEqual([4, 0]);
  });

  it('of what it adopts and ends, names what is left then, not what was when the first of its processes ended', async () => {
    const run = new InterruptedRun();
    const marks = ['up', 'asked', 'ended'].map((name) => join(run.dir, name));
    const [up, asked, ended] = marks as [string, string, string];
    // Its shell ends at once when it is told to; what that had started takes its time.
    const child = `trap ': > ${asked}; sleep 0.5; : > ${ended}; exit' TERM; : > ${up}; while :; do sleep 0.05; done`;
    const started = run.start([{ full_name: 'long', cmd: `(${child}) & wait` }], '--on-head-death', 'keep');
    await eventually('it to run', () => existsSync(up));
    await killHard(started);
    const resumed = run.takeUp('--status', 'none', '--kill-grace', '30');
    await run.recorded('the adopted job to run', '"do":"resume"');
    await run.recorded('the adopted job to run', /"do":"run","jobs":\[0,1\]/);
    resumed.child.kill('SIGTERM');
    expect((await resumed.ended).code).toBe(143);
    expect([existsSync(asked), existsSync(ended)]).toEqual([true, true]);
    const [long] = readResults(run.dir).jobs;
    expect(long?.status).toBe('killed');
    expect(long).not.toHaveProperty('leftovers');
  });

  it('keeps the options of the run, and its outputs; new ones are added', async () => {
    const run = await interrupt('SIGKILL', '--results', 'all.json', '-mp', '3');
    run.open();
    const { code } = await run.regatta('resume', '--status', 'none', '--junit', 'junit.xml');
    expect(code).toBe(1);
    expect(JSON.parse(readFileSync(join(run.dir, 'all.json'), 'utf8'))).toEqual(readResults(run.dir));
    expect(readFileSync(join(run.dir, 'junit.xml'), 'utf8')).toContain('<testcase');
    expect(run.readJournal()).toMatch(/"do":"resume","limits":\{"run":3,/);
  });

  it('of a run that is over says so, writes its results as they were, and what else is asked for', async () => {
    const run = await interrupt('SIGKILL');
    run.open();
    await run.regatta('resume', '--status', 'none');
    const before = [readResults(run.dir), run.readJournal()];
    const usageSource = (): unknown =>
      (JSON.parse(readFileSync(join(run.runDir, 'metrics.json'), 'utf8')) as { usage_source: unknown })
        .usage_source;
    const { backends } = JSON.parse(readFileSync(join(run.runDir, 'run.json'), 'utf8')) as {
      backends: { local: { spawn: string } };
    };
    const source = { local: backends.local.spawn === 'native' ? 'rusage' : 'none' };
    expect(usageSource()).toEqual(source);
    // It died before it could write them.
    rmSync(join(run.runDir, 'results.json'));
    const { code, stderr } = await run.regatta('resume', '--results', 'more.json');
    expect(stderr).toMatch(/^regatta: run \S+ is over: no job of it is left to be run\n/);
    expect(code).toBe(1);
    expect([readResults(run.dir), run.readJournal()]).toEqual(before);
    expect(usageSource()).toEqual(source);
    expect(JSON.parse(readFileSync(join(run.dir, 'more.json'), 'utf8'))).toEqual(before[0]);
  });

  it('of a run that is driven is refused, and harms it not', async () => {
    const run = new InterruptedRun();
    const started = run.start([{ full_name: 'long', cmd: run.waiting('long') }]);
    await run.recorded('the job to run', '"do":"run"');
    const { code, stderr } = await run.regatta('resume');
    expect(code).toBe(2);
    expect(stderr).toMatch(/^regatta: error: process \d+ on \S+ is driving the run in \S+ \(wait until/);
    run.open();
    expect((await started.ended).code).toBe(0);
    expect(run.startsOf('long')).toBe(1);
  });
});

describe('resume is refused with exit code 2 when', () => {
  it('the journal is missing, torn at its head, foreign, newer, or damaged', async () => {
    const run = await interrupt('SIGKILL');
    const path = join(run.runDir, 'journal.jsonl');
    const whole = readFileSync(path, 'utf8');
    const cases: readonly (readonly [string | null, RegExp])[] = [
      [null, /error: the run in \S+ has no journal\.jsonl \(it had not begun, or its files were removed/],
      ['', /error: the run had not begun when its process died: /],
      ['PK\x03\x04\n', /error: \S+ is not a journal of Regatta \(/],
      [
        whole.replace('journal/1', 'journal/9'),
        /error: \S+ has format version 9; this Regatta reads version 1 \(/,
      ],
      [
        whole.replace(/"run_id":"[^"]*"/, '"run_id":"x"'),
        /error: \S+ is the journal of run x with 5 jobs, not of/,
      ],
      [whole.replace('\n{', '\n}{'), /error: \S+journal\.jsonl:2: the journal is damaged: .* restore it/],
    ];
    for (const [text, message] of cases) {
      if (text === null) rmSync(path);
      else writeFileSync(path, text);
      const { code, stderr, stdout } = await run.regatta('resume');
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr).toMatch(message);
      expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    }
    expect(run.startsOf('long')).toBe(1);
  });

  it('the kept jobs are others than those it began with, be it by a bit', async () => {
    const run = await interrupt('SIGKILL');
    const path = join(run.runDir, 'jobs.jsonl');
    const whole = readFileSync(path, 'utf8');
    for (const changed of [
      whole.replace('long.starts', 'lonf.starts'),
      whole.replace('exit 3', 'exit 2'),
      `${whole}\n`,
    ]) {
      writeFileSync(path, changed);
      const { code, stderr, stdout } = await run.regatta('resume');
      expect(stderr).toMatch(
        /^regatta: error: \S+jobs\.jsonl: these are not the jobs that the run began with \(.* restore the file, or .*\)\n$/,
      );
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    }
    expect(run.startsOf('long')).toBe(1);
    writeFileSync(path, whole);
    run.open();
    expect((await run.regatta('resume', '--status', 'none')).code).toBe(1);
    expect(run.statuses()).toEqual(DONE);
  });

  it('the journal is no file', async () => {
    const run = await interrupt('SIGKILL');
    const path = join(run.runDir, 'journal.jsonl');
    rmSync(path);
    mkdirSync(path);
    const { code, stderr } = await run.regatta('resume');
    expect(stderr).toMatch(/^regatta: error: cannot read the journal \S+: EISDIR.*\n$/);
    expect(code).toBe(2);
  });

  it('run.json says nothing, or nonsense, of how the run was started', async () => {
    const run = await interrupt('SIGKILL');
    const path = join(run.runDir, 'run.json');
    const facts = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
    const nonsense: readonly unknown[] = [
      ...[null, 5, [], 'regatta.run/1', { ...facts, schema: 7 }, { ...facts, run_id: null }],
      ...[null, [], 'x', { results: 5 }, { resource: [1] }].map((options) => ({ ...facts, options })),
      ...[{ git: 5 }, { entropy: [] }, { default_backend: 9 }, { repro: 5 }, { repro: {} }].map((part) => {
        return { ...facts, ...part };
      }),
    ];
    for (const value of nonsense) {
      writeFileSync(path, JSON.stringify(value));
      await expect(readRunRecord(run.runDir)).rejects.toThrow('it does not say how a run was started');
    }
    const { code, stderr } = await run.regatta('resume');
    expect(stderr).toMatch(/^regatta: error: \S+run\.json: it does not say how a run was started \(.*\n$/);
    expect(code).toBe(2);
  });

  it('what is left needs the output of a job that passed, and that is gone', async () => {
    const run = await interrupt('SIGKILL');
    rmSync(join(run.dir, 'scratch', 'passes'), { recursive: true });
    const { code, stderr } = await run.regatta('resume');
    // The long job needs it, and is still to be run.
    expect(code).toBe(2);
    expect(stderr).toMatch(
      /the run cannot go on: the output of passes is gone: \S+scratch\/passes \(start a new run\)/,
    );
    expect(run.startsOf('long')).toBe(1);
  });

  it('there is no such run; the nearest is named', async () => {
    const run = await interrupt('SIGKILL');
    const id = /"run_id":"([^"]*)"/.exec(run.readJournal())?.[1] ?? '';
    const { code, stderr } = await run.regatta('resume', `${id.slice(0, -1)}x`);
    expect(code).toBe(2);
    expect(stderr).toMatch(new RegExp(`there is no run .* \\(did you mean "${id}"\\?\\)`));
    rmSync(join(run.dir, 'scratch'), { recursive: true });
    const none = await run.regatta('resume');
    expect(none.code).toBe(2);
    expect(none.stderr).toMatch(/^regatta: error: no run in scratch \(/);
    expect(existsSync(join(run.dir, 'scratch'))).toBe(false);
  });
});
