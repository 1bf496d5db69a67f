// Pins the outcome rules for jobs that ended by themselves, with real logs read by real threads.
import { openSync, closeSync, ftruncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { JobSpec } from '../../src/model/job-spec.js';
import type { JobEnd } from '../../src/model/outcome.js';
import { Judge } from '../../src/results/judge.js';
import { makeSpec } from '../support/job-spec.js';
import { makeTempDir } from '../support/temp-dir.js';

function startJudge(matchLimitMs?: number): Judge {
  const judge = new Judge(matchLimitMs === undefined ? {} : { matchLimitMs });
  onTestFinished(() => judge.close());
  return judge;
}

const exited = (exitCode: number): JobEnd => ({ kind: 'exited', exitCode });
const report = (end: JobEnd) => ({ job: 0, attempt: 1, end });

interface Case {
  readonly title: string;
  readonly log?: string;
  readonly end?: JobEnd;
  readonly fields?: Partial<JobSpec>;
  readonly outcome: object;
}

const patterns = { failPatterns: ['^ERROR'], passPatterns: ['^TEST PASSED$'] };

describe('judgeEnd', () => {
  const failed = (reason: object) => ({ status: 'failed', reason });

  test.each<Case>([
    { title: 'a clean end and log', log: 'TEST PASSED\n', fields: patterns, outcome: { status: 'passed' } },
    { title: 'a clean end without patterns', log: '', fields: {}, outcome: { status: 'passed' } },
    {
      title: 'a fail pattern, before exit code and missing pass pattern',
      log: 'x\nERROR: y\nz\n',
      end: exited(7),
      outcome: failed({ kind: 'fail-pattern', pattern: '^ERROR', text: 'ERROR: y', line: 2, context: ['z'] }),
    },
    {
      title: 'a missing pass pattern, before the exit code',
      log: 'x\n',
      end: exited(7),
      outcome: failed({ kind: 'missing-pass-pattern', patterns: ['^TEST PASSED$'], context: ['x'] }),
    },
    {
      title: 'an exit code, although the log is fine',
      log: 'TEST PASSED\nlate\n',
      end: exited(7),
      outcome: failed({ kind: 'exit-code', exitCode: 7, context: ['TEST PASSED', 'late'] }),
    },
    {
      title: 'a signal',
      log: 'Segmentation fault\n',
      end: { kind: 'signalled', signal: 'SIGSEGV' },
      fields: {},
      outcome: failed({ kind: 'signal', signal: 'SIGSEGV', context: ['Segmentation fault'] }),
    },
    {
      title: 'a job that never started',
      end: { kind: 'not-launched', message: 'no such program' },
      outcome: failed({ kind: 'launch-error', message: 'no such program' }),
    },
    {
      title: 'a lost job',
      end: { kind: 'lost', message: 'node gone' },
      outcome: failed({ kind: 'lost', message: 'node gone' }),
    },
    {
      title: 'a declared end',
      log: 'ERROR\n',
      end: { kind: 'declared', outcome: { status: 'passed' } },
      outcome: { status: 'passed' },
    },
  ])('$title', async ({ log = '', end = exited(0), fields = patterns, outcome }) => {
    const logPath = join(makeTempDir(), 'target.log');
    writeFileSync(logPath, log);
    const verdict = await startJudge().judgeEnd(makeSpec('job', { logPath, ...fields }), report(end));
    expect(verdict.outcome).toEqual(outcome);
  });

  test('passes the facts on, with the simulated time of a run', async () => {
    const logPath = join(makeTempDir(), 'run.log');
    writeFileSync(logPath, 'Time: 5000000 ps\n');
    const spec = makeSpec('run', { logPath, tool: { name: 'vcs', version: '' } });
    const usage = { cpuMs: 5, maxRssKib: 9 };
    const verdict = await startJudge().judgeEnd(spec, {
      ...report(exited(0)),
      usage,
      leftovers: ['7 sleep'],
    });
    expect(verdict).toEqual({
      outcome: { status: 'passed' },
      facts: { exitCode: 0, signal: null, usage, simulatedTimeUs: 5, leftovers: ['7 sleep'] },
    });
  });

  test('does not look for a log that tells nothing', async () => {
    const judge = startJudge();
    const build = makeSpec('build', {
      target: 'build',
      tool: { name: 'vcs', version: '' },
      logPath: '/no/log',
    });
    expect((await judge.judgeEnd(build, report(exited(0)))).outcome).toEqual({ status: 'passed' });
  });

  test('a missing log fails a job with patterns, and only such a job', async () => {
    const judge = startJudge();
    const logPath = join(makeTempDir(), 'target.log');
    expect(
      (await judge.judgeEnd(makeSpec('a', { ...patterns, logPath }), report(exited(0)))).outcome,
    ).toEqual({
      status: 'failed',
      reason: {
        kind: 'log-error',
        message: `cannot judge the job by its log ${logPath}: ENOENT: no such file or directory`,
      },
    });
    expect((await judge.judgeEnd(makeSpec('b', { logPath }), report(exited(3)))).outcome).toEqual({
      status: 'failed',
      reason: { kind: 'exit-code', exitCode: 3, context: [] },
    });
  });

  test('a pattern that backtracks without end fails its job; those that wait behind it are judged', async () => {
    const judge = startJudge(200);
    const dir = makeTempDir();
    const hanging = makeSpec('hanging', { logPath: join(dir, 'a.log'), failPatterns: ['^(a+)+$'] });
    const next = makeSpec('next', { logPath: join(dir, 'b.log'), ...patterns });
    writeFileSync(hanging.logPath, `${'a'.repeat(60)}!\n`);
    writeFileSync(next.logPath, 'TEST PASSED\n');
    const [first, second] = await Promise.all([
      judge.judgeEnd(hanging, report(exited(0))),
      judge.judgeEnd(next, report(exited(0))),
    ]);
    expect(first.outcome).toEqual({
      status: 'failed',
      reason: {
        kind: 'log-error',
        message: `cannot judge the job by its log ${hanging.logPath}: its patterns took more than 0.2 s for one piece of it; one of them probably backtracks without end, as (a+)+$ does`,
      },
    });
    expect(second.outcome).toEqual({ status: 'passed' });
  });

  test('patterns that were given up once get a tenth of the time from then on', async () => {
    const judge = startJudge(2000);
    const dir = makeTempDir();
    const verdicts = [0, 1].map(async (seed) => {
      const logPath = join(dir, `${seed}.log`);
      writeFileSync(logPath, `${'a'.repeat(60)}!\n`);
      const spec = makeSpec(`hanging.${seed}`, { seed, logPath, failPatterns: ['^(a+)+$'] });
      return (await judge.judgeEnd(spec, report(exited(0)))).outcome;
    });
    const [first, second] = await Promise.all(verdicts);
    expect(JSON.stringify(first)).toContain('its patterns took more than 2 s for one piece');
    expect(JSON.stringify(second)).toContain('its patterns took more than 0.2 s for one piece');
  });

  test('a large log does not hold up the short ones', async () => {
    const judge = startJudge();
    const dir = makeTempDir();
    const large = makeSpec('large', { logPath: join(dir, 'large.log'), ...patterns });
    const fd = openSync(large.logPath, 'w');
    ftruncateSync(fd, 200 * 1024 * 1024);
    closeSync(fd);
    const short = makeSpec('short', { logPath: join(dir, 'short.log'), ...patterns });
    writeFileSync(short.logPath, 'TEST PASSED\n');
    const order: string[] = [];
    const judged = [large, short].map(async (spec) => {
      const { outcome } = await judge.judgeEnd(spec, report(exited(0)));
      order.push(`${spec.fullName} ${outcome.status}`);
    });
    await Promise.all(judged);
    expect(order).toEqual(['short passed', 'large failed']);
  });

  test('closing answers what is still open', async () => {
    const judge = startJudge();
    const spec = makeSpec('open', { logPath: join(makeTempDir(), 'a.log'), failPatterns: ['^(a+)+$'] });
    writeFileSync(spec.logPath, `${'a'.repeat(60)}!\n`);
    const verdict = judge.judgeEnd(spec, report(exited(0)));
    await judge.close();
    expect((await verdict).outcome).toMatchObject({ reason: { kind: 'log-error' } });
  });
});
