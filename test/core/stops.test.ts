// Ways to end early: time limits, kills, the ladder of stops, and backends that do not answer to any of it.
import { expect, test } from 'vitest';
import { NO_FACTS } from '../../src/model/outcome.js';
import { FAILED, LOST, Stage } from './stage.js';

const SIGINT = { kind: 'signal', signal: 'SIGINT' } as const;

test('a job that outruns its limit is killed with that reason, whatever its end says', () => {
  const stage = new Stage({ a: { timeoutMins: 1.5 }, b: { dependencies: ['a'] } });
  stage.start();
  stage.nowMs = 1000;
  expect(stage.accept('a')).toEqual(['a queued > running', 'timer 91000']);
  expect(stage.timerAt(90_999)).toEqual(['timer 91000']);
  expect(stage.timerAt(91_000)).toEqual([
    'kill-sent a: ran longer than its limit of 1.5 min',
    'kill local: a#1',
    'timer 92000',
  ]);
  const facts = { ...NO_FACTS, exitCode: 0, leftovers: ['17 vsim'] };
  expect(stage.endWith({ status: 'passed' }, facts, 'a')).toEqual([
    'a running > killed: ran longer than its limit of 1.5 min; still alive: 17 vsim',
    'b scheduled > killed: dependency a was killed: ran longer than its limit of 1.5 min; still alive: 17 vsim',
    'no timer',
    'run-ended',
    'end-run',
  ]);
  expect(stage.events[0]).toMatchObject({
    reason: { kind: 'timeout', limitMins: 1.5, leftovers: ['17 vsim'] },
    facts: { exitCode: 0 },
  });
});

test('the time limit counts from the start of the job, not from its submission', () => {
  const stage = new Stage({ a: { timeoutMins: 1 } });
  stage.start();
  expect(stage.answer({ kind: 'accepted', running: false }, 'a')).toEqual([]);
  stage.nowMs = 500_000;
  expect(stage.step({ kind: 'jobs-started', attempts: [stage.current('a')] })).toEqual([
    'a queued > running',
    'timer 560000',
  ]);
});

test('an end in time takes the limit away, and another attempt has its own', () => {
  const stage = new Stage({ a: { timeoutMins: 1 }, b: {} }, { infraRetries: 1 });
  stage.start();
  stage.accept('a', 'b');
  stage.nowMs = 10_000;
  expect(stage.end(LOST, 'a')).toEqual(['a running > queued: node gone', 'submit local: a#2', 'no timer']);
  stage.nowMs = 20_000;
  expect(stage.accept('a')).toEqual(['a queued > running', 'timer 80000']);
  expect(stage.pass('a')).toEqual(['a running > passed', 'no timer']);
});

test('a job that has ended in time is not killed for the time it takes to judge it', () => {
  const stage = new Stage({ a: { timeoutMins: 1 } }, { infraRetries: 1 });
  stage.start();
  stage.accept('a');
  stage.nowMs = 59_000;
  expect(stage.step({ kind: 'jobs-left', attempts: [stage.current('a')] })).toEqual(['no timer']);
  expect(stage.timerAt(61_000)).toEqual([]);
  // It was lost, as it turns out: the next attempt has a limit of its own.
  expect(stage.end(LOST, 'a')).toEqual(['a running > queued: node gone', 'submit local: a#2']);
  expect(stage.accept('a')).toEqual(['a queued > running', 'timer 121000']);
  expect(stage.timerAt(121_000)).toEqual([
    'kill-sent a: ran longer than its limit of 1 min',
    'kill local: a#2',
    'timer 122000',
  ]);
});

test('time in which the machine slept is given back to running jobs', () => {
  const stage = new Stage({ a: { timeoutMins: 1 } });
  stage.start();
  stage.accept('a');
  stage.nowMs = 50_000;
  expect(stage.step({ kind: 'clock-jumped', byMs: 40_000 })).toEqual(['timer 100000']);
  expect(stage.timerAt(99_999)).toEqual(['timer 100000']);
  expect(stage.timerAt(100_000)[1]).toBe('kill local: a#1');
});

test('drain: what waits is killed, what runs may end by itself', () => {
  const stage = new Stage({ a: {}, b: {}, c: { dependencies: ['a'] } }, { limits: { run: 1 } });
  stage.start();
  stage.accept('a');
  expect(stage.stop('drain', SIGINT)).toEqual([
    'stop-asked drain: SIGINT',
    'b queued > killed: stopped by SIGINT',
    'c scheduled > killed: stopped by SIGINT',
  ]);
  expect(stage.pass('a')).toEqual(['a running > passed', 'run-ended: SIGINT', 'end-run']);
});

