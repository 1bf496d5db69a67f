// What stands of a run that was interrupted, and what a process that goes on with it must know of the rest.
import { describe, expect, it } from 'vitest';
import { RecordState, type JournalEntry, type RecordedEvent } from '../../src/journal/index.js';
import type { Reason, StopCause } from '../../src/model/reason.js';
import type { Recovery } from '../../src/model/recovery.js';
import { change } from './journal-fixture.js';

const LIMITS = { run: null, backends: {}, resources: {} };
const SIGINT: StopCause = { kind: 'signal', signal: 'SIGINT' };
const BY_SIGINT: Reason = { kind: 'stopped', by: SIGINT };
const BY_USER: Reason = { kind: 'stopped', by: { kind: 'user', by: 'somebody' } };
const TIMEOUT: Reason = { kind: 'timeout', limitMins: 3 };
const FAILED: Reason = { kind: 'exit-code', exitCode: 1, context: [] };
const DEPENDENCY: Reason = {
  kind: 'dependency',
  job: 'a',
  status: 'failed',
  culprit: 'a',
  because: 'exit code 1',
};
const LOST: Reason = { kind: 'lost', message: 'vanished' };

const begin: JournalEntry = { kind: 'begin', atMs: 0, limits: LIMITS };
const resumed: RecordedEvent = { kind: 'run-resumed', atMs: 50, limits: LIMITS };
const stop: RecordedEvent = { kind: 'stop-asked', atMs: 20, mode: 'stop', by: SIGINT };

function kill(jobs: readonly number[], reason: Reason, force = false): RecordedEvent {
  return { kind: 'kill-sent', atMs: 21, jobs, reason, force };
}

function submit(job: number, attempt = 1): JournalEntry {
  return { kind: 'intent', atMs: 2, backend: 'local', attempts: [{ job, attempt }] };
}

/** A job that runs under an attempt, the n-th that was accepted. */
function run(job: number, attempt = 1, accepted = attempt): (JournalEntry | RecordedEvent)[] {
  return [
    change(job, 'queued', { atMs: 1 }),
    submit(job, attempt),
    change(job, 'running', { atMs: 3, from: 'queued', attempts: accepted }),
  ];
}

function take(...entries: readonly (JournalEntry | RecordedEvent)[]): RecordState {
  const state = new RecordState(3);
  for (const entry of [begin, ...entries]) {
    const isEntry = entry.kind === 'begin' || entry.kind === 'intent' || entry.kind === 'event';
    state.take(isEntry ? entry : { kind: 'event', event: entry });
  }
  return state;
}

function recover(...entries: readonly (JournalEntry | RecordedEvent)[]): Recovery {
  return take(...entries).recover();
}

const flight = { job: 0, attempt: 1, queuedAtMs: 1, startedAtMs: 3, kill: null };

