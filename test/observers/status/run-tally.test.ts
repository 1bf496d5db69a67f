// Tests of the counters: what a snapshot says after the events of a run.
import { describe, expect, test } from 'vitest';
import type { JobSpec } from '../../../src/model/job-spec.js';
import type { RunEvent } from '../../../src/model/run-event.js';
import { RunTally } from '../../../src/observers/status/run-tally.js';
import { makeSpec } from '../../support/job-spec.js';
import { ManualClock } from '../manual-clock.js';
import { ScriptedRun, type ScriptedRunOptions } from '../scripted-run.js';

interface BeginOptions extends ScriptedRunOptions {
  /** Run times known beforehand, in milliseconds, by job. */
  readonly expectedMs?: Readonly<Record<string, number>>;
}

function begin(jobs: readonly JobSpec[], { expectedMs = {}, ...options }: BeginOptions = {}) {
  const clock = new ManualClock();
  let tally: RunTally | undefined;
  const notify = (event: RunEvent): void => {
    if (event.kind === 'run-started')
      tally = new RunTally(event, ({ fullName }) => expectedMs[fullName] ?? null);
    else tally?.apply(event);
  };
  const run = new ScriptedRun(notify, clock.now, jobs).start(options);
  const snapshot = () => {
    if (tally === undefined) throw new Error('the run did not start');
    return tally.snapshot(clock.now());
  };
  return { clock, run, snapshot };
}

describe('RunTally', () => {
  test('counts each target, in declaration order, and all of them', () => {
    const { run, snapshot } = begin([
      makeSpec('b1', { target: 'build' }),
      makeSpec('r1'),
      makeSpec('b2', { target: 'build' }),
      makeSpec('r2'),
    ]);
    run.change('b1', ['queued', 'running', 'passed']).change('b2', ['queued', 'running', 'failed']);
    run.change('r1', ['queued', 'running']).change('r2', ['killed']);
    const { targets, total } = snapshot();
    expect(targets.map((target) => [target.name, target.total, target.counts])).toEqual([
      ['build', 2, { scheduled: 0, queued: 0, running: 0, passed: 1, failed: 1, killed: 0 }],
      ['run', 2, { scheduled: 0, queued: 0, running: 1, passed: 0, failed: 0, killed: 1 }],
    ]);
    expect(total).toMatchObject({
      total: 4,
      counts: { scheduled: 0, queued: 0, running: 1, passed: 1, failed: 1, killed: 1 },
    });
  });

  test('names running jobs, longest running first, control characters escaped', () => {
    const { run, snapshot } = begin([makeSpec('a\u001b[2J\nb'), makeSpec('second'), makeSpec('third')]);
    run.change('third', ['running']).change('a\u001b[2J\nb', ['running']).change('second', ['running']);
    run.change('third', ['passed']);
    expect(snapshot().targets[0]?.running).toEqual(['a\\u001b[2J\\nb', 'second']);
  });

  test('a lost attempt goes back to the queue and gives back what it held', () => {
    const { run, snapshot } = begin([makeSpec('a', { resources: { vcs: 2 } })], {
      limits: { run: 4, resources: { vcs: 3 } },
    });
    run.change('a', ['queued', 'running']);
    expect(snapshot().usage).toEqual([
      { name: 'slots', used: 1, limit: 4 },
      { name: 'vcs', used: 2, limit: 3 },
    ]);
    run.change('a', ['queued']);
    expect(snapshot().usage).toEqual([
      { name: 'slots', used: 0, limit: 4 },
      { name: 'vcs', used: 0, limit: 3 },
    ]);
    expect(snapshot().targets[0]).toMatchObject({ running: [], counts: { queued: 1, running: 0 } });
  });

  test('shows unlimited resources while they are in use, and backends when there are several', () => {
    const { run, snapshot } = begin(
      [
        makeSpec('a', { resources: { questa: 1, all: null } }),
        makeSpec('b', { backend: 'slurm' }),
        makeSpec('c'),
      ],
      { limits: { backends: { slurm: 8 } } },
    );
    const backends = [
      { name: 'local', used: 0, limit: null },
      { name: 'slurm', used: 1, limit: 8 },
    ];
    run.change('b', ['running']);
    expect(snapshot().usage).toEqual(backends);
    run.change('a', ['running']).change('b', ['passed']);
    expect(snapshot().usage).toEqual([
      { name: 'questa', used: 1, limit: null },
      { name: 'local', used: 1, limit: null },
      { name: 'slurm', used: 0, limit: 8 },
    ]);
  });

  test('follows limits that change', () => {
    const { run, clock, snapshot } = begin([makeSpec('a')], { limits: { run: 4 } });
    run.tell({
      kind: 'limits-changed',
      atMs: clock.now(),
      limits: { run: 2, backends: {}, resources: { vcs: 1 } },
    });
    expect(snapshot().usage).toEqual([
      { name: 'slots', used: 0, limit: 2 },
      { name: 'vcs', used: 0, limit: 1 },
    ]);
  });

  test('gives notice of a stop, and of a busy backend while it is busy', () => {
    const { run, clock, snapshot } = begin([makeSpec('a')]);
    run.tell({
      kind: 'stop-asked',
      atMs: clock.now(),
      mode: 'drain',
      by: { kind: 'signal', signal: 'SIGINT' },
    });
    run.tell({
      kind: 'backend-busy',
      atMs: clock.now(),
      backend: 'slurm',
      untilMs: clock.now() + 5000,
      message: 'too many jobs',
    });
    expect(snapshot().notices).toEqual([
      'stopping (SIGINT): nothing more starts',
      'slurm is busy: too many jobs',
    ]);
    clock.advance(5000);
    expect(snapshot().notices).toEqual(['stopping (SIGINT): nothing more starts']);
  });

  test('refuses an event about a job the run does not have', () => {
    const { run, clock } = begin([makeSpec('a')]);
    expect(() =>
      run.tell({
        kind: 'job-changed',
        atMs: clock.now(),
        job: 1,
        from: 'scheduled',
        to: 'queued',
        attempts: 0,
        reason: null,
        facts: null,
      }),
    ).toThrow('the run has no job 1');
  });
});

