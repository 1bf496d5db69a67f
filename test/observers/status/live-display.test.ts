// Tests of when and what the live display writes; terminal.test.ts looks at the screen it makes.
import { stripVTControlCharacters } from 'node:util';
import pc from 'picocolors';
import { describe, expect, test } from 'vitest';
import type { JobSpec } from '../../../src/model/job-spec.js';
import { LiveDisplay } from '../../../src/observers/status/live-display.js';
import { makeSpec } from '../../support/job-spec.js';
import { ManualClock } from '../manual-clock.js';
import { ScriptedRun } from '../scripted-run.js';
import { MemoryStream } from './memory-stream.js';

function begin(jobs: readonly JobSpec[]) {
  const clock = new ManualClock();
  const stream = new MemoryStream(true);
  const display = new LiveDisplay({ stream, colors: pc.createColors(false), clock, runNow: clock.now });
  const run = new ScriptedRun(display.notify, clock.now, jobs);
  /** The lines written since the last call, without the codes that place them. */
  const takeLines = (): string[] =>
    stripVTControlCharacters(stream.take())
      .split('\n')
      .filter((line) => line !== '');
  return { clock, stream, display, run, takeLines };
}

const failure = { kind: 'exit-code', exitCode: 3, context: [] } as const;
const header = 'target  S  Q  R  P  F  K  T   %  elapsed  ETA';

describe('frames', () => {
  test('come at most 10 times a second, however much happens', () => {
    const jobs = Array.from({ length: 1000 }, (_, i) => makeSpec(`j${i}`));
    const { clock, stream, run } = begin(jobs);
    run.start();
    clock.advance(0);
    expect(stream.writes).toBe(1);
    for (const { fullName } of jobs) {
      run.change(fullName, ['queued', 'running', 'passed']);
      clock.advance(1);
    }
    expect(stream.writes).toBe(11);
  });

  test('come once a second while jobs run and nothing changes', () => {
    const { clock, run, takeLines } = begin([makeSpec('a')]);
    run.start().change('a', ['running']);
    clock.advance(0);
    expect(takeLines()).toEqual([`${header}  running`, 'run     0  0  1  0  0  0  1  0%       0s    -  a']);
    clock.advance(999);
    expect(takeLines()).toEqual([]);
    clock.advance(1);
    expect(takeLines()).toEqual(['run     0  0  1  0  0  0  1  0%       1s    -  a']);
  });

  test('stop while nothing runs', () => {
    const { clock, run, takeLines } = begin([makeSpec('a')]);
    run.start();
    clock.advance(1000);
    expect(takeLines()).toEqual([header, 'run     1  0  0  0  0  0  1  0%        -    -']);
    expect(clock.pending).toBe(0);
  });

  test('never hide the cursor, so that it need not be restored', async () => {
    const { clock, stream, display, run } = begin([makeSpec('a')]);
    run.start().change('a', ['running', 'failed'], failure);
    clock.advance(1000);
    await display.close();
    expect(stream.text).toContain('run');
    expect(stream.text).not.toContain('\u001b[?25l');
  });
});