describe('an end', () => {
  it.each([
    ['a pass', 'passed', null],
    ['a failure', 'failed', FAILED],
    ['a time limit', 'killed', TIMEOUT],
    ['a kill of the job itself', 'killed', BY_USER],
  ] as const)('stands: %s', (_, to, reason) => {
    const { ended, inFlight } = recover(
      ...run(0),
      change(0, to, { atMs: 9, from: 'running', attempts: 1, reason }),
    );
    expect(ended).toEqual([{ job: 0, outcome: { status: to, ...(reason === null ? {} : { reason }) } }]);
    expect(inFlight).toEqual([]);
  });

  it.each([
    ['a stop of the run', BY_SIGINT],
    ['a dependency: that is worked out anew', DEPENDENCY],
  ])('does not stand: %s', (_, reason) => {
    const state = take(
      ...run(0),
      stop,
      change(0, 'killed', { atMs: 9, from: 'running', attempts: 1, reason }),
    );
    expect(state.stands(0)).toBe(false);
    expect(state.recover()).toMatchObject({ ended: [], inFlight: [] });
  });

  it('stands when somebody killed the job before the run was stopped', () => {
    const killed = change(0, 'killed', { atMs: 9, reason: BY_USER });
    expect(recover(killed, stop, change(1, 'killed', { atMs: 22, reason: BY_SIGINT })).ended).toEqual([
      { job: 0, outcome: { status: 'killed', reason: BY_USER } },
    ]);
  });

  it('of an earlier session stands in later ones; what did not stand starts anew', () => {
    const state = take(
      ...run(0),
      change(0, 'passed', { atMs: 9, from: 'running', attempts: 1 }),
      ...run(1),
      stop,
      change(1, 'killed', { atMs: 22, from: 'running', attempts: 1, reason: BY_SIGINT }),
      { kind: 'run-ended', atMs: 23, stop: SIGINT },
      resumed,
      stop,
      resumed,
    );
    expect(state.session).toBe(2);
    expect(state.statusOf(1)).toBe('scheduled');
    expect(state.recover().ended).toEqual([{ job: 0, outcome: { status: 'passed' } }]);
    expect([0, 1, 2].map((session) => state.isCurrent(0, session))).toEqual([true, true, true]);
    expect([0, 1, 2].map((session) => state.isCurrent(1, session))).toEqual([false, false, true]);
  });

  it('of a stop keeps standing for nothing when the next process is stopped otherwise', () => {
    const byError: StopCause = { kind: 'error', message: 'disk full' };
    const state = take(
      stop,
      change(0, 'killed', { atMs: 22, reason: BY_SIGINT }),
      resumed,
      { ...stop, by: byError },
      change(0, 'killed', { atMs: 62, reason: { kind: 'stopped', by: byError } }),
    );
    expect(state.stands(0)).toBe(false);
    expect(state.stop).toEqual(byError);
  });
});

describe('an attempt', () => {
  it('that was about to be submitted is in flight, and has not started as far as is known', () => {
    expect(recover(change(0, 'queued', { atMs: 1 }), submit(0)).inFlight).toEqual([
      { ...flight, startedAtMs: null },
    ]);
  });

  it('that runs is in flight; its acceptance counts when it is told again', () => {
    const { inFlight, attempts, accepted } = recover(...run(0, 4, 2));
    expect(inFlight).toEqual([{ ...flight, attempt: 4 }]);
    expect([...attempts]).toEqual([4, 0, 0]);
    expect([...accepted]).toEqual([1, 0, 0]);
  });

  it('that was given back is over, and its number is not given again', () => {
    const requeued = change(0, 'queued', { atMs: 5, from: 'running', attempts: 1, reason: LOST });
    const { inFlight, attempts, accepted, ended } = recover(...run(0), requeued);
    expect([inFlight, ended]).toEqual([[], []]);
    expect([attempts[0], accepted[0]]).toEqual([1, 1]);
  });

  it('that a busy backend gave back is asked after, for nothing tells of it', () => {
    const { inFlight } = recover(change(0, 'queued', { atMs: 1 }), submit(0), {
      kind: 'backend-busy',
      atMs: 3,
      backend: 'local',
      untilMs: 9,
      message: 'full',
    });
    expect(inFlight).toHaveLength(1);
  });

  it('that was adopted stays the same one, for as many sessions as it lives', () => {
    const again = [
      resumed,
      change(0, 'queued', { atMs: 1 }),
      change(0, 'running', { atMs: 3, from: 'queued', attempts: 1 }),
    ];
    const { inFlight, accepted } = recover(...run(0), ...again, ...again);
    expect(inFlight).toEqual([flight]);
    expect(accepted[0]).toBe(0);
  });

  it('that was to be asked after when the next process died is asked after again', () => {
    expect(recover(...run(0), resumed).inFlight).toEqual([flight]);
    expect(recover(...run(0), resumed, change(0, 'queued', { atMs: 1 })).inFlight).toEqual([flight]);
  });

  it('that ended is not in flight, whatever its number', () => {
    const ended = change(0, 'failed', { atMs: 9, from: 'running', attempts: 2, reason: FAILED });
    expect(recover(...run(0), submit(0, 2), ended)).toMatchObject({ inFlight: [] });
  });

  it('has its jobs in order', () => {
    expect(recover(...run(2), ...run(0), ...run(1)).inFlight.map(({ job }) => job)).toEqual([0, 1, 2]);
  });
});