test('the ladder goes up only, and the first cause stays', () => {
  const stage = new Stage({ a: {} });
  stage.start();
  stage.accept('a');
  expect(stage.stop('drain', SIGINT)).toEqual(['stop-asked drain: SIGINT']);
  expect(stage.stop('drain')).toEqual([]);
  expect(stage.stop('stop')).toEqual([
    'stop-asked stop: the test',
    'kill-sent a: stopped by SIGINT',
    'kill local: a#1',
    'timer 1000',
  ]);
  expect(stage.stop('drain')).toEqual([]);
  stage.nowMs = 10;
  expect(stage.stop('kill')).toEqual([
    'stop-asked kill: the test',
    'kill-sent! a: stopped by SIGINT',
    'kill local: a#1!',
    // Force has its full time, however much of the time before it is gone.
    'timer 1010',
  ]);
  expect(stage.stop('kill')).toEqual([]);
  expect(stage.pass('a')).toEqual([
    'a running > killed: stopped by SIGINT',
    'no timer',
    'run-ended: SIGINT',
    'end-run',
  ]);
});

test('kills are sent in batches, one a backend', () => {
  const stage = new Stage({ a: {}, b: { backend: 'far' }, c: {} }, { backends: ['local', 'far'] });
  stage.start();
  stage.accept('a', 'c');
  stage.accept('b');
  expect(stage.stop('kill').filter((line) => line.startsWith('kill '))).toEqual([
    'kill local: a#1! c#1!',
    'kill far: b#1!',
  ]);
});

test('jobs being submitted when the stop comes are killed together once accepted', () => {
  const stage = new Stage({ a: {}, b: {}, c: {} });
  stage.start();
  stage.stop('kill');
  expect(stage.accept('a', 'b', 'c').slice(3)).toEqual([
    'kill-sent! a b c: stopped by the test',
    'kill local: a#1! b#1! c#1!',
  ]);
});

test('time limits that are reached together are one request, and each job has its reason', () => {
  const stage = new Stage({ a: { timeoutMins: 1 }, b: { timeoutMins: 1 }, c: {} });
  stage.start();
  stage.accept('a', 'b', 'c');
  stage.nowMs = 60_000;
  expect(stage.step({ kind: 'timer' })).toEqual([
    'kill-sent a: ran longer than its limit of 1 min',
    'kill-sent b: ran longer than its limit of 1 min',
    'kill local: a#1 b#1',
    'timer 61000',
  ]);
});

test('a job that ends with the failure that stops the run has ended by itself', () => {
  const stage = new Stage({ a: {}, b: {}, c: {}, d: { dependencies: ['a'] } }, { failFast: 1 });
  stage.start();
  stage.accept('a', 'b', 'c');
  const ends = [
    { ...stage.current('a'), outcome: FAILED, facts: NO_FACTS },
    { ...stage.current('b'), outcome: { status: 'passed' }, facts: NO_FACTS },
  ] as const;
  expect(stage.step({ kind: 'jobs-ended', ends })).toEqual([
    'a running > failed: exit code 1',
    'b running > passed',
    'd scheduled > killed: dependency a failed: exit code 1',
    'stop-asked stop: --fail-fast after 1 failure',
    'kill-sent c: stopped by --fail-fast after 1 failure',
    'kill local: c#1',
    'timer 1000',
  ]);
});

test('a job that a busy backend gives back while the run drains is killed, and the run ends', () => {
  const stage = new Stage({ a: {} });
  stage.start();
  expect(stage.stop('drain')).toEqual(['stop-asked drain: the test']);
  expect(stage.busy('a')).toEqual([
    'a queued > killed: stopped by the test',
    'busy local until 50: full',
    'run-ended: the test',
    'end-run',
  ]);
});

test('a job that was given up while its backend kept silent is killed if it is accepted after all', () => {
  const stage = new Stage({ a: {}, b: {} });
  stage.start();
  stage.accept('b');
  stage.kill('a');
  expect(stage.timerAt(1000)).toEqual(['timer 2000']);
  expect(stage.timerAt(2000)).toEqual([
    'a queued > killed: stopped by the test; still alive: unknown (backend local did not report the end of the job)',
  ]);
  expect(stage.accept('a')).toEqual([
    'kill-sent! a: stopped by the test; still alive: unknown (backend local did not report the end of the job)',
    'kill local: a#1!',
  ]);
  expect(stage.accept('a')).toEqual([]);
  expect(stage.pass('b').slice(-2)).toEqual(['run-ended', 'end-run']);
});

