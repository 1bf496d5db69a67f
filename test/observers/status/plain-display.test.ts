// Tests of the plain status display, by the lines a user finds in a CI log.
import { describe, expect, test } from 'vitest';
import type { JobSpec } from '../../../src/model/job-spec.js';
import { createStatusDisplay } from '../../../src/observers/status/create-display.js';
import { makeSpec } from '../../support/job-spec.js';
import { ManualClock } from '../manual-clock.js';
import { ScriptedRun } from '../scripted-run.js';
import { MemoryStream } from './memory-stream.js';

function begin(jobs: readonly JobSpec[], env: Record<string, string> = {}) {
  const clock = new ManualClock();
  const stream = new MemoryStream(false);
  const display = createStatusDisplay({
    mode: 'auto',
    printIntervalMs: 10_000,
    stream,
    env,
    clock,
    runNow: clock.now,
  });
  const run = new ScriptedRun(display.notify, clock.now, jobs);
  return { clock, stream, display, run };
}

const failure = { kind: 'exit-code', exitCode: 3, context: [] } as const;

describe('the plain display', () => {
  test('reports at each interval what changed, and nothing when nothing did', () => {
    const { clock, stream, run } = begin([
      makeSpec('b', { target: 'build' }),
      makeSpec('r1'),
      makeSpec('r2'),
    ]);
    run.start().change('r1', ['queued', 'running']);
    clock.advance(9_999);
    expect(stream.take()).toBe('');
    clock.advance(1);
    expect(stream.take()).toBe('[10s] run: 0% S 1 Q 0 R 1 P 0 F 0 K 0 T 2\n');
    clock.advance(60_000);
    expect(stream.take()).toBe('');
    expect(clock.pending).toBe(0);
    run.change('r1', ['passed']).change('b', ['queued']);
    clock.advance(0);
    expect(stream.take()).toBe(
      '[1m10s] build: 0% S 0 Q 1 R 0 P 0 F 0 K 0 T 1\n' +
        '[1m10s] run: 50% S 1 Q 0 R 0 P 1 F 0 K 0 T 2, ETA 1m10s\n',
    );
  });

  test('says at once when a target is done, once', () => {
    const { clock, stream, run } = begin([makeSpec('b', { target: 'build' }), makeSpec('r')]);
    run.start().change('b', ['running']);
    clock.advance(2000);
    run.change('b', ['passed']);
    expect(stream.take()).toBe('[2s] build: done S 0 Q 0 R 0 P 1 F 0 K 0 T 1, took 2s\n');
    clock.advance(60_000);
    expect(stream.take()).toBe('');
  });

  test('a target whose jobs were all killed unstarted took no time worth telling', () => {
    const { stream, run } = begin([makeSpec('a')]);
    run.start().change('a', ['killed'], { kind: 'stopped', by: { kind: 'user', by: 'x' } });
    expect(stream.take()).toBe('[0s] run: done S 0 Q 0 R 0 P 0 F 0 K 1 T 1\n');
  });

  test('shows each failure once, with what a dependency took along left out', () => {
    const { stream, run } = begin([
      makeSpec('a'),
      makeSpec('b'),
      makeSpec('c', { timeoutMins: 2 }),
      makeSpec('d'),
    ]);
    run.start().change('a', ['running', 'failed'], failure);
    run.change('b', ['killed'], {
      kind: 'dependency',
      job: 'a',
      status: 'failed',
      culprit: 'a',
      because: 'exit code 3',
    });
    run.change('c', ['running', 'killed'], { kind: 'timeout', limitMins: 2 });
    expect(stream.take()).toBe(
      'FAILED run a: exit code 3 (/scratch/a/target.log)\n' +
        'KILLED run c: ran longer than its limit of 2 min (/scratch/c/target.log)\n',
    );
  });

  test('bounds the failures shown between two reports and counts the rest', () => {
    const jobs = Array.from({ length: 40 }, (_, i) => makeSpec(`j${i}`));
    const { clock, stream, run } = begin(jobs);
    run.start();
    for (let i = 0; i < 30; i++) run.change(`j${i}`, ['running', 'failed'], failure);
    expect(stream.take().split('\n').slice(0, -1)).toEqual(
      Array.from({ length: 10 }, (_, i) => `FAILED run j${i}: exit code 3 (/scratch/j${i}/target.log)`),
    );
    clock.advance(10_000);
    expect(stream.take()).toBe(
      '... and 20 more failures\n[10s] run: 75% S 10 Q 0 R 0 P 0 F 30 K 0 T 40, ETA 0s\n',
    );
    run.change('j30', ['running', 'failed'], failure);
    expect(stream.take()).toMatch(/^FAILED run j30: /);
  });

  test('tells what is in use and what is in the way with each report', () => {
    const { clock, stream, run } = begin([makeSpec('a', { resources: { vcs: 1 } }), makeSpec('b')]);
    run.start({ limits: { run: 2, resources: { vcs: 3 } } }).change('a', ['running']);
    run.tell({
      kind: 'backend-busy',
      atMs: clock.now(),
      backend: 'slurm',
      untilMs: clock.now() + 20_000,
      message: 'too many jobs',
    });
    clock.advance(10_000);
    expect(stream.take()).toBe(
      '[10s] run: 0% S 1 Q 0 R 1 P 0 F 0 K 0 T 2\n  in use: slots 1/2  vcs 1/3\nslurm is busy: too many jobs\n',
    );
  });

  test('prints stops and stalls at once', () => {
    const { clock, stream, run } = begin([makeSpec('a'), makeSpec('b')]);
    run.start();
    run.tell({
      kind: 'stop-asked',
      atMs: clock.now(),
      mode: 'kill',
      by: { kind: 'signal', signal: 'SIGINT' },
    });
    run.tell({
      kind: 'stalled',
      atMs: clock.now(),
      blocked: [{ job: 0, count: 2, message: 'needs 4 of vcs, of which there are 2' }],
    });
    expect(stream.take()).toBe(
      'stopping (SIGINT): ending what runs by force\n' +
        'stalled: a and 1 more: needs 4 of vcs, of which there are 2\n',
    );
  });

  test('prints lines before, during and after the run, escaped', async () => {
    const { stream, display, run } = begin([makeSpec('a')]);
    display.printLine('before');
    run.start();
    display.printLine('two\nlines\u001b[2J');
    await display.close();
    display.printLine('after');
    expect(stream.take()).toBe('before\ntwo\\nlines\\u001b[2J\nafter\n');
  });

  test('a name cannot forge lines', () => {
    const name = 'x\nFAILED run y: \u001b[31mlies';
    const { stream, run } = begin([makeSpec(name, { logPath: '/l', target: 'ru\nn' })]);
    run.start().change(name, ['running', 'failed'], failure);
    expect(stream.take()).toBe(
      'FAILED ru\\nn x\\nFAILED run y: \\u001b[31mlies: exit code 3 (/l)\n' +
        '[0s] ru\\nn: done S 0 Q 0 R 0 P 0 F 1 K 0 T 1, took 0s\n',
    );
  });

  test('cuts a reason that is a whole log', () => {
    const { stream, run } = begin([makeSpec('a'), makeSpec('b')]);
    run.start().change('a', ['running', 'failed'], { kind: 'launch-error', message: 'x'.repeat(10_000) });
    expect(stream.take()).toBe(`FAILED run a: ${'x'.repeat(300)}... (/scratch/a/target.log)\n`);
  });

  test('reports what is left to report when it is closed, and lets go of the stream', async () => {
    const { clock, stream, display, run } = begin([makeSpec('a'), makeSpec('b')]);
    run.start().change('a', ['running']);
    await display.close();
    expect(stream.take()).toBe('[0s] run: 0% S 1 Q 0 R 1 P 0 F 0 K 0 T 2\n');
    expect(clock.pending).toBe(0);
    expect(stream.listenerCount('error')).toBe(0);
  });

  test('falls silent when the stream breaks', async () => {
    const { clock, stream, display, run } = begin([makeSpec('a'), makeSpec('b')]);
    run.start().change('a', ['running']);
    stream.destroy(new Error('EPIPE'));
    await new Promise((resolve) => stream.once('close', resolve));
    display.printLine('lost');
    clock.advance(10_000);
    await display.close();
    expect(stream.text).toBe('');
  });

  test('colours failures when told to', () => {
    const { stream, run } = begin([makeSpec('a'), makeSpec('b')], { FORCE_COLOR: '1' });
    run.start().change('a', ['running', 'failed'], failure);
    expect(stream.take()).toBe('\u001b[31mFAILED run a: exit code 3 (/scratch/a/target.log)\u001b[39m\n');
  });
});

test('the silent display prints lines and nothing else', async () => {
  const stream = new MemoryStream(true);
  const display = createStatusDisplay({ mode: 'none', printIntervalMs: 0, stream, env: {} });
  new ScriptedRun(display.notify, () => 0, [makeSpec('a')])
    .start()
    .change('a', ['running', 'failed'], failure);
  display.printLine('a\tline');
  await display.close();
  expect(stream.text).toBe('a\\tline\n');
});
