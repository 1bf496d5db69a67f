// Tests of what the fake backend adds to the contract: obeying specs, repeatable draws, faults, and its cost.
import { describe, expect, test } from 'vitest';
import type { AttemptId, SubmitAnswer } from '../../../src/model/backend.js';
import { FakeRun, type TimedEnd } from './fake-run.js';

const names = (count: number): string[] => Array.from({ length: count }, (_, i) => `block/test_${i}`);
const kindsOf = (answers: readonly SubmitAnswer[]): string[] => answers.map(({ kind }) => kind);
const idsOf = (ends: readonly AttemptId[]): string[] => ends.map(({ job, attempt }) => `${job}.${attempt}`);
const statusOf = ({ end }: TimedEnd): string =>
  end.kind === 'declared' ? end.outcome.status : `not declared but ${end.kind}`;

describe('a spec with `fake`', () => {
  test('decides duration, status and message', async () => {
    const run = await FakeRun.open();
    await run.submit(['a'], { fake: { durationS: 1.1, status: 'failed', message: 'scoreboard mismatch' } });
    await run.runOut();
    expect(run.ends).toEqual([
      {
        job: 0,
        attempt: 1,
        atMs: 1100,
        end: {
          kind: 'declared',
          outcome: { status: 'failed', reason: { kind: 'fake', message: 'scoreboard mismatch' } },
        },
      },
    ]);
  });

  test('wins over the odds of failing, either way', async () => {
    const doomed = await FakeRun.open({ defaults: { failProbability: 1 } });
    await doomed.submit(['a'], { fake: { status: 'passed' } });
    await doomed.runOut();
    expect(doomed.ends.map(statusOf)).toEqual(['passed']);
    const lucky = await FakeRun.open();
    await lucky.submit(['a'], { fake: { status: 'killed' } });
    await lucky.runOut();
    expect(lucky.ends.map(statusOf)).toEqual(['killed']);
  });

  test('may end a job in no time', async () => {
    const run = await FakeRun.open();
    await run.submit(['a'], { fake: { durationS: 0 } });
    await run.runOut();
    expect(run.ends.map(({ atMs }) => atMs)).toEqual([0]);
  });
});

describe('what is drawn', () => {
  test('is pinned: a change of it changes every simulated night', async () => {
    const run = await FakeRun.open({ seed: 7, defaults: { failProbability: 0.3 } });
    await run.submit(names(6));
    await run.runOut();
    const drawn = run.ends.map((end) => `${end.job} ${statusOf(end)} at ${end.atMs}`);
    expect(drawn).toMatchInlineSnapshot(`
      [
        "4 failed at 424",
        "5 failed at 910",
        "2 passed at 1530",
        "1 passed at 2375",
        "3 passed at 3195",
        "0 failed at 4058",
      ]
    `);
  });

  test('depends on seed, name and attempt, not on order, batch or neighbours', async () => {
    const together = await FakeRun.open({ seed: 3, defaults: { failProbability: 0.5 } });
    await together.submit(names(200));
    await together.runOut();
    const expected = new Map(together.ends.map((end) => [end.job, `${statusOf(end)} ${end.atMs}`]));

    for (const job of [199, 0, 77]) {
      const alone = await FakeRun.open({ seed: 3, defaults: { failProbability: 0.5 } });
      await alone.submit([`block/test_${job}`]);
      await alone.runOut();
      expect(alone.ends.map((end) => `${statusOf(end)} ${end.atMs}`)).toEqual([expected.get(job)]);
    }
  });

  test('differs between seeds and between attempts', async () => {
    const timesOf = async (seed: number, attempt: number): Promise<string> => {
      const run = await FakeRun.open({ seed });
      await run.submit(names(20), { attempt });
      await run.runOut();
      return run.ends.map(({ job, atMs }) => `${job}:${atMs}`).join(' ');
    };
    const drawn = await Promise.all([
      timesOf(1, 1),
      timesOf(2, 1),
      timesOf(1, 2),
      timesOf(2, 2),
      timesOf(3, 1),
    ]);
    expect(new Set(drawn).size).toBe(drawn.length);
  });

  test('has the median and the share of failures asked for, and no outliers', async () => {
    const run = await FakeRun.open({
      seed: 1,
      defaults: { medianDurationS: 20, durationSpread: 1, failProbability: 0.1 },
    });
    await run.submit(names(20_000));
    await run.runOut();
    const times = run.ends.map(({ atMs }) => atMs);
    // Ends come in order of time, so the middle one is the median.
    expect(times[10_000]).toBeGreaterThan(19_000);
    expect(times[10_000]).toBeLessThan(21_000);
    expect(times[0]).toBeGreaterThanOrEqual(Math.floor(20_000 * Math.exp(-3)));
    expect(times.at(-1)).toBeLessThanOrEqual(Math.ceil(20_000 * Math.exp(3)));
    // Half a log-normal lies within 0.674 deviations.
    const share = (from: number, to: number): number =>
      times.filter((t) => t > from && t < to).length / 20_000;
    expect(share(20_000 * Math.exp(-0.6745), 20_000 * Math.exp(0.6745))).toBeCloseTo(0.5, 1);
    const failed = run.ends.filter((end) => statusOf(end) === 'failed').length;
    expect(failed / 20_000).toBeCloseTo(0.1, 1.5);
  });

  test('passes, unless told otherwise', async () => {
    const run = await FakeRun.open();
    await run.submit(names(1000));
    await run.runOut();
    expect(new Set(run.ends.map(statusOf))).toEqual(new Set(['passed']));
  });

  test('a spread of 0 makes all jobs equal', async () => {
    const run = await FakeRun.open({ defaults: { medianDurationS: 4, durationSpread: 0 } });
    await run.submit(names(50));
    await run.runOut();
    expect(new Set(run.ends.map(({ atMs }) => atMs))).toEqual(new Set([4000]));
  });

  test('is not moved by switching a fault on', async () => {
    const plain = await FakeRun.open({ seed: 5 });
    await plain.submit(names(100));
    await plain.runOut();
    const doubled = await FakeRun.open({ seed: 5, faults: { duplicate: 1 } });
    await doubled.submit(names(100));
    await doubled.runOut();
    expect(new Set(doubled.ends.map(({ job, atMs }) => `${job} ${atMs}`))).toEqual(
      new Set(plain.ends.map(({ job, atMs }) => `${job} ${atMs}`)),
    );
  });
});

