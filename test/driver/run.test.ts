// Whole runs through the driver: order of events, control from outside, and backends that do everything wrong.
import { afterEach, describe, expect, test, vi } from 'vitest';
import { FakeBackend } from '../../src/backends/index.js';
import { RealClock, VirtualClock } from '../../src/driver/index.js';
import type { Backend } from '../../src/model/backend.js';
import { NO_FACTS, type JobEnd } from '../../src/model/outcome.js';
import { UserError } from '../../src/model/problem.js';
import { Judge } from '../../src/results/index.js';
import { messageOf } from '../../src/util/message-of.js';
import { makeSpec } from '../support/job-spec.js';
import { ACCEPTED, makeBackend, startWatched } from './run-fixture.js';

const USER = { kind: 'user', by: 'the test' } as const;

afterEach(() => {
  vi.useRealTimers();
});

/** Answers that no compiler would let through. */
const answering = (answers: unknown): Backend['submit'] =>
  (async () => answers) as unknown as Backend['submit'];

test('a run of fake jobs on virtual time: every event, in order and at its time', async () => {
  const clock = new VirtualClock(1000);
  const jobs = [
    makeSpec('a', { fake: { durationS: 60 } }),
    makeSpec('b', { dependencies: ['a'], fake: { durationS: 5, status: 'failed', message: 'oops' } }),
  ];
  const { run, events, ends } = await startWatched(jobs, [new FakeBackend({ clock })], { clock });
  await run.ended;
  expect(ends()).toEqual({ a: 'passed', b: 'failed: oops' });
  expect(
    events.map(
      (event) => `${event.atMs} ${event.kind === 'job-changed' ? `${event.job} ${event.to}` : event.kind}`,
    ),
  ).toEqual([
    '1000 run-started',
    '1000 0 queued',
    '1000 0 running',
    '61000 0 passed',
    '61000 1 queued',
    '61000 1 running',
    '66000 1 failed',
    '66000 run-ended',
  ]);
  expect(events[0]).toMatchObject({ runId: 'test', backends: ['fake', 'fake'], limits: { run: null } });
});

test('a run of no jobs opens and closes its backends, and ends', async () => {
  const calls: string[] = [];
  const backend = makeBackend({
    open: async () => void calls.push('open'),
    close: async () => void calls.push('close'),
  });
  const { run, events } = await startWatched([], [backend]);
  await run.ended;
  expect(calls).toEqual(['open', 'close']);
  expect(events.map(({ kind }) => kind)).toEqual(['run-started', 'run-ended']);
});

test('an end that is reported before the submission is answered counts', async () => {
  const { run, ends } = await startWatched([makeSpec('a')], [makeBackend()]);
  await run.ended;
  expect(ends()).toEqual({ a: 'passed' });
});

test('nothing is published after the end, whatever a backend still reports', async () => {
  const backend = makeBackend();
  const { run, events } = await startWatched([makeSpec('a')], [backend]);
  await run.ended;
  const count = events.length;
  backend.sink().ended([{ job: 0, attempt: 1, end: { kind: 'exited', exitCode: 1 } }]);
  backend.sink().started([{ job: 0, attempt: 1 }]);
  run.control.stop('kill', USER);
  run.control.kill(['a'], USER);
  run.control.setLimit({ kind: 'run' }, 1);
  await new Promise(setImmediate);
  expect(events).toHaveLength(count);
  expect(events.at(-1)?.kind).toBe('run-ended');
  expect(run.control.explain('a')).toEqual(['is passed']);
});

