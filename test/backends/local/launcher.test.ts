// The launcher's answers to what a spawner says, on a spawner that starts nothing.
import { describe, expect, it } from 'vitest';
import type { StartAnswer, StartOrder } from '../../../src/backends/local/launcher-messages.js';
import { Launcher } from '../../../src/backends/local/launcher.js';
import type { SpawnOrder, SpawnOutcome } from '../../../src/backends/local/spawner.js';
import { eventually } from '../../support/eventually.js';

/** A launcher whose spawner settles each order as told by its program. */
function makeLauncher(outcomeOf: (order: SpawnOrder) => SpawnOutcome) {
  const spawned: SpawnOrder[] = [];
  const answers: StartAnswer[] = [];
  const environment = { PATH: '/usr/bin:/bin' };
  const launcher = new Launcher(
    { runId: 'launcher-test', environment, killGraceMs: 0, onHeadDeath: 'kill', spoolPath: null },
    {
      answered: (some) => answers.push(...some),
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
          settle(outcomeOf(order));
        });
      },
      hasGroup: () => false,
      listOrphans: () => [],
      exit: (exitCode) => {
        throw new Error(`exit ${exitCode}`);
      },
    }),
  );
  return { launcher, spawned, answers };
}

function makeOrder(job: number, cmd: string): StartOrder {
  return { job, attempt: 1, cmd, exports: {}, odir: '/', logPath: '/dev/null' };
}

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
});