describe('lines above the block', () => {
  test('are failures in their own right', () => {
    const { clock, run, takeLines } = begin([makeSpec('a'), makeSpec('b')]);
    run.start().change('a', ['running', 'failed'], failure);
    run.change('b', ['killed'], {
      kind: 'dependency',
      job: 'a',
      status: 'failed',
      culprit: 'a',
      because: '',
    });
    clock.advance(0);
    expect(takeLines()).toEqual([
      'FAILED run a: exit code 3 (/scratch/a/target.log)',
      'target  S  Q  R  P  F  K  T     %  elapsed  ETA',
      'run     0  0  0  0  1  1  2  100%       0s    -',
    ]);
  });

  test('are a few for each frame, and the number of the others', () => {
    const jobs = Array.from({ length: 8 }, (_, i) => makeSpec(`j${i}`));
    const { clock, run, takeLines } = begin(jobs);
    run.start();
    for (const { fullName } of jobs) run.change(fullName, ['running', 'failed'], failure);
    clock.advance(0);
    expect(takeLines().slice(0, -2)).toEqual([
      ...['j0', 'j1', 'j2', 'j3', 'j4'].map((j) => `FAILED run ${j}: exit code 3 (/scratch/${j}/target.log)`),
      '... and 3 more failures',
    ]);
  });

  test('are printed at once, and the block comes back with the next frame', () => {
    const { clock, run, display, takeLines } = begin([makeSpec('a')]);
    run.start();
    clock.advance(0);
    takeLines();
    display.printLine('one\u001b[2J\u202eenin');
    display.printLine('two');
    expect(takeLines()).toEqual(['one\\u001b[2J\\u202eenin', 'two']);
    clock.advance(100);
    expect(takeLines()).toEqual([header, 'run     1  0  0  0  0  0  1  0%        -    -']);
  });

  test('tell of stalls', () => {
    const { clock, run, takeLines } = begin([makeSpec('a')]);
    run.start().tell({
      kind: 'stalled',
      atMs: clock.now(),
      blocked: [{ job: 0, count: 1, message: 'needs 2 of vcs, of which there is 1' }],
    });
    expect(takeLines()).toEqual(['stalled: a: needs 2 of vcs, of which there is 1']);
  });
});

describe('the terminal', () => {
  test('belongs to an interactive job while it runs', () => {
    const { clock, run, display, takeLines } = begin([makeSpec('a', { interactive: true }), makeSpec('b')]);
    run.start();
    clock.advance(0);
    takeLines();
    run.change('a', ['queued', 'running']).change('b', ['queued', 'running', 'failed'], failure);
    clock.advance(10_000);
    expect(takeLines()).toEqual([]);
    display.printLine('urgent');
    clock.advance(10_000);
    expect(takeLines()).toEqual(['urgent']);
    run.change('a', ['passed']);
    clock.advance(0);
    expect(takeLines()).toEqual([
      'FAILED run b: exit code 3 (/scratch/b/target.log)',
      'target  S  Q  R  P  F  K  T     %  elapsed  ETA',
      'run     0  0  0  1  1  0  2  100%      20s    -',
    ]);
  });

  test('gets a new block below what a shell wrote while we were stopped', () => {
    const { clock, run, stream } = begin([makeSpec('a')]);
    run.start();
    clock.advance(0);
    const first = stream.take();
    process.emit('SIGCONT', 'SIGCONT');
    clock.advance(100);
    // Drawn as if for the first time: nothing above is erased.
    expect(stream.take()).toBe(first);
  });

  test('is left with the last state, and let go of', async () => {
    const listeners = process.listenerCount('SIGCONT');
    const { clock, run, display, stream, takeLines } = begin([makeSpec('a')]);
    run.start().change('a', ['running']);
    clock.advance(0);
    takeLines();
    run.change('a', ['passed']);
    await display.close();
    expect(takeLines()).toEqual([
      'target  S  Q  R  P  F  K  T     %  elapsed  ETA',
      'run     0  0  0  1  0  0  1  100%       0s    -',
    ]);
    expect(clock.pending).toBe(0);
    expect(stream.listenerCount('error') + stream.listenerCount('resize')).toBe(0);
    expect(process.listenerCount('SIGCONT')).toBe(listeners);
    display.printLine('after');
    clock.advance(10_000);
    expect(stream.take()).toBe('after\n');
  });

  test('may hang up without harm', async () => {
    const { clock, run, display, stream } = begin([makeSpec('a')]);
    run.start();
    stream.destroy(new Error('EIO'));
    await new Promise((resolve) => stream.once('close', resolve));
    run.change('a', ['running']);
    clock.advance(5000);
    display.printLine('lost');
    await display.close();
    expect(stream.text).toBe('');
  });
});