describe('control', () => {
  /** Takes jobs and never ends them, but when it is told to. */
  function makeHolding(): Backend & { readonly sink: ReturnType<typeof makeBackend>['sink'] } {
    const backend: ReturnType<typeof makeBackend> = makeBackend({
      submit: async (batch) => batch.map(() => ACCEPTED),
      kill: async (batch) => {
        const end = { kind: 'signalled', signal: 'SIGTERM' } as const;
        backend.sink().ended(batch.map(({ job, attempt }) => ({ job, attempt, end })));
      },
    });
    return backend;
  }

  test('is in the hands of the caller before anything starts', async () => {
    const { run, ends, events } = await startWatched([makeSpec('a')], [makeHolding()]);
    expect(events).toEqual([]);
    run.control.stop('stop', USER);
    await run.ended;
    expect(ends()).toEqual({ a: 'killed: stopped by the test' });
    expect(events[0]?.kind).toBe('run-started');
  });

  test('kills by name, ignores names of no job, and explains', async () => {
    const jobs = [makeSpec('a'), makeSpec('b', { dependencies: ['a'] }), makeSpec('c')];
    const { run, ends, events } = await startWatched(jobs, [makeHolding()]);
    await new Promise(setImmediate);
    expect(run.control.explain('a')).toEqual(['is running']);
    expect(run.control.explain('b')).toEqual(['waits for a']);
    expect(run.control.explain('nobody')).toBeUndefined();
    run.control.kill(['nobody', 'a'], USER);
    await new Promise(setImmediate);
    expect(ends()).toEqual({
      a: 'killed: stopped by the test',
      b: 'killed: dependency a was killed: stopped by the test',
    });
    run.control.stop('stop', USER);
    await run.ended;
    expect(ends()).toMatchObject({ c: 'killed: stopped by the test' });
    expect(events.at(-1)).toMatchObject({ kind: 'run-ended', stop: USER });
  });

  test.each([-1, 1.5, NaN, Infinity])('refuses the limit %d', async (limit) => {
    const { run } = await startWatched([], [makeBackend()]);
    expect(() => {
      run.control.setLimit({ kind: 'run' }, limit);
    }).toThrow(new RangeError(`a limit is null or a whole number from 0, not ${limit}`));
    await run.ended;
  });

  test('a raised limit ends a stall', async () => {
    const { run, events, ends } = await startWatched([makeSpec('a')], [makeBackend()], {
      limits: { run: 0, backends: {}, resources: {} },
    });
    await new Promise(setImmediate);
    expect(events.map(({ kind }) => kind)).toEqual(['run-started', 'job-changed', 'stalled']);
    run.control.setLimit({ kind: 'run' }, 1);
    await run.ended;
    expect(ends()).toEqual({ a: 'passed' });
  });
});

