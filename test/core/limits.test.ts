// Limits and what waits for them: changes while running, resources, turns on the terminal, stalls, room for large jobs, explanations.
import { describe, expect, test } from 'vitest';
import { LOST, Stage, type Cast } from './stage.js';

test('lowering a limit starts nothing new and ends nothing; raising it starts what fits', () => {
  const stage = new Stage({ a: {}, b: {}, c: {}, d: {} }, { limits: { run: 2 } });
  expect(stage.start().at(-1)).toBe('submit local: a#1 b#1');
  stage.accept('a', 'b');
  expect(stage.setRunLimit(1)).toEqual(['limits {"run":1,"backends":{"local":null},"resources":{}}']);
  expect(stage.explain('c')).toEqual(['needs 1 of the slots of the run; limit 1, in use 2']);
  expect(stage.pass('a')).toEqual(['a running > passed']);
  expect(stage.setRunLimit(2).slice(1)).toEqual(['submit local: c#1']);
  expect(stage.setRunLimit(null)).toEqual([
    'limits {"run":null,"backends":{"local":null},"resources":{}}',
    'submit local: d#1',
  ]);
});

test('the limits of a backend and of a resource change too; an unknown name changes nothing', () => {
  const stage = new Stage(
    { a: {}, b: {}, c: { backend: 'far', resources: { vcs: 2 } } },
    { backends: ['local', 'far'], limits: { backends: { local: 1 }, resources: { vcs: 1 } } },
  );
  expect(stage.start().slice(3)).toEqual(['submit local: a#1']);
  expect(stage.explain('b')).toEqual(['needs 1 of the slots of backend local; limit 1, in use 1']);
  expect(stage.explain('c')).toEqual(['needs 2 of the units of resource vcs; limit 1, in use 0']);
  const set = (kind: 'backend' | 'resource', name: string, limit: number): string[] =>
    stage.step({ kind: 'limit-set', scope: { kind, name }, limit });
  expect(set('backend', 'local', 2).slice(1)).toEqual(['submit local: b#1']);
  expect(set('resource', 'vcs', 2)).toEqual([
    'limits {"run":null,"backends":{"local":2,"far":null},"resources":{"vcs":2}}',
    'submit far: c#1',
  ]);
  expect(set('backend', 'vcs', 1)).toEqual([]);
  expect(set('resource', 'local', 1)).toEqual([]);
});

test('a small job passes a large one that does not fit', () => {
  const stage = new Stage(
    { a: { resources: { vcs: 2 } }, b: { resources: { vcs: 2 } }, c: { resources: { vcs: 1 } } },
    { limits: { resources: { vcs: 3 } } },
  );
  expect(stage.start().at(-1)).toBe('submit local: a#1 c#1');
  expect(stage.explain('b')).toEqual(['needs 2 of the units of resource vcs; limit 3, in use 3']);
});

test('an unlimited demand fits only where the resource has no limit', () => {
  const stage = new Stage(
    { a: { resources: { vcs: null } }, b: { resources: { open: null } }, c: { resources: { vcs: 0 } } },
    { limits: { resources: { vcs: 9 } } },
  );
  expect(stage.start().at(-1)).toBe('submit local: b#1 c#1');
});

test('interactive jobs take turns on the terminal', () => {
  const stage = new Stage({ a: { interactive: true }, b: { interactive: true }, c: {} });
  expect(stage.start().at(-1)).toBe('submit local: a#1 c#1');
  expect(stage.explain('b')).toEqual(['needs 1 of the turns on the terminal; limit 1, in use 1']);
  stage.accept('a', 'c');
  expect(stage.pass('a')).toEqual(['a running > passed', 'submit local: b#1']);
});

test('a refused or lost job gives back what it held', () => {
  const stage = new Stage(
    { a: { resources: { vcs: 1 } }, b: { backend: 'far', resources: { vcs: 1 } } },
    { backends: ['local', 'far'], limits: { resources: { vcs: 1 } }, infraRetries: 1 },
  );
  expect(stage.start().at(-1)).toBe('submit local: a#1');
  expect(stage.busy('a')).toContain('submit far: b#1');
  stage.timerAt(50);
  expect(stage.explain('a')).toEqual(['needs 1 of the units of resource vcs; limit 1, in use 1']);
  stage.accept('b');
  // The better job has its place before the one that was lost.
  expect(stage.end(LOST, 'b')).toEqual(['b running > queued: node gone', 'submit local: a#2']);
});

