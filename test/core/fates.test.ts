// What the end of a job means for those that depend on it, with the exact reasons.
import { expect, test } from 'vitest';
import { NO_FACTS } from '../../src/model/outcome.js';
import { FAILED, Stage, type Cast } from './stage.js';

test('a needs-all job is killed at the first dependency that fails, and names it', () => {
  const stage = new Stage({ a: {}, b: {}, c: { dependencies: ['a', 'b'] } });
  stage.start();
  stage.accept('a', 'b');
  expect(stage.fail('b')).toEqual([
    'b running > failed: exit code 1',
    'c scheduled > killed: dependency b failed: exit code 1',
  ]);
  expect(stage.reasonOf('c')).toEqual({
    kind: 'dependency',
    job: 'b',
    status: 'failed',
    culprit: 'b',
    because: 'exit code 1',
  });
  expect(stage.fail('a')).toEqual(['a running > failed: exit code 1', 'run-ended', 'end-run']);
});

test('a needs-any job is killed at the last dependency, and names that', () => {
  const stage = new Stage({
    a: {},
    b: {},
    c: { dependencies: ['a', 'b'], needsAllDependenciesPassing: false },
  });
  stage.start();
  stage.accept('a', 'b');
  expect(stage.fail('b')).toEqual(['b running > failed: exit code 1']);
  expect(stage.explain('c')).toEqual(['waits for a']);
  const timedOut = { status: 'killed', reason: { kind: 'timeout', limitMins: 5 } } as const;
  expect(stage.end(timedOut, 'a')).toEqual([
    'a running > killed: ran longer than its limit of 5 min',
    'c scheduled > killed: dependency a was killed: ran longer than its limit of 5 min',
    'run-ended',
    'end-run',
  ]);
  expect(stage.reasonOf('c')).toEqual({
    kind: 'dependency',
    job: 'a',
    status: 'killed',
    culprit: 'a',
    because: 'ran longer than its limit of 5 min',
  });
});

test('a needs-any job runs once all have ended and one has passed, first or last', () => {
  const merge = { dependencies: ['a', 'b'], needsAllDependenciesPassing: false };
  const passFirst = new Stage({ a: {}, b: {}, merge });
  passFirst.start();
  passFirst.accept('a', 'b');
  expect(passFirst.pass('a')).toEqual(['a running > passed']);
  expect(passFirst.fail('b').slice(1)).toEqual(['merge scheduled > queued', 'submit local: merge#1']);

  const passLast = new Stage({ a: {}, b: {}, merge });
  passLast.start();
  passLast.accept('a', 'b');
  expect(passLast.fail('a')).toEqual(['a running > failed: exit code 1']);
  expect(passLast.pass('b').slice(1)).toEqual(['merge scheduled > queued', 'submit local: merge#1']);
});

test('a needs-any job without dependencies runs', () => {
  const stage = new Stage({ a: { needsAllDependenciesPassing: false } });
  expect(stage.start()).toEqual(['a scheduled > queued', 'submit local: a#1']);
});

test('a failure kills along a chain at once; each reason names the next job and the culprit', () => {
  const stage = new Stage({ a: {}, b: { dependencies: ['a'] }, c: { dependencies: ['b'] } });
  stage.start();
  stage.accept('a');
  expect(stage.fail('a')).toEqual([
    'a running > failed: exit code 1',
    'b scheduled > killed: dependency a failed: exit code 1',
    'c scheduled > killed: dependency b was killed because of a: exit code 1',
    'run-ended',
    'end-run',
  ]);
  expect(stage.reasonOf('c')).toEqual({
    kind: 'dependency',
    job: 'b',
    status: 'killed',
    culprit: 'a',
    because: 'exit code 1',
  });
});

test('a needs-any job after killed ones is killed too, with the culprit of the last', () => {
  const stage = new Stage({
    a: {},
    b: { dependencies: ['a'] },
    c: { dependencies: ['a'] },
    merge: { dependencies: ['b', 'c'], needsAllDependenciesPassing: false },
  });
  stage.start();
  stage.accept('a');
  stage.fail('a');
  const reason = stage.reasonOf('merge');
  expect(reason).toMatchObject({
    kind: 'dependency',
    status: 'killed',
    culprit: 'a',
    because: 'exit code 1',
  });
});

test('a job with many dependencies starts with the last of them, once', () => {
  const names = Array.from({ length: 20 }, (_, i) => `d${i}`);
  const cast: Cast = { ...Object.fromEntries(names.map((name) => [name, {}])), end: { dependencies: names } };
  const stage = new Stage(cast);
  stage.start();
  stage.accept(...names);
  expect(stage.pass(...names.slice(1))).toHaveLength(19);
  expect(stage.explain('end')).toEqual(['waits for d0']);
  expect(stage.pass('d0')).toEqual(['d0 running > passed', 'end scheduled > queued', 'submit local: end#1']);
});

test('a job rejected by its backend takes its dependents along', () => {
  const stage = new Stage({ a: {}, b: { dependencies: ['a'] } });
  stage.start();
  expect(stage.answer({ kind: 'rejected', message: 'no such queue' }, 'a')).toEqual([
    'a queued > failed: no such queue',
    'b scheduled > killed: dependency a failed: no such queue',
    'run-ended',
    'end-run',
  ]);
});

test(
  'the failure at the head of a chain of a million jobs kills it in one step',
  { timeout: 300_000 },
  () => {
    const size = 1_000_000;
    const cast: Record<string, Cast[string]> = {};
    for (let i = 0; i < size; i++) cast[`j${i}`] = i === 0 ? {} : { dependencies: [`j${i - 1}`] };
    const stage = new Stage(cast, { isChecked: false });
    stage.start();
    const first = { ...stage.current('j0'), outcome: FAILED, facts: NO_FACTS };
    const actions = stage.core.step({ kind: 'jobs-ended', ends: [first] }, 0);
    const changes = actions.flatMap((action) =>
      action.kind === 'publish' && action.event.kind === 'job-changed' ? [action.event] : [],
    );
    // Each job once, from the head to the end.
    expect(changes.findIndex(({ job }, i) => job !== i)).toBe(-1);
    expect(changes).toHaveLength(size);
    expect(changes.filter(({ to }) => to === 'killed')).toHaveLength(size - 1);
    expect(changes.at(-1)?.reason).toEqual({
      kind: 'dependency',
      job: `j${size - 2}`,
      status: 'killed',
      culprit: 'j0',
      because: 'exit code 1',
    });
    expect(actions.slice(size).map(({ kind }) => kind)).toEqual(['publish', 'end-run']);
  },
);
