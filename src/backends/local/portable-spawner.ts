// Starts processes through Node's child_process, where the native way is missing: slower, and orphans are not adopted.
import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { codeOf } from '../scratch/system-error.js';
import type { SpawnListener, SpawnOrder, SpawnOutcome, Spawner } from './spawner.js';

/** See {@link Spawner}. */
export class PortableSpawner implements Spawner {
  readonly mode = 'portable';
  readonly adoptsOrphans = false;
  readonly width = 1;
  readonly #environment: Readonly<Record<string, string>>;
  readonly #listener: SpawnListener;

  constructor(environment: Readonly<Record<string, string>>, listener: SpawnListener) {
    this.#environment = environment;
    this.#listener = listener;
  }

  readonly spawn = (order: SpawnOrder, settle: (outcome: SpawnOutcome) => void): void => {
    let log: number;
    try {
      log = openSync(order.logPath, 'w');
    } catch (error) {
      setImmediate(settle, { kind: 'failed', code: codeOf(error) });
      return;
    }
    const [argv0 = order.program, ...args] = order.argv;
    const child = spawn(order.program, args, {
      argv0,
      cwd: order.cwd,
      env: { ...this.#environment, ...order.variables },
      detached: true,
      stdio: ['ignore', log, log],
    });
    closeSync(log);
    const { pid } = child;
    child.once('error', (error) => {
      if (pid === undefined) settle({ kind: 'failed', code: codeOf(error) });
    });
    if (pid === undefined) return;
    child.once('spawn', () => {
      settle({ kind: 'spawned', pid });
    });
    child.once('exit', (exitCode, signal) => {
      const end =
        signal === null
          ? ({ kind: 'exited', exitCode: exitCode ?? 0 } as const)
          : ({ kind: 'signalled', signal } as const);
      this.#listener.onExits([{ pid, end, usage: {} }]);
    });
  };

  readonly hasGroup = (pid: number): boolean => {
    try {
      return process.kill(-pid, 0);
    } catch {
      // ESRCH: nobody is left in it.
      return false;
    }
  };

  readonly listOrphans = (): readonly number[] => [];

  readonly exit = (exitCode: number): never => process.exit(exitCode);
}
