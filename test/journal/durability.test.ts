// When a journal is forced onto the disk, who waits for it, and what happens when it cannot be written.
import type * as Fs from 'node:fs';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { Journal, type JournalOptions } from '../../src/journal/index.js';
import { sealLine } from '../../src/util/sealed-line.js';
import { makeTempDir } from '../support/temp-dir.js';
import { change, DIGEST, journalOptions, RUN } from './journal-fixture.js';

type SyncDone = (error: NodeJS.ErrnoException | null) => void;

/** The disk: syncs that were asked for and wait for their end, and what the next writes meet. */
const disk = vi.hoisted(() => ({
  syncs: [] as SyncDone[],
  syncCount: 0,
  /** Bytes there is still room for. */
  roomBytes: Infinity,
  /** Most that one write takes. */
  mostBytes: Infinity,
}));

vi.mock('node:fs', async (importOriginal) => {
  const original = await importOriginal<typeof Fs>();
  return {
    ...original,
    fdatasync: (_: number, done: SyncDone) => {
      disk.syncCount++;
      disk.syncs.push(done);
    },
    writeSync: (file: number, bytes: Uint8Array, offset: number) => {
      const length = Math.min(bytes.length - offset, disk.roomBytes, disk.mostBytes);
      if (length === 0)
        throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
      disk.roomBytes -= length;
      return original.writeSync(file, bytes, offset, length);
    },
  };
});

beforeEach(() => {
  Object.assign(disk, { syncs: [], syncCount: 0, roomBytes: Infinity, mostBytes: Infinity });
});

function open(options: Partial<JournalOptions> = {}): { journal: Journal; path: string } {
  const path = join(makeTempDir(), 'journal');
  const journal = Journal.create(
    { ...journalOptions(path), ...options },
    { runId: RUN, jobs: 9, jobsDigest: DIGEST },
  );
  return { journal, path };
}

/** Ends the syncs under way. */
function endSyncs(error: NodeJS.ErrnoException | null = null): void {
  for (const done of disk.syncs.splice(0)) done(error);
}

/** Whether a promise has resolved by now. */
async function hasResolved(promise: Promise<unknown>): Promise<boolean> {
  const pending = Symbol('pending');
  // A turn of the event loop, in which everything that can go on does.
  const turn = new Promise((resolve) =>
    setImmediate(() => {
      resolve(pending);
    }),
  );
  return (await Promise.race([promise, turn])) !== pending;
}

/** Ends a journal whose disk works. */
async function close(journal: Journal): Promise<void> {
  const closed = journal.close();
  while (!(await hasResolved(closed))) endSyncs();
}

