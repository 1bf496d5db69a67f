// Who may drive a run: one process at a time, whatever became of the one before.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type * as Fs from 'node:fs';
import { linkSync, readdirSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { findHolder, lockRun, stateOf } from '../../src/journal/run-lock.js';
import { UserError } from '../../src/model/problem.js';
import { identifySelf, type ProcessIdentity } from '../../src/util/process-identity.js';
import { fromRepoRoot } from '../support/repo-root.js';
import { makeTempDir } from '../support/temp-dir.js';

/** Run in the middle of `lockRun`, after it has looked at who holds the run. */
let meanwhile: (() => void) | null = null;

vi.mock('node:fs', async (importOriginal) => {
  const original = await importOriginal<typeof Fs>();
  return {
    ...original,
    readdirSync: (path: string) => {
      const names = original.readdirSync(path);
      const act = meanwhile;
      meanwhile = null;
      act?.();
      return names;
    },
  };
});

afterEach(() => {
  meanwhile = null;
});

function writeLock(dir: string, session: number, holder: Partial<ProcessIdentity>): void {
  writeFileSync(join(dir, `lock.${session}`), `${JSON.stringify({ ...identifySelf(), ...holder })}\n`);
}

/** A process that has ended. */
const DEAD = { startTicks: 1 };

/** Takes the lock in another process, which says so and goes on living. */
const HOLD = `
  import { lockRun } from ${JSON.stringify(fromRepoRoot('dist/journal/run-lock.js'))};
  try {
    console.log('session', lockRun(process.argv[1]).session);
    setInterval(() => {}, 1000);
  } catch (error) {
    console.log('refused', error.problems?.[0]?.code ?? String(error));
  }`;

async function startHolder(dir: string): Promise<{ said: string; end: () => Promise<void> }> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', HOLD, dir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  child.stdout.setEncoding('utf8');
  const exited = once(child, 'exit');
  const [said] = (await once(child.stdout, 'data')) as [string];
  const end = async (): Promise<void> => {
    child.kill('SIGKILL');
    await exited;
  };
  return { said: said.trim(), end };
}

describe('the lock of a run', () => {
  it('counts the sessions of the run, and is free once it is given back', () => {
    const dir = makeTempDir();
    expect(findHolder(dir)).toBeNull();
    const first = lockRun(dir);
    expect(first.session).toBe(1);
    expect(findHolder(dir)).toMatchObject({ pid: process.pid, session: 1 });
    first.release();
    expect(findHolder(dir)).toBeNull();
    const second = lockRun(dir);
    expect(second.session).toBe(2);
    second.release();
  });

  it('is refused while its holder lives, whoever that is', () => {
    const dir = makeTempDir();
    const { release } = lockRun(dir);
    expect(() => lockRun(dir)).toThrow(
      `process ${process.pid} on ${hostname()} is driving the run in ${dir}`,
    );
    release();
    expect(readdirSync(dir).sort()).toEqual(['lock.1']);
  });

  it('is free when its holder was killed', async () => {
    const dir = makeTempDir();
    const holder = await startHolder(dir);
    expect(holder.said).toBe('session 1');
    expect(() => lockRun(dir)).toThrow(UserError);
    await holder.end();
    const lock = lockRun(dir);
    expect(lock.session).toBe(2);
    lock.release();
  });

  it('goes to one of several that try at once', async () => {
    const dir = makeTempDir();
    writeLock(dir, 1, DEAD);
    const holders = await Promise.all(Array.from({ length: 5 }, () => startHolder(dir)));
    const said = holders.map((holder) => holder.said).sort();
    await Promise.all(holders.map((holder) => holder.end()));
    expect(said).toEqual([...Array<string>(4).fill('refused run-in-use'), 'session 2']);
  });

  it('goes to whoever was faster between the look at it and the taking', () => {
    const dir = makeTempDir();
    writeLock(dir, 1, DEAD);
    meanwhile = () => {
      writeLock(dir, 2, {});
    };
    expect(() => lockRun(dir)).toThrow('is driving the run');
    expect(readdirSync(dir).sort()).toEqual(['lock.1', 'lock.2']);
  });

  it.each([
    ['of a process of an earlier boot', { boot: 'another boot' }],
    ['of an earlier process of the same number', DEAD],
  ])('%s is free', (_, holder) => {
    const dir = makeTempDir();
    writeLock(dir, 7, holder);
    expect(stateOf({ ...identifySelf(), ...holder, session: 7 })).toBe('dead');
    expect(lockRun(dir).session).toBe(8);
  });

  it('of another machine is not taken, and the file to remove is named', () => {
    const dir = makeTempDir();
    writeLock(dir, 1, { host: 'nowhere', pid: 4711 });
    expect(() => lockRun(dir)).toThrow(/process 4711 on nowhere .*remove lock\.1/);
  });

  it.each([
    ['empty', ''],
    ['NULs', '\0'.repeat(80)],
    ['torn', '{"pid":47'],
  ])('that the death of the machine left %s is free', (_, text) => {
    const dir = makeTempDir();
    writeFileSync(join(dir, 'lock.1'), text);
    expect(findHolder(dir)).toBeNull();
    expect(lockRun(dir).session).toBe(2);
  });

  it('does not take what a process of the same number has left for its own', () => {
    const dir = makeTempDir();
    writeLock(dir, 1, DEAD);
    // It died between taking the lock and removing its draft.
    linkSync(join(dir, 'lock.1'), join(dir, `.lock.${process.pid}`));
    expect(lockRun(dir).session).toBe(2);
  });

  it('counts on from the highest number, beside other files', () => {
    const dir = makeTempDir();
    for (const name of ['lock.9', 'lock.10', 'lock.x', 'lock.99.old', 'run.json'])
      writeFileSync(join(dir, name), '');
    expect(lockRun(dir).session).toBe(11);
  });
});