test('time in which the machine slept is given to backends that were told to kill, too', () => {
  const stage = new Stage({ a: {} });
  stage.start();
  stage.accept('a');
  stage.kill('a');
  stage.nowMs = 5000;
  expect(stage.step({ kind: 'clock-jumped', byMs: 5000 })).toEqual(['timer 6000']);
});

test.each([
  ['accepted', ['a queued > running', 'kill-sent a: stopped by the test', 'kill local: a#1']],
  ['busy', ['a queued > killed: stopped by the test', 'busy local until 50: full']],
  ['rejected', ['a queued > killed: stopped by the test']],
] as const)('a job being submitted when the stop comes: %s', (kind, expected) => {
  const stage = new Stage({ a: {}, b: {} });
  stage.start();
  stage.accept('b');
  expect(stage.stop('stop')).toEqual([
    'stop-asked stop: the test',
    'kill-sent b: stopped by the test',
    'kill local: b#1',
    'timer 1000',
  ]);
  const message = 'full';
  const answer = kind === 'accepted' ? { kind, running: true } : { kind, message };
  expect(stage.answer(answer, 'a').filter((line) => !line.startsWith('timer'))).toEqual(expected);
});

test('a job killed while being submitted is killed when its start overtakes the answer', () => {
  const stage = new Stage({ a: {} });
  stage.start();
  expect(stage.kill('a')).toEqual(['timer 1000']);
  expect(stage.step({ kind: 'jobs-started', attempts: [stage.current('a')] })).toEqual([
    'a queued > running',
    'kill-sent a: stopped by the test',
    'kill local: a#1',
  ]);
});

test('a kill by name ends waiting jobs at once, and what depends on them', () => {
  const stage = new Stage({ a: {}, b: {}, c: { dependencies: ['b'] } }, { limits: { run: 1 } });
  stage.start();
  stage.accept('a');
  expect(stage.kill('b', 'b', 'a')).toEqual([
    'b queued > killed: stopped by the test',
    'c scheduled > killed: dependency b was killed: stopped by the test',
    'kill-sent a: stopped by the test',
    'kill local: a#1',
    'timer 1000',
  ]);
  expect(stage.kill('a', 'b')).toEqual([]);
});

test('a lost job whose kill was asked for is killed, not run again', () => {
  const stage = new Stage({ a: {} }, { infraRetries: 3 });
  stage.start();
  stage.accept('a');
  stage.kill('a');
  expect(stage.end(LOST, 'a')[0]).toBe('a running > killed: stopped by the test');
});

test('a lost job is not run again after a drain', () => {
  const stage = new Stage({ a: {} }, { infraRetries: 3 });
  stage.start();
  stage.accept('a');
  stage.stop('drain');
  expect(stage.end(LOST, 'a')[0]).toBe('a running > failed: node gone');
});

test('a backend that never reports the end is asked by force, then given up: the run ends', () => {
  const stage = new Stage({ a: {} });
  stage.start();
  stage.accept('a');
  stage.stop('stop');
  expect(stage.timerAt(1000)).toEqual([
    'kill-sent! a: stopped by the test',
    'kill local: a#1!',
    'timer 2000',
  ]);
  expect(stage.timerAt(2000)).toEqual([
    'a running > killed: stopped by the test; still alive: unknown (backend local did not report the end of the job)',
    'run-ended: the test',
    'end-run',
  ]);
  expect(stage.end(FAILED, 'a')).toEqual([]);
});

test('a backend that never answers a submission does not keep a stopped run from ending', () => {
  const stage = new Stage({ a: {} });
  stage.start();
  stage.stop('kill');
  expect(stage.timerAt(1000).slice(-2)).toEqual(['run-ended: the test', 'end-run']);
});

test('fail-fast stops at the given number of failures; kills do not count', () => {
  const stage = new Stage(
    { a: {}, child: { dependencies: ['a'] }, b: {}, c: {}, d: {} },
    { failFast: 2, limits: { run: 3 } },
  );
  stage.start();
  stage.accept('a', 'b', 'c');
  expect(stage.fail('a')).toEqual([
    'a running > failed: exit code 1',
    'child scheduled > killed: dependency a failed: exit code 1',
    'submit local: d#1',
  ]);
  expect(stage.fail('b')).toEqual([
    'b running > failed: exit code 1',
    'stop-asked stop: --fail-fast after 2 failures',
    'kill-sent c: stopped by --fail-fast after 2 failures',
    'kill local: c#1',
    'timer 1000',
  ]);
});
