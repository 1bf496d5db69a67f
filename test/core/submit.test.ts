// Submission: batches, order, and back-off of a busy backend. Every action is listed; nothing else may happen.
import { expect, test } from 'vitest';
import { Stage } from './stage.js';

test('a job goes through its life, and the run ends with it', () => {
  const stage = new Stage({ a: {} });
  expect(stage.start()).toEqual(['a scheduled > queued', 'submit local: a#1']);
  expect(stage.accept('a')).toEqual(['a queued > running']);
  expect(stage.pass('a')).toEqual(['a running > passed', 'run-ended', 'end-run']);
});

test('a run of no jobs ends at once', () => {
  expect(new Stage({}).start()).toEqual(['run-ended', 'end-run']);
});

test('ready jobs are submitted together, a batch a backend, best first', () => {
  const stage = new Stage(
    { a: {}, b: { backend: 'far' }, c: { weight: 5 }, d: { backend: 'far', weight: 2 }, e: {} },
    { backends: ['local', 'far'] },
  );
  expect(stage.start().slice(5)).toEqual(['submit local: c#1 a#1 e#1', 'submit far: d#1 b#1']);
});

test('a job held by a batch engine stays queued until the engine starts it', () => {
  const stage = new Stage({ a: {} });
  stage.start();
  expect(stage.answer({ kind: 'accepted', running: false }, 'a')).toEqual([]);
  expect(stage.explain('a')).toEqual(['is queued']);
  expect(stage.step({ kind: 'jobs-started', attempts: [stage.current('a')] })).toEqual([
    'a queued > running',
  ]);
});

test('a start and an end that overtake the answer count; the answer then means nothing', () => {
  const stage = new Stage({ a: {}, b: {} });
  stage.start();
  expect(stage.step({ kind: 'jobs-started', attempts: [stage.current('a')] })).toEqual([
    'a queued > running',
  ]);
  expect(stage.pass('b')).toEqual(['b queued > passed']);
  expect(stage.accept('a', 'b')).toEqual([]);
  expect(stage.events).toEqual([]);
});

test('a rejected job fails with the message; the rest of its batch goes on', () => {
  const stage = new Stage({ a: {}, b: {} });
  stage.start();
  const answers = [
    { ...stage.current('a'), answer: { kind: 'rejected', message: 'no such queue' } as const },
    { ...stage.current('b'), answer: { kind: 'accepted', running: true } as const },
  ];
  expect(stage.step({ kind: 'submit-answered', backend: 'local', answers })).toEqual([
    'a queued > failed: no such queue',
    'b queued > running',
  ]);
  expect(stage.events[0]).toMatchObject({ reason: { kind: 'launch-error', message: 'no such queue' } });
});

test('a busy backend is asked again after 50 ms, doubling to 5 s; taking a job starts this over', () => {
  const stage = new Stage({ a: {} });
  stage.start();
  const waits = [50, 100, 200, 400, 800, 1600, 3200, 5000, 5000];
  for (const [i, waitMs] of waits.entries()) {
    const untilMs = stage.nowMs + waitMs;
    expect(stage.busy('a')).toEqual([`busy local until ${untilMs}: full`, `timer ${untilMs}`]);
    expect(stage.explain('a')).toEqual(['backend local is busy and will be asked again']);
    // Early: nothing happens but that the timer is asked for again.
    stage.nowMs = untilMs - 1;
    expect(stage.step({ kind: 'timer' })).toEqual([`timer ${untilMs}`]);
    stage.nowMs = untilMs;
    expect(stage.step({ kind: 'timer' })).toEqual([`submit local: a#${i + 2}`]);
  }
  stage.accept('a');
  stage.end({ status: 'failed', reason: { kind: 'lost', message: '' } }, 'a');

  const again = new Stage({ a: {}, b: {} }, { limits: { run: 1 } });
  again.start();
  again.busy('a');
  again.timerAt(50);
  expect(again.busy('a')).toContain('busy local until 150: full');
  again.timerAt(150);
  again.accept('a');
  expect(again.pass('a')).toContain('submit local: b#1');
  expect(again.busy('b')).toContain('busy local until 200: full');
});

test('refusals of what was submitted before a back-off began do not add to it', () => {
  const stage = new Stage({ a: {}, b: {}, c: {} });
  stage.start();
  expect(stage.busy('a')).toEqual(['busy local until 50: full', 'timer 50']);
  expect(stage.busy('b')).toEqual([]);
  stage.nowMs = 10;
  expect(stage.busy('c')).toEqual([]);
  expect(stage.timerAt(50)).toEqual(['submit local: a#2 b#2 c#2']);
  expect(stage.busy('a', 'b', 'c')).toEqual(['busy local until 150: full', 'timer 150']);
});

test('refused jobs keep their place before jobs that became ready later and weigh no more', () => {
  const stage = new Stage(
    { a: {}, b: { weight: 2 }, x: { backend: 'far' }, late: { weight: 1, dependencies: ['x'] } },
    { backends: ['local', 'far'], limits: { backends: { local: 2 } } },
  );
  stage.start();
  stage.answer({ kind: 'accepted', running: true }, 'x');
  stage.busy('b', 'a');
  // Ready during the back-off: it waits for its end, behind the others.
  expect(stage.pass('x')).toEqual(['x running > passed', 'late scheduled > queued']);
  expect(stage.timerAt(50)).toEqual(['submit local: b#2 a#2']);
});

test('the back-off of one backend leaves the others alone', () => {
  const stage = new Stage(
    { a: {}, b: { backend: 'far' }, c: { backend: 'far', dependencies: ['b'] } },
    {
      backends: ['local', 'far'],
    },
  );
  stage.start();
  stage.accept('b');
  stage.busy('a');
  expect(stage.pass('b')).toEqual(['b running > passed', 'c scheduled > queued', 'submit far: c#1']);
});

test('partly busy: what was taken runs, and only what was refused is offered again', () => {
  const stage = new Stage({ a: {}, b: {} });
  stage.start();
  const answers = [
    { ...stage.current('a'), answer: { kind: 'accepted', running: true } as const },
    { ...stage.current('b'), answer: { kind: 'busy', message: 'full' } as const },
  ];
  expect(stage.step({ kind: 'submit-answered', backend: 'local', answers })).toEqual([
    'a queued > running',
    'busy local until 50: full',
    'timer 50',
  ]);
  expect(stage.timerAt(50)).toEqual(['submit local: b#2']);
});