describe('times of a target', () => {
  const four = ['a', 'b', 'c', 'd'].map((name) => makeSpec(name));

  test('nothing is known before the first start, nor estimated before the first end', () => {
    const { run, clock, snapshot } = begin(four);
    clock.advance(1000);
    expect(snapshot().targets[0]).toMatchObject({ elapsedMs: null, etaMs: null });
    run.change('a', ['running']);
    clock.advance(1000);
    expect(snapshot().targets[0]).toMatchObject({ elapsedMs: 1000, etaMs: null });
    expect(snapshot().total).toMatchObject({ elapsedMs: 2000, etaMs: null });
  });

  test('what is left takes the mean run time, at the pace so far', () => {
    const { run, clock, snapshot } = begin(four);
    run.change('a', ['running']).change('b', ['running']);
    clock.advance(10_000);
    run.change('a', ['passed']).change('b', ['failed']).change('c', ['running']);
    clock.advance(4000);
    // Left: d (10 s) and what c lacks (6 s); so far 24 s of work were done in 14 s.
    expect(snapshot().targets[0]?.etaMs).toBeCloseTo(16_000 / (24 / 14), 6);
  });

  test('a job that runs longer than the mean counts as about to end', () => {
    const { run, clock, snapshot } = begin(four.slice(0, 2));
    run.change('a', ['running']).change('b', ['running']);
    clock.advance(1000);
    run.change('a', ['passed']);
    clock.advance(9000);
    expect(snapshot().targets[0]?.etaMs).toBe(0);
  });

  test('the time of killed jobs counts as pace, not as a run time', () => {
    const { run, clock, snapshot } = begin(four.slice(0, 3));
    run.change('a', ['running']).change('b', ['running']);
    clock.advance(2000);
    run.change('a', ['killed']);
    clock.advance(2000);
    run.change('b', ['passed']);
    // Left: c (4 s); so far 6 s of work were done in 4 s.
    expect(snapshot().targets[0]?.etaMs).toBeCloseTo(4000 / 1.5, 6);
  });

  test('stop at the last end', () => {
    const { run, clock, snapshot } = begin(four.slice(0, 1));
    run.change('a', ['running']);
    clock.advance(3000);
    run.change('a', ['passed']);
    clock.advance(60_000);
    expect(snapshot().targets[0]).toMatchObject({ elapsedMs: 3000, etaMs: 0 });
  });

  test('the total leaves out targets nothing is known of, and says so', () => {
    const { run, clock, snapshot } = begin([
      makeSpec('a'),
      makeSpec('b'),
      makeSpec('m', { target: 'merge' }),
    ]);
    run.change('a', ['running']);
    clock.advance(5000);
    run.change('a', ['passed']);
    expect(snapshot().total).toMatchObject({ etaMs: 5000, etaIsLeast: true });
    run.change('m', ['killed']);
    expect(snapshot().total).toMatchObject({ etaMs: 5000, etaIsLeast: false });
  });

  test('jobs that take no time leave no time', () => {
    const { run, snapshot } = begin(four.slice(0, 2));
    run.change('a', ['running', 'passed']);
    expect(snapshot().targets[0]).toMatchObject({ elapsedMs: 0, etaMs: 0 });
  });
});