describe('explain', () => {
  test('tells of dependencies, better jobs, running and ended jobs', () => {
    const stage = new Stage({ a: {}, b: {}, c: { dependencies: ['a', 'b'] } });
    expect(stage.explain('c')).toEqual(['waits for a', 'waits for b']);
    stage.start();
    expect(stage.explain('a')).toEqual(['is being submitted']);
    stage.accept('a', 'b');
    expect(stage.explain('a')).toEqual(['is running']);
    stage.pass('a');
    expect(stage.explain('a')).toEqual(['is passed']);
    expect(stage.explain('c')).toEqual(['waits for b']);
    stage.fail('b');
    expect(stage.explain('c')).toEqual(['is killed']);
  });
});

describe('a stall', () => {
  const vcs = { resources: { vcs: 4 } };

  test('is named once, again after a change of limits that does not help, and ends with one that does', () => {
    const stage = new Stage(
      { a: vcs, b: vcs, c: { interactive: true, ...vcs } },
      { limits: { resources: { vcs: 2 } } },
    );
    const stalled =
      'stalled [a x2: needs 4 of the units of resource vcs; limit 2, in use 0]' +
      ' [c x1: needs 4 of the units of resource vcs; limit 2, in use 0]';
    expect(stage.start().slice(3)).toEqual([stalled]);
    expect(stage.step({ kind: 'timer' })).toEqual([]);
    const set = (limit: number): string[] =>
      stage.step({ kind: 'limit-set', scope: { kind: 'resource', name: 'vcs' }, limit });
    expect(set(3).slice(1)).toEqual([stalled.replaceAll('limit 2', 'limit 3')]);
    expect(set(4).slice(1)).toEqual(['submit local: a#1']);
  });

  test('is not named while a job runs or a backend backs off, and can be stopped', () => {
    const stage = new Stage({ a: {}, b: vcs }, { limits: { resources: { vcs: 2 } } });
    expect(stage.start().at(-1)).toBe('submit local: a#1');
    expect(stage.busy('a')).toEqual(['busy local until 50: full', 'timer 50']);
    stage.timerAt(50);
    stage.accept('a');
    expect(stage.pass('a')).toEqual([
      'a running > passed',
      'stalled [b x1: needs 4 of the units of resource vcs; limit 2, in use 0]',
    ]);
    expect(stage.stop('stop')).toEqual([
      'stop-asked stop: the test',
      'b queued > killed: stopped by the test',
      'run-ended: the test',
      'end-run',
    ]);
  });

  test('by a limit of 0 slots holds the run until it is raised', () => {
    const stage = new Stage({ a: {} }, { limits: { run: 0 } });
    expect(stage.start().at(-1)).toBe('stalled [a x1: needs 1 of the slots of the run; limit 0, in use 0]');
    expect(stage.setRunLimit(1)).toContain('submit local: a#1');
  });
});

