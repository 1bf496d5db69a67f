// Attempts: which ends are tried again, and that messages which come late, twice or for nobody change nothing.
import { expect, test } from 'vitest';
import { NO_FACTS } from '../../src/model/outcome.js';
import { FAILED, LOST, Stage } from './stage.js';

test('a lost job is run again up to the limit, then fails', () => {
  const stage = new Stage({ a: {}, b: { dependencies: ['a'] } }, { infraRetries: 2 });
  stage.start();
  stage.accept('a');
  expect(stage.end(LOST, 'a')).toEqual(['a running > queued: node gone', 'submit local: a#2']);
  expect(stage.events[0]).toMatchObject({ attempts: 1, reason: { kind: 'lost', message: 'node gone' } });
  stage.accept('a');
  expect(stage.end(LOST, 'a')).toEqual(['a running > queued: node gone', 'submit local: a#3']);
  stage.accept('a');
  expect(stage.end(LOST, 'a')).toEqual([
    'a running > failed: node gone',
    'b scheduled > killed: dependency a failed: node gone',
    'run-ended',
    'end-run',
  ]);
  expect(stage.events[0]).toMatchObject({ attempts: 3 });
});

test('a job that was taken but had not started when it was lost is run again too', () => {
  const stage = new Stage({ a: {} }, { infraRetries: 1 });
  stage.start();
  stage.answer({ kind: 'accepted', running: false }, 'a');
  expect(stage.end(LOST, 'a')).toEqual(['a queued > queued: node gone', 'submit local: a#2']);
});

test('a failed job is never run again', () => {
  const stage = new Stage({ a: {} }, { infraRetries: 5 });
  stage.start();
  stage.accept('a');
  expect(stage.fail('a')).toEqual(['a running > failed: exit code 1', 'run-ended', 'end-run']);
});

test('refusals are no attempts that count', () => {
  const stage = new Stage({ a: {} }, { infraRetries: 1 });
  stage.start();
  stage.busy('a');
  stage.timerAt(50);
  stage.accept('a');
  expect(stage.events).toMatchObject([{ to: 'running', attempts: 1 }]);
  expect(stage.end(LOST, 'a')).toEqual(['a running > queued: node gone', 'submit local: a#3']);
});

test('the number of retries has no small limit of its own', () => {
  const infraRetries = 300;
  const stage = new Stage({ a: {} }, { infraRetries });
  stage.start();
  let submissions = 1;
  for (; submissions <= 2 * infraRetries; submissions++) {
    if (stage.end(LOST, 'a').includes('end-run')) break;
  }
  expect(submissions).toBe(infraRetries + 1);
});

test('an end that comes twice counts once', () => {
  const stage = new Stage({ a: {}, b: {} });
  stage.start();
  stage.accept('a', 'b');
  expect(stage.pass('a', 'a')).toEqual(['a running > passed']);
  expect(stage.fail('a')).toEqual([]);
});

test('what is said of an earlier attempt means nothing', () => {
  const stage = new Stage({ a: {} }, { infraRetries: 1 });
  stage.start();
  stage.accept('a');
  const first = stage.current('a');
  stage.end(LOST, 'a');
  expect(stage.step({ kind: 'jobs-ended', ends: [{ ...first, outcome: FAILED, facts: NO_FACTS }] })).toEqual(
    [],
  );
  expect(stage.step({ kind: 'jobs-started', attempts: [first] })).toEqual([]);
  const answers = [{ ...first, answer: { kind: 'rejected', message: 'late' } as const }];
  expect(stage.step({ kind: 'submit-answered', backend: 'local', answers })).toEqual([]);
  stage.accept('a');
  expect(stage.pass('a')).toEqual(['a running > passed', 'run-ended', 'end-run']);
});

test('what is said of attempts that never were means nothing', () => {
  const stage = new Stage({ a: {}, b: { dependencies: ['a'] } });
  stage.start();
  const bogus = [
    { job: 1, attempt: 1 },
    { job: 1, attempt: 0 },
    { job: 0, attempt: 7 },
    { job: -1, attempt: 1 },
    { job: 99, attempt: 1 },
    { job: 0.5, attempt: 1 },
  ];
  expect(stage.step({ kind: 'jobs-started', attempts: bogus })).toEqual([]);
  const ends = bogus.map((id) => ({ ...id, outcome: FAILED, facts: NO_FACTS }));
  expect(stage.step({ kind: 'jobs-ended', ends })).toEqual([]);
});

test('after the end of the run every message is ignored', () => {
  const stage = new Stage({ a: {} });
  stage.start();
  stage.accept('a');
  stage.pass('a');
  expect(stage.pass('a')).toEqual([]);
  expect(stage.step({ kind: 'timer' })).toEqual([]);
  expect(stage.stop('kill')).toEqual([]);
  expect(stage.setRunLimit(1)).toEqual([]);
});

test('a broken caller is told: start twice, an event before it, time going back, an unknown backend', () => {
  const stage = new Stage({ a: {} });
  expect(() => stage.step({ kind: 'timer' })).toThrow('event timer in a run that is new');
  stage.nowMs = 5;
  stage.start();
  expect(() => stage.start()).toThrow('event start in a run that is running');
  expect(() => stage.step({ kind: 'submit-answered', backend: 'nope', answers: [] })).toThrow(
    'a message came from the unknown backend nope',
  );
  stage.nowMs = 4;
  expect(() => stage.step({ kind: 'timer' })).toThrow('time went back from 5 to 4');
});