describe('a bad backend', () => {
  const jobs = [makeSpec('bad', { backend: 'bad' }), makeSpec('good')];
  const good = makeBackend();
  const failed = 'failed: backend bad failed: ';

  test.each<[string, Partial<Backend>, string]>([
    ['rejects', { submit: async () => Promise.reject(new Error('no daemon')) }, `${failed}no daemon`],
    [
      'throws',
      {
        submit: () => {
          throw new Error('no daemon');
        },
      },
      `${failed}no daemon`,
    ],
    // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- that is what is tested
    ['rejects with no Error', { submit: async () => Promise.reject('plain') }, `${failed}plain`],
    ['answers with nothing', { submit: answering(undefined) }, 'failed: backend bad gave no valid answer'],
    ['answers with text', { submit: answering('accepted') }, 'failed: backend bad gave no valid answer'],
    ['answers too little', { submit: answering([]) }, 'failed: backend bad gave no valid answer'],
    ['answers null', { submit: answering([null]) }, 'failed: backend bad gave no valid answer'],
    [
      'refuses without a word',
      { submit: answering([{ kind: 'busy' }]) },
      'failed: backend bad gave no valid answer',
    ],
    [
      'answers garbage',
      { submit: answering([{ kind: 'maybe' }]) },
      'failed: backend bad gave no valid answer',
    ],
  ])('that %s: its jobs fail, others do not', async (_, parts, reason) => {
    const bad = makeBackend({ name: 'bad', ...parts });
    const { run, ends, events } = await startWatched(jobs, [good, bad]);
    await run.ended;
    expect(ends()).toEqual({ bad: reason, good: 'passed' });
    expect(events).toContainEqual(
      expect.objectContaining({ reason: { kind: 'launch-error', message: reason.replace('failed: ', '') } }),
    );
  });

  test('that answers more than it was asked harms nobody', async () => {
    const bad = makeBackend({ name: 'bad' });
    const { submit } = bad;
    const chatty: Backend = {
      ...bad,
      submit: async (batch) => [...(await submit(batch)), ACCEPTED, ACCEPTED],
    };
    const { run, ends } = await startWatched(jobs, [good, chatty]);
    await run.ended;
    expect(ends()).toEqual({ bad: 'passed', good: 'passed' });
  });

  test.each<[string, Backend['open']]>([
    ['rejects', async () => Promise.reject(new Error('no licence server'))],
    [
      'throws',
      () => {
        throw new Error('no licence server');
      },
    ],
    // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- that is what is tested
    ['rejects with no Error', async () => Promise.reject('no licence server')],
  ])('whose open %s: nothing is run, and the others are closed', async (_, open) => {
    const calls: string[] = [];
    const other = makeBackend({
      open: async () => void calls.push('open'),
      submit: async () => {
        calls.push('submit');
        return [];
      },
      close: async () => void calls.push('close'),
    });
    const starting = startWatched([makeSpec('good')], [other, makeBackend({ name: 'bad', open })]);
    await expect(starting).rejects.toThrow(UserError);
    await expect(starting).rejects.toThrow('backend bad cannot be opened: no licence server');
    expect(calls).toEqual(['open', 'close']);
  });

  test('that is never open is waited for 90 s; then nothing is run, and the others are closed', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const calls: string[] = [];
    const other = makeBackend({ close: async () => void calls.push('close') });
    const bad = makeBackend({ name: 'bad', open: () => new Promise(() => undefined) });
    const starting = startWatched([makeSpec('a')], [other, bad]).catch((error: unknown) => {
      calls.push(messageOf(error));
    });
    await vi.advanceTimersByTimeAsync(89_999);
    expect(calls).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    await starting;
    expect(calls).toEqual(['close', 'backend bad is not open after 90 s']);
  });

  test('that fails to kill is reported, asked again by force, and given up: the run ends', async () => {
    const clock = new VirtualClock(0);
    const forces: boolean[] = [];
    const bad = makeBackend({
      submit: async (batch) => batch.map(() => ACCEPTED),
      kill: async (batch) => {
        forces.push(...batch.map(({ force }) => force));
        throw new Error('no route');
      },
    });
    const { run, ends, reports } = await startWatched([makeSpec('a')], [bad], { clock });
    await new Promise(setImmediate);
    run.control.stop('stop', USER);
    await run.ended;
    expect(clock.now()).toBe(2000);
    expect(forces).toEqual([false, true]);
    expect(reports).toEqual([
      'backend local failed: no route while killing 1 jobs',
      'backend local failed: no route while killing 1 jobs',
    ]);
    expect(ends()).toEqual({
      a: 'killed: stopped by the test; still alive: unknown (backend local did not report the end of the job)',
    });
  });

  test('that fails to close is reported; the run has ended all the same', async () => {
    const bad = makeBackend({ close: async () => Promise.reject(new Error('stuck')) });
    const { run, reports, ends } = await startWatched([makeSpec('a')], [bad]);
    await run.ended;
    expect(ends()).toEqual({ a: 'passed' });
    expect(reports).toEqual(['backend local failed: stuck while closing']);
  });

  test('that never closes is waited for 30 s beyond the time of a kill, and reported', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const bad = makeBackend({ name: 'bad', close: () => new Promise(() => undefined) });
    const closed: string[] = [];
    const other = makeBackend({ close: async () => void closed.push('other') });
    const observer = {
      name: 'last',
      notify: () => undefined,
      close: async () => void closed.push('observer'),
    };
    const { run, reports, ends } = await startWatched([makeSpec('a')], [other, bad], {
      killTimeoutMs: 5000,
      observers: [observer],
    });
    // Immediates are real here: only the wait for the backend is on the clock.
    while (closed.length === 0) await new Promise(setImmediate);
    await vi.advanceTimersByTimeAsync(34_999);
    expect({ closed, reports }).toEqual({ closed: ['other'], reports: [] });
    await vi.advanceTimersByTimeAsync(1);
    await run.ended;
    expect(ends()).toEqual({ a: 'passed' });
    expect(closed).toEqual(['other', 'observer']);
    expect(reports).toEqual(['backend bad failed: not done after 35 s while closing']);
  });

  test('that takes its time to close is waited for, however long a kill may take', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    let finish: (() => void) | undefined;
    const slow = makeBackend({ close: () => new Promise((resolve) => (finish = resolve)) });
    const { run, reports } = await startWatched([makeSpec('a')], [slow], { killTimeoutMs: 2 ** 40 });
    while (finish === undefined) await new Promise(setImmediate);
    await vi.advanceTimersByTimeAsync(60_000);
    finish();
    await run.ended;
    expect(reports).toEqual([]);
  });

  /** Reports ends with more, or other things, in them than there should be. */
  const reporting = (more: unknown): Backend => {
    const bad: ReturnType<typeof makeBackend> = makeBackend({
      name: 'bad',
      submit: async (batch) => {
        bad.sink().ended(batch.map(({ job, attempt }) => ({ job, attempt, ...(more as { end: JobEnd }) })));
        return batch.map(() => ACCEPTED);
      },
    });
    return bad;
  };

  test.each<object>([
    {},
    { end: null },
    { end: { kind: 'done' } },
    { end: { kind: 'exited', exitCode: '0' } },
    { end: { kind: 'signalled' } },
    { end: { kind: 'lost' } },
    { end: { kind: 'declared' } },
    { end: { kind: 'declared', outcome: { status: 'great' } } },
    { end: { kind: 'declared', outcome: { status: 'failed' } } },
    { end: { kind: 'declared', outcome: { status: 'failed', reason: { kind: 'bad luck' } } } },
    { end: { kind: 'declared', outcome: { status: 'killed', reason: { kind: 'lost' } } } },
    {
      end: {
        kind: 'declared',
        outcome: { status: 'failed', reason: { kind: 'exit-code', exitCode: 1, context: 5 } },
      },
    },
  ])('that reports the end %j: its jobs fail, others do not', async (more) => {
    const judge = new Judge();
    const { run, ends } = await startWatched(jobs, [good, reporting(more)], {
      judgeEnd: (spec, report) => judge.judgeEnd(spec, report),
    });
    await run.ended;
    expect(ends()).toEqual({ bad: 'failed: backend bad reported no valid end', good: 'passed' });
  });

  test.each<object>([
    { usage: null },
    { usage: { cpuMs: 'much' } },
    { usage: { maxRssKib: NaN } },
    { leftovers: 5, endedAtMs: 'yesterday' },
    { leftovers: [17] },
  ])('that adds %j to an end: what is no fact is left out', async (more) => {
    const backend = reporting({ end: { kind: 'declared', outcome: { status: 'passed' } }, ...more });
    const judge = new Judge();
    const { run, ends, events } = await startWatched(jobs, [good, backend], {
      judgeEnd: (spec, report) => judge.judgeEnd(spec, report),
    });
    await run.ended;
    expect(ends()).toEqual({ bad: 'passed', good: 'passed' });
    const end = events.find(
      (event) => event.kind === 'job-changed' && event.job === 0 && event.facts !== null,
    );
    expect(end).toMatchObject({ facts: NO_FACTS });
  });

  test.each([undefined, 7, [null], ['a'], [{ job: 0 }], [{ job: '0', attempt: 1 }]])(
    'that reports %j as started and ended: it is told once, and nobody is harmed',
    async (nonsense) => {
      const bad = makeBackend({ name: 'bad' });
      const { submit, sink } = bad;
      const babbling: Backend = {
        ...bad,
        submit: async (batch) => {
          sink().started(nonsense as never);
          sink().ended(nonsense as never);
          return submit(batch);
        },
      };
      const { run, ends, reports } = await startWatched(jobs, [good, babbling]);
      await run.ended;
      expect(ends()).toEqual({ bad: 'passed', good: 'passed' });
      expect(reports).toEqual(['backend bad reported what is no attempt']);
    },
  );

  test('that reports what nobody asked, even before the start, is not heard', async () => {
    const backend: ReturnType<typeof makeBackend> = makeBackend({
      open: async (sink) => {
        sink.started([{ job: 0, attempt: 1 }]);
        sink.ended([{ job: 0, attempt: 1, end: { kind: 'exited', exitCode: 1 } }]);
        await new Promise(setImmediate);
      },
      submit: async (batch) => {
        const end = { kind: 'exited', exitCode: 1 } as const;
        sinkOf().ended([
          { job: 7, attempt: 1, end },
          { job: -1, attempt: 1, end },
          { job: 0, attempt: 9, end },
        ]);
        return batch.map(() => ACCEPTED);
      },
    });
    const sinks: Parameters<Backend['open']>[0][] = [];
    const sinkOf = (): Parameters<Backend['open']>[0] => {
      const [sink] = sinks;
      if (sink === undefined) throw new Error('the backend was not opened');
      return sink;
    };
    const open: Backend['open'] = async (sink) => {
      sinks.push(sink);
      await backend.open(sink);
    };
    const { run, ends } = await startWatched([makeSpec('a')], [{ ...backend, open }]);
    await new Promise(setImmediate);
    expect(ends()).toEqual({});
    sinkOf().ended([{ job: 0, attempt: 1, end: { kind: 'exited', exitCode: 0 } }]);
    await run.ended;
    expect(ends()).toEqual({ a: 'passed' });
  });
});