describe('room for a large job', () => {
  const SMALL_JOBS = 10_000;
  const LICENCES = 8;
  const SMALL_MS = 10_000;

  /** When the large job was submitted, and how many small ones had ended, with small jobs ending one after the other. */
  function runUntilLargeStarts(): { readonly startedMs: number; readonly endedBefore: number } {
    const cast: Record<string, Cast[string]> = { large: { weight: 1, resources: { vcs: 4 } } };
    for (let i = 0; i < SMALL_JOBS; i++) cast[`s${i}`] = { weight: 2, resources: { vcs: 1 } };
    const stage = new Stage(cast, { limits: { resources: { vcs: LICENCES } }, isChecked: false });
    const running: { readonly name: string; readonly endsAtMs: number }[] = [];
    const take = (lines: readonly string[]): boolean => {
      const names = lines
        .filter((line) => line.startsWith('submit '))
        .flatMap((line) => line.slice('submit local: '.length).split(' '))
        .map((id) => id.replace(/#\d+$/, ''));
      if (names.length > 0) stage.accept(...names);
      for (const name of names) {
        // Staggered, so that four licences are never free together by chance.
        const offsetMs = running.length < LICENCES && stage.nowMs === 0 ? running.length * 1000 : 0;
        running.push({ name, endsAtMs: stage.nowMs + SMALL_MS + offsetMs });
      }
      return names.includes('large');
    };
    let endedBefore = 0;
    for (let hasStarted = take(stage.start()); !hasStarted; endedBefore++) {
      const next = running.shift();
      if (next === undefined) throw new Error('nothing runs and the large job has not started');
      stage.nowMs = next.endsAtMs;
      hasStarted = take(stage.pass(next.name));
      running.sort((a, b) => a.endsAtMs - b.endsAtMs);
    }
    return { startedMs: stage.nowMs, endedBefore };
  }

  test('of 4 licences among 10,000 jobs of 1 is kept after 60 s: it starts then, long before the others are done', () => {
    const { startedMs, endedBefore } = runUntilLargeStarts();
    expect(startedMs).toBeGreaterThanOrEqual(60_000);
    // At most the rest of the small jobs that held the four licences when room began to be kept.
    expect(startedMs).toBeLessThanOrEqual(60_000 + 2 * SMALL_MS);
    expect(endedBefore).toBeLessThan(100);
  });

  test('is told of to those it keeps waiting, and given up when a limit makes the job impossible', () => {
    const one = { weight: 2, resources: { vcs: 1 } };
    const stage = new Stage(
      { large: { resources: { vcs: 2 } }, a: one, b: one, c: one },
      { limits: { resources: { vcs: 2 } } },
    );
    stage.start();
    stage.accept('a', 'b');
    stage.nowMs = 60_000;
    // What is freed after the wait is kept.
    expect(stage.pass('a')).toEqual(['a running > passed']);
    expect(stage.explain('c')).toEqual([
      'needs 1 of the units of resource vcs; limit 2, in use 1, the rest kept for a job that needs more',
    ]);
    const scope = { kind: 'resource', name: 'vcs' } as const;
    expect(stage.step({ kind: 'limit-set', scope, limit: 1 }).slice(1)).toEqual([]);
    expect(stage.pass('b')).toEqual(['b running > passed', 'submit local: c#1']);
    expect(stage.step({ kind: 'limit-set', scope, limit: 3 }).slice(1)).toEqual(['submit local: large#1']);
  });

  const small = { weight: 2, resources: { vcs: 1 } };
  const large = { resources: { vcs: 2 } };

  test('is kept where slots are as scarce as licences, and each freed slot would go to a better job', () => {
    const stage = new Stage(
      { large, a: small, b: small, c: small },
      { limits: { run: 2, resources: { vcs: 2 } } },
    );
    expect(stage.start().at(-1)).toBe('submit local: a#1 b#1');
    stage.accept('a', 'b');
    stage.nowMs = 60_000;
    expect(stage.pass('a')).toEqual(['a running > passed']);
    expect(stage.pass('b')).toEqual(['b running > passed', 'submit local: large#1']);
  });

  test('is not kept where slots alone are scarce: then better jobs go first', () => {
    const stage = new Stage({ large, a: small, b: small }, { limits: { run: 1, resources: { vcs: 3 } } });
    stage.start();
    stage.accept('a');
    stage.nowMs = 60_000;
    expect(stage.pass('a')).toEqual(['a running > passed', 'submit local: b#1']);
  });

  test('is kept for one class after the other', () => {
    const stage = new Stage(
      { a: small, b: small, two: large, other: { resources: { vcs: 2, xcelium: 1 } }, more: large },
      { limits: { resources: { vcs: 2, xcelium: 1 } } },
    );
    stage.start();
    stage.accept('a', 'b');
    stage.nowMs = 60_000;
    stage.pass('a');
    expect(stage.pass('b')).toContain('submit local: two#1');
    stage.accept('two');
    // `more` is of the class that has just had its turn.
    expect(stage.pass('two')).toContain('submit local: other#1');
    stage.accept('other');
    expect(stage.pass('other')).toContain('submit local: more#1');
  });

  test('is given up when its backend backs off, and when the job is killed', () => {
    const cast = {
      far: { ...large, backend: 'far' },
      busy: { backend: 'far' },
      a: small,
      b: small,
      c: small,
    };
    const stage = new Stage(cast, { backends: ['local', 'far'], limits: { resources: { vcs: 2 } } });
    stage.start();
    stage.accept('a', 'b');
    stage.nowMs = 60_000;
    expect(stage.pass('a')).toEqual(['a running > passed']);
    expect(stage.busy('busy')).toContain('submit local: c#1');
    stage.accept('c');
    stage.timerAt(60_050);
    expect(stage.pass('c')).toEqual(['c running > passed']);
    expect(stage.kill('far')).toEqual(['far queued > killed: stopped by the test']);
    expect(stage.explain('far')).toEqual(['is killed']);
  });
});