describe('faults', () => {
  const fake = { durationS: 10 };

  test('busy and rejected jobs are not started', async () => {
    const busy = await FakeRun.open({ faults: { busy: 1 } });
    expect(kindsOf(await busy.submit(names(3), { fake }))).toEqual(['busy', 'busy', 'busy']);
    const rejected = await FakeRun.open({ faults: { rejected: 1 } });
    expect(kindsOf(await rejected.submit(names(2), { fake }))).toEqual(['rejected', 'rejected']);
    expect([busy.clock.timersSet, rejected.clock.timersSet]).toEqual([0, 0]);
  });

  test('a busy answer is drawn anew for each attempt', async () => {
    const run = await FakeRun.open({ seed: 2, faults: { busy: 0.5 } });
    const answers = new Set<string>();
    for (let attempt = 1; attempt <= 20; attempt++) {
      answers.add(kindsOf(await run.submit(['a'], { attempt, fake: { durationS: 0 } })).join());
      await run.runOut();
    }
    expect(answers).toEqual(new Set(['busy', 'accepted']));
  });

  test('a thrown batch starts nothing', async () => {
    const run = await FakeRun.open({ faults: { thrown: 1 } });
    await expect(run.submit(names(3), { fake })).rejects.toThrow('the fake backend pretends to be broken');
    expect(run.clock.timersSet).toBe(0);
  });

  test('a lost job vanishes halfway, once', async () => {
    const run = await FakeRun.open({ faults: { lost: 1 } });
    await run.submit(['a'], { fake });
    await run.runOut();
    expect(run.ends.map(({ end, atMs }) => `${end.kind} at ${atMs}`)).toEqual(['lost at 5000']);
  });

  test('a late end comes when the next attempt runs, and leaves that alone', async () => {
    const run = await FakeRun.open({ faults: { lost: 1, late: 1 } });
    await run.submit(['a'], { fake });
    while (run.ends.length === 0) await new Promise(setImmediate);
    await run.submit(['a'], { attempt: 2, fake: { durationS: 20 } });
    await run.runOut();
    expect(run.ends.map(({ attempt, end, atMs }) => `${attempt} ${end.kind} at ${atMs}`)).toEqual([
      '1 lost at 5000',
      '1 declared at 10000',
      '2 lost at 15000',
      '2 declared at 25000',
    ]);
  });

  test('an early end comes before the answer', async () => {
    const run = await FakeRun.open({ faults: { early: 1 } });
    const answer = run.submit(['a'], { fake });
    expect(run.ends.map(statusOf)).toEqual(['passed']);
    expect(kindsOf(await answer)).toEqual(['accepted']);
    expect(run.clock.timersSet).toBe(0);
  });

  test('a duplicate end comes at the same time', async () => {
    const run = await FakeRun.open({ faults: { duplicate: 1 } });
    await run.submit(['a', 'b'], { fake });
    await run.runOut();
    expect(run.batches).toEqual([2, 2]);
    expect(idsOf(run.ends)).toEqual(['0.1', '1.1', '0.1', '1.1']);
  });
});

describe('cost', () => {
  test('ends of one time are one timer and one report, in order of submission', async () => {
    const run = await FakeRun.open();
    await run.submit(names(10_000), { fake: { durationS: 60 } });
    expect(run.clock.timersSet).toBe(1);
    await run.runOut();
    expect(run.batches).toEqual([10_000]);
    expect(run.ends.map(({ job }) => job)).toEqual(Array.from({ length: 10_000 }, (_, i) => i));
  });

  test('100,000 jobs with drawn times take no more timers than there are milliseconds', async () => {
    const run = await FakeRun.open({ defaults: { medianDurationS: 1, durationSpread: 0.2 } });
    await run.submit(names(100_000));
    await run.runOut();
    expect(run.ends.length).toBe(100_000);
    expect(run.clock.timersSet).toBe(new Set(run.ends.map(({ atMs }) => atMs)).size);
    expect(run.batches.length).toBe(run.clock.timersSet);
  });

  test('a killed job leaves no timer, one that shares its time stays', async () => {
    const run = await FakeRun.open();
    await run.submit(['a', 'b'], { fake: { durationS: 60 } });
    await run.backend.kill([{ job: 0, attempt: 1, force: false }]);
    expect(run.clock.pendingTimers).toBe(1);
    await run.backend.kill([{ job: 1, attempt: 1, force: true }]);
    expect(run.clock.pendingTimers).toBe(0);
    expect(run.ends.map((end) => `${statusOf(end)} at ${end.atMs}`)).toEqual(['killed at 0', 'killed at 0']);
  });

  test('close ends what runs and leaves no timer, not even that of a late end', async () => {
    const run = await FakeRun.open({ faults: { lost: 1, late: 1 } });
    await run.submit(['a', 'b'], { fake: { durationS: 60 } });
    await run.backend.close();
    expect(run.clock.pendingTimers).toBe(0);
    expect(run.ends.map(statusOf)).toEqual(['killed', 'killed']);
  });
});