describe('times that were known beforehand', () => {
  const jobs = ['a', 'b', 'c'].map((name) => makeSpec(name));

  test('give an estimate as soon as something runs', () => {
    const { run, clock, snapshot } = begin(jobs, { expectedMs: { a: 10_000, b: 20_000, c: 30_000 } });
    expect(snapshot().total).toMatchObject({ etaMs: null, etaIsLeast: false });
    run.change('a', ['queued', 'running']);
    clock.advance(4000);
    // One job at a time so far; 6 s of it are left, and the others.
    expect(snapshot().targets[0]?.etaMs).toBe(56_000);
    expect(snapshot().total).toMatchObject({ etaMs: 56_000, etaIsLeast: false });
    run.change('b', ['killed']);
    expect(snapshot().total.etaMs).toBe(36_000);
    clock.advance(9000);
    // It takes longer than it was known to: it is about to end.
    expect(snapshot().total.etaMs).toBe(30_000);
  });

  test('are corrected by what jobs really take', () => {
    const { run, clock, snapshot } = begin(jobs, { expectedMs: { a: 60_000, b: 60_000, c: 60_000 } });
    run.change('a', ['running']);
    clock.advance(180_000);
    run.change('a', ['passed']);
    // Three times as long as expected; with a minute of credit to the past, twice as long is believed.
    expect(snapshot().total.etaMs).toBe(240_000);
  });

  test('of some jobs only: the others take the mean, once there is one', () => {
    const { run, clock, snapshot } = begin(jobs, { expectedMs: { b: 30_000 } });
    run.change('a', ['running']);
    clock.advance(5000);
    expect(snapshot().targets[0]?.etaMs).toBeNull();
    run.change('a', ['passed']);
    expect(snapshot().targets[0]?.etaMs).toBe(35_000);
  });

  test('stay those of a job whose attempt was lost', () => {
    const { run, clock, snapshot } = begin(jobs.slice(0, 2), { expectedMs: { a: 10_000, b: 10_000 } });
    run.change('a', ['running']);
    clock.advance(5000);
    run.change('a', ['queued']).change('b', ['running']);
    expect(snapshot().total.etaMs).toBe(20_000);
  });

  test('of every target make the total whole from the first start', () => {
    const merge = makeSpec('m', { target: 'merge' });
    const { run, clock, snapshot } = begin([...jobs.slice(0, 1), merge], {
      expectedMs: { a: 1000, m: 7000 },
    });
    run.change('a', ['running']);
    clock.advance(500);
    expect(snapshot().total).toMatchObject({ etaMs: 7500, etaIsLeast: false });
    expect(snapshot().targets[1]?.etaMs).toBeNull();
  });
});