test('a log that is read past the time limit of its job, which ended in time, is judged all the same', async () => {
  const clock = new VirtualClock(0);
  const passed = { outcome: { status: 'passed' }, facts: NO_FACTS } as const;
  const { run, ends } = await startWatched([makeSpec('a', { timeoutMins: 1 })], [makeBackend()], {
    clock,
    judgeEnd: () => new Promise((resolve) => clock.setTimer(600_000, () => resolve(passed))),
  });
  await run.ended;
  expect(clock.now()).toBe(600_000);
  expect(ends()).toEqual({ a: 'passed' });
});

describe('a job whose kill was asked for', () => {
  const exited = { kind: 'exited', exitCode: 7 } as const;

  test('is not waited for while its log is read, however long that takes', async () => {
    const { run, ends, events } = await startWatched([makeSpec('a')], [makeBackend()], {
      clock: new RealClock(),
      judgeEnd: () => new Promise(() => undefined),
    });
    await new Promise(setImmediate);
    expect(ends()).toEqual({});
    run.control.stop('stop', USER);
    await run.ended;
    expect(ends()).toEqual({ a: 'killed: stopped by the test' });
    expect(events.findLast(({ kind }) => kind === 'job-changed')).toMatchObject({ facts: { exitCode: 0 } });
  });

  test('is not judged when it ends', async () => {
    const backend: ReturnType<typeof makeBackend> = makeBackend({
      submit: async (batch) => batch.map(() => ACCEPTED),
      kill: async (batch) => {
        backend.sink().ended(batch.map(({ job, attempt }) => ({ job, attempt, end: exited })));
      },
    });
    const judgeEnd = vi.fn();
    const jobs = [makeSpec('a', { timeoutMins: 1 }), makeSpec('b', { dependencies: ['a'] })];
    const { run, ends, events } = await startWatched(jobs, [backend], { judgeEnd });
    await run.ended;
    expect(judgeEnd).not.toHaveBeenCalled();
    expect(ends()).toEqual({
      a: 'killed: ran longer than its limit of 1 min',
      b: 'killed: dependency a was killed: ran longer than its limit of 1 min',
    });
    expect(events.find((event) => event.kind === 'job-changed' && event.to === 'killed')).toMatchObject({
      facts: { exitCode: 7 },
    });
  });
});

test('a log that cannot be judged is the reason of its job alone', async () => {
  const { run, ends } = await startWatched(
    [makeSpec('a'), makeSpec('b', { dependencies: ['a'] })],
    [makeBackend()],
    {
      judgeEnd: async () => Promise.reject(new Error('the disk is gone')),
    },
  );
  await run.ended;
  expect(ends()).toEqual({
    a: 'failed: the log could not be judged: the disk is gone',
    b: 'killed: dependency a failed: the log could not be judged: the disk is gone',
  });
});
