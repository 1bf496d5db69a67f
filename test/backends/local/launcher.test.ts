// The launcher's answers to what a spawner says, on a spawner that starts nothing.
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { StartAnswer, StartOrder } from '../../../src/backends/local/launcher-messages.js';
import { Launcher } from '../../../src/backends/local/launcher.js';
import type { SpawnOrder, SpawnOutcome } from '../../../src/backends/local/spawner.js';
import { eventually } from '../../support/eventually.js';

/** A launcher whose spawner settles each order as told, or never where it is told null. */
function makeLauncher(outcomeOf: (order: SpawnOrder) => SpawnOutcome | null) {
  const spawned: SpawnOrder[] = [];
  const answers: StartAnswer[] = [];
  /** How many answers each message held. */
  const messages: number[] = [];
  const environment = { PATH: '/usr/bin:/bin' };
  const launcher = new Launcher(
    { scope: 'launcher-test', environment, killGraceMs: 0, onHeadDeath: 'kill', spoolPath: null },
    {
      answered: (some) => {
        answers.push(...some);
        messages.push(some.length);
      },
      started: () => undefined,
      ended: () => undefined,
      idle: () => undefined,
    },
    () => ({
      mode: 'portable',
      adoptsOrphans: false,
      width: 2,
      spawn: (order, settle) => {
        spawned.push(order);
        setImmediate(() => {
          const outcome = outcomeOf(order);
          if (outcome !== null) settle(outcome);
        });
      },
      hasGroup: () => false,
      listOrphans: () => [],
      exit: (exitCode) => {
        throw new Error(`exit ${exitCode}`);
      },
    }),
  );
  return { launcher, spawned, answers, messages };
}

function makeOrder(job: number, cmd: string): StartOrder {
  return { job, attempt: 1, cmd, exports: {}, odir: '/', logPath: '/dev/null' };
}

afterEach(() => {
  vi.useRealTimers();
});

describe('a launcher', () => {
  it.each([
    ['EMFILE', 'too many open files in this process (EMFILE)'],
    ['ENFILE', 'too many open files on this machine (ENFILE)'],
    ['EAGAIN', 'no more processes may be started (EAGAIN)'],
    ['ENOMEM', 'out of memory (ENOMEM)'],
  ])('is busy on %s, and tries no shell', async (code, message) => {
    const { launcher, spawned, answers } = makeLauncher(() => ({ kind: 'failed', code }));
    launcher.start([makeOrder(0, 'sleep 1'), makeOrder(1, 'exit 1')]);
    await eventually('the answers', () => answers.length === 2);
    expect(answers).toEqual([0, 1].map((job) => ({ job, attempt: 1, kind: 'busy', message })));
    expect(spawned.map(({ argv }) => argv[0])).toEqual(['sleep', 'sh']);
  });

  it('turns to the shell when a program cannot be executed, and then gives up', async () => {
    const { launcher, spawned, answers } = makeLauncher(() => ({ kind: 'failed', code: 'ENOEXEC' }));
    launcher.start([makeOrder(0, 'sleep 1')]);
    await eventually('the answer', () => answers.length === 1);
    expect(spawned.map(({ argv }) => argv)).toEqual([
      ['sleep', '1'],
      ['sh', '-c', 'sleep 1'],
    ]);
    expect(answers).toEqual([
      { job: 0, attempt: 1, kind: 'rejected', message: 'cannot run /bin/sh: ENOEXEC' },
    ]);
  });

  it('gives its spawner no more orders at once than it takes, in their order', async () => {
    const { launcher, spawned, answers } = makeLauncher(() => ({ kind: 'failed', code: 'EAGAIN' }));
    launcher.start(Array.from({ length: 5 }, (_, job) => makeOrder(job, `exit ${job}`)));
    expect(spawned).toHaveLength(2);
    await eventually('the answers', () => answers.length === 5);
    expect(answers.map(({ job }) => job)).toEqual([0, 1, 2, 3, 4]);
  });

  it('says many things in one message while it has plenty to start, and all at once when it has not', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const { launcher, answers, messages } = makeLauncher(() => ({ kind: 'failed', code: 'EAGAIN' }));
    launcher.start(Array.from({ length: 12 }, (_, job) => makeOrder(job, 'exit')));
    while (answers.length < 12) await new Promise(setImmediate);
    expect(messages[0]).toBeGreaterThanOrEqual(6);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('holds nothing back for longer than 4 ms', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const { launcher, messages } = makeLauncher(({ argv }) =>
      argv[2] === 'exit 0' ? { kind: 'failed', code: 'EAGAIN' } : null,
    );
    launcher.start(Array.from({ length: 100 }, (_, job) => makeOrder(job, `exit ${job}`)));
    while (vi.getTimerCount() === 0) await new Promise(setImmediate);
    vi.advanceTimersByTime(3);
    expect(messages).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(messages).toEqual([1]);
  });
});
