// A launcher process that came up before its run: it is used once, replaced when it is gone, and never outlives us unused.
import { existsSync } from 'node:fs';
import { expect, it, onTestFinished } from 'vitest';
import { SpareLauncher } from '../../../src/backends/local/index.js';
import { eventually } from '../../support/eventually.js';
import { LocalRun } from './local-run.js';
import { isAlive } from './processes.js';

function makeSpare(): SpareLauncher {
  const spare = new SpareLauncher();
  onTestFinished(() => {
    spare.dispose();
  });
  return spare;
}

it('a backend runs its jobs through it', async () => {
  const spare = makeSpare();
  const { pid } = spare;
  const run = await LocalRun.open({ spare });
  expect(run.backend.launcherPid).toBe(pid);
  expect(spare.pid).toBeNull();
  spare.dispose();
  expect((await run.run('exit 3')).end).toEqual({ kind: 'exited', exitCode: 3 });
});

it('one that is gone is replaced', async () => {
  const spare = makeSpare();
  const pid = spare.pid ?? 0;
  process.kill(pid, 'SIGKILL');
  // Once it is reaped, not before, we have seen its end.
  await eventually('its end to be seen', () => !existsSync(`/proc/${pid}`));
  const run = await LocalRun.open({ spare });
  expect(run.backend.launcherPid).not.toBe(pid);
  expect((await run.run('exit 3')).end).toEqual({ kind: 'exited', exitCode: 3 });
});

it('ends when it is not wanted', async () => {
  const spare = makeSpare();
  const pid = spare.pid ?? 0;
  expect(isAlive(pid)).toBe(true);
  spare.dispose();
  expect(spare.pid).toBeNull();
  await eventually('its end', () => !isAlive(pid));
});