describe('durability each', () => {
  it('holds a submission until all that was written before it is on the disk', async () => {
    const { journal } = open({ durability: 'each' });
    journal.notify(change(0, 'passed', { atMs: 1 }));
    const recorded = Promise.resolve(journal.recordIntent('local', [{ job: 1, attempt: 1 }], 2));
    expect(await hasResolved(recorded)).toBe(false);
    expect(disk.syncs).toHaveLength(1);
    endSyncs();
    expect(await hasResolved(recorded)).toBe(true);
    await close(journal);
  });

  it('has submissions that come during a sync wait for one more, together', async () => {
    const { journal } = open({ durability: 'each' });
    const first = Promise.resolve(journal.recordIntent('local', [{ job: 0, attempt: 1 }], 1));
    const others = Promise.all(
      [1, 2, 3].map(async (job) => journal.recordIntent('local', [{ job, attempt: 1 }], 2)),
    );
    expect(await hasResolved(others)).toBe(false);
    endSyncs();
    expect(await hasResolved(first)).toBe(true);
    expect(await hasResolved(others)).toBe(false);
    expect(disk.syncCount).toBe(2);
    endSyncs();
    expect(await hasResolved(others)).toBe(true);
    expect(disk.syncCount).toBe(2);
    await close(journal);
  });

  it('submits nothing when the sync fails, nor what waited for the next one', async () => {
    const failures: string[] = [];
    const { journal } = open({ durability: 'each', onFailure: (message) => failures.push(message) });
    const recorded = [0, 1].map(async (job) => journal.recordIntent('local', [{ job, attempt: 1 }], 1));
    const settled = Promise.allSettled(recorded);
    endSyncs(Object.assign(new Error('EIO: i/o error, fdatasync'), { code: 'EIO' }));
    expect((await settled).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(failures).toEqual([expect.stringContaining('EIO: i/o error, fdatasync')]);
    await close(journal);
    expect(failures).toHaveLength(1);
  });

  it('submits nothing once a write has failed while others waited for a sync', async () => {
    const { journal } = open({ durability: 'each', onFailure: () => undefined });
    const first = Promise.allSettled([journal.recordIntent('local', [{ job: 0, attempt: 1 }], 1)]);
    const second = Promise.allSettled([journal.recordIntent('local', [{ job: 1, attempt: 1 }], 1)]);
    disk.roomBytes = 0;
    journal.notify(change(2, 'queued', { atMs: 2 }));
    journal.flush();
    endSyncs();
    expect(await first).toMatchObject([{ status: 'fulfilled' }]);
    expect(await second).toMatchObject([{ status: 'rejected' }]);
    await close(journal);
  });
});

describe('durability batch', () => {
  it('holds no submission, and syncs within 100 ms what was written, once', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      const { journal } = open({ durability: 'batch' });
      for (const job of [0, 1, 2]) {
        expect(journal.recordIntent('local', [{ job, attempt: 1 }], 1)).toBeUndefined();
      }
      expect(disk.syncCount).toBe(0);
      vi.advanceTimersByTime(100);
      expect(disk.syncCount).toBe(1);
      endSyncs();
      vi.advanceTimersByTime(1_000);
      expect(disk.syncCount).toBe(1);
      journal.notify(change(0, 'passed', { atMs: 2 }));
      journal.flush();
      vi.advanceTimersByTime(100);
      await hasResolved(Promise.resolve());
      expect(disk.syncCount).toBe(2);
      await close(journal);
    } finally {
      vi.useRealTimers();
    }
  });

  it('holds a submission to an engine whose jobs outlive this machine', async () => {
    const { journal } = open({ durability: 'batch', remoteBackends: new Set(['slurm']) });
    const recorded = Promise.resolve(journal.recordIntent('slurm', [{ job: 0, attempt: 1 }], 1));
    expect(await hasResolved(recorded)).toBe(false);
    endSyncs();
    expect(await hasResolved(recorded)).toBe(true);
    expect(journal.recordIntent('local', [{ job: 1, attempt: 1 }], 1)).toBeUndefined();
    await close(journal);
  });

  it('syncs what is left when it is closed', async () => {
    const { journal } = open({ durability: 'batch' });
    journal.notify(change(0, 'passed', { atMs: 2 }));
    const closed = journal.close();
    expect(await hasResolved(closed)).toBe(false);
    endSyncs();
    await closed;
    expect(disk.syncCount).toBe(1);
  });
});

it('durability off never syncs', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  try {
    const { journal } = open({ durability: 'off', remoteBackends: new Set(['slurm']) });
    expect(journal.recordIntent('slurm', [{ job: 0, attempt: 1 }], 1)).toBeUndefined();
    vi.advanceTimersByTime(10_000);
    await journal.close();
    expect(disk.syncCount).toBe(0);
  } finally {
    vi.useRealTimers();
  }
});

describe('a disk that is full', () => {
  it('is told of once, with the file; nothing is submitted from then on, and a kill goes on', async () => {
    const failures: string[] = [];
    const { journal, path } = open({ onFailure: (message) => failures.push(message) });
    disk.roomBytes = 10;
    expect(() => journal.recordIntent('local', [{ job: 0, attempt: 1 }], 1)).toThrow(
      `cannot write the journal ${path}: ENOSPC`,
    );
    expect(failures).toEqual([`cannot write the journal ${path}: ENOSPC: no space left on device, write`]);
    const torn = readFileSync(path, 'utf8');
    // Even when there is room again: what would follow the torn record would be lost with it.
    disk.roomBytes = Infinity;
    expect(() => journal.recordIntent('local', [{ job: 1, attempt: 1 }], 2)).toThrow('ENOSPC');
    journal.notify(change(0, 'queued', { atMs: 3 }));
    journal.flush();
    await journal.close();
    expect(readFileSync(path, 'utf8')).toBe(torn);
    expect(failures).toHaveLength(1);
  });

  it('of which a turn of the event loop hears without asking', async () => {
    const failures: string[] = [];
    const { journal } = open({ onFailure: (message) => failures.push(message) });
    disk.roomBytes = 0;
    journal.notify(change(0, 'queued', { atMs: 1 }));
    expect(failures).toEqual([]);
    await hasResolved(new Promise(() => undefined));
    expect(failures).toHaveLength(1);
    await journal.close();
  });

  it('that takes part of a write gets the rest in another', async () => {
    const { journal, path } = open();
    disk.mostBytes = 7;
    journal.notify(change(0, 'queued', { atMs: 1 }));
    await journal.close();
    expect(readFileSync(path, 'utf8').endsWith(`\n${sealLine({ at: 1, do: 'queue', jobs: [0] })}`)).toBe(
      true,
    );
  });
});