describe('a kill that was sent and not answered', () => {
  const stopped = [stop, kill([0], BY_SIGINT)];

  it.each([
    ['of the job itself', [kill([0], TIMEOUT)], TIMEOUT],
    ['of the job itself after one of a stop', [...stopped, resumed, kill([0], BY_USER)], BY_USER],
    [
      'of the job itself, and the run is then stopped',
      [kill([0], TIMEOUT), stop, kill([0], TIMEOUT, true)],
      TIMEOUT,
    ],
  ])('is to be carried out: %s', (_, events, reason) => {
    const { inFlight } = recover(...run(0), ...events);
    expect(inFlight).toEqual([{ ...flight, kill: { reason, runsAgain: false } }]);
  });

  it.each([
    ['of a stop', stopped],
    ['of a stop, by force', [...stopped, kill([0], BY_SIGINT, true)]],
    ['of a stop, sent again by the next process', [...stopped, resumed, kill([0], BY_SIGINT, true)]],
  ])('ends what is left, and the job runs again: %s', (_, events) => {
    const { inFlight } = recover(...run(0), ...events);
    expect(inFlight).toEqual([{ ...flight, kill: { reason: BY_SIGINT, runsAgain: true } }]);
  });

  it('is forgotten with its attempt', () => {
    const back = change(0, 'queued', { atMs: 60, from: 'running', attempts: 1, reason: BY_SIGINT });
    const next = [submit(0, 2), change(0, 'running', { atMs: 61, from: 'queued', attempts: 2 })];
    expect(recover(...run(0), stop, kill([0], BY_SIGINT), resumed, back, ...next).inFlight).toMatchObject([
      { attempt: 2, kill: null },
    ]);
  });

  it('of what is with no backend means nothing', () => {
    expect(recover(kill([1], TIMEOUT))).toMatchObject({ ended: [], inFlight: [] });
  });
});

describe('a run', () => {
  const done = [0, 1, 2].map((job) => change(job, 'passed', { atMs: 9 }));
  const ended: RecordedEvent = { kind: 'run-ended', atMs: 10, stop: null };

  it('that did not begin has no beginning', () => {
    expect(new RecordState(1)).toMatchObject({ begin: null, limits: null, isComplete: false, lastAtMs: 0 });
  });

  it('is complete when it has ended, and nothing of it only because it was stopped', () => {
    expect(take(...done).isComplete).toBe(false);
    expect(take(...done, ended).isComplete).toBe(true);
    const stopped = change(0, 'killed', { atMs: 22, reason: BY_SIGINT });
    expect(take(...done.slice(1), stop, stopped, { ...ended, stop: SIGINT }).isComplete).toBe(false);
    expect(take(...done, ended, resumed).isComplete).toBe(false);
  });

  it('knows its limits as they are now, and when it was last heard of', () => {
    const limits = { ...LIMITS, run: 7 };
    const state = take({ kind: 'limits-changed', atMs: 30, limits });
    expect(state.begin).toEqual({ atMs: 0, limits: LIMITS });
    expect(state.limits).toEqual(limits);
    expect(state.lastAtMs).toBe(30);
  });

  it('knows why its last process was told to stop, and not why an earlier one was', () => {
    expect(take(stop).stop).toEqual(SIGINT);
    expect(take(stop, { ...stop, mode: 'kill', by: { kind: 'user', by: 'x' } }).stop).toEqual(SIGINT);
    expect(take(stop, resumed).stop).toBeNull();
  });
});
