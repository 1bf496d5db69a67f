// Pins what the core says of slots that no job holds: how many, why, and only when that changes.
import { expect, test } from 'vitest';
import { Stage } from './stage.js';

const licence = { resources: { vcs: 1 } };
const NONE = { noReadyJob: 0, resource: 0, limit: 0, backoff: 0 };

test('a run without a limit has no idle slots to tell of', () => {
  const stage = new Stage({ a: {} });
  stage.start();
  expect(stage.idle).toBeUndefined();
});

test('slots without a ready job are told when their number changes, and not again', () => {
  const stage = new Stage({ a: {}, b: { dependencies: ['a'] }, c: {} }, { limits: { run: 3 } });
  stage.start();
  expect(stage.idle).toEqual({ ...NONE, noReadyJob: 1 });
  stage.accept('a', 'c');
  expect(stage.idle).toBeUndefined();
  stage.pass('a');
  expect(stage.idle).toBeUndefined();
  stage.pass('c');
  expect(stage.idle).toEqual({ ...NONE, noReadyJob: 2 });
});

test('a slot counts for the first of resource, limit and back-off that keeps it idle', () => {
  const stage = new Stage(
    { l1: licence, l2: licence, b1: { backend: 'lsf' }, b2: { backend: 'lsf' }, s1: { backend: 'sge' } },
    { backends: ['local', 'lsf', 'sge'], limits: { run: 9, resources: { vcs: 0 }, backends: { lsf: 1 } } },
  );
  stage.start();
  expect(stage.idle).toEqual({ noReadyJob: 4, resource: 2, limit: 1, backoff: 0 });
  stage.busy('s1');
  expect(stage.idle).toEqual({ noReadyJob: 4, resource: 2, limit: 1, backoff: 1 });
  stage.setRunLimit(4);
  expect(stage.idle).toEqual({ noReadyJob: 0, resource: 2, limit: 1, backoff: 0 });
  stage.setRunLimit(2);
  expect(stage.idle).toEqual({ ...NONE, resource: 1 });
});

test('interactive jobs that wait for the terminal keep slots idle by a limit', () => {
  const stage = new Stage({ a: { interactive: true }, b: { interactive: true } }, { limits: { run: 4 } });
  stage.start();
  expect(stage.idle).toEqual({ ...NONE, noReadyJob: 2, limit: 1 });
});

test('a job that is killed while it waits keeps no slot idle any more', () => {
  const stage = new Stage(
    { a: licence, b: licence, c: licence },
    { limits: { run: 3, resources: { vcs: 1 } } },
  );
  stage.start();
  expect(stage.idle).toEqual({ ...NONE, resource: 2 });
  stage.kill('b');
  expect(stage.idle).toEqual({ ...NONE, noReadyJob: 1, resource: 1 });
});
