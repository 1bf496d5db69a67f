// What is written to a journal is what is read from it, whatever a run tells, and in how many records it stands.
import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readJournal, type JournalEntry } from '../../src/journal/index.js';
import type { RunEvent } from '../../src/model/run-event.js';
import { openSealedLine } from '../../src/util/sealed-line.js';
import { makeTempDir } from '../support/temp-dir.js';
import { eventsOfRun, JOBS } from './drawn-events.js';
import { change, makeJournal, RUN } from './journal-fixture.js';

const SEED = 20_261_124;

function readAll(path: string, jobs = JOBS): JournalEntry[] {
  return [...readJournal(path, { runId: RUN, jobs })];
}

describe('a journal', () => {
  it('gives back every event of a run', async () => {
    const dir = makeTempDir();
    let runs = 0;
    await fc.assert(
      fc.asyncProperty(eventsOfRun, async (events) => {
        const path = join(dir, `journal-${runs++}`);
        const journal = makeJournal(path, JOBS);
        for (const event of events) journal.notify(event);
        await journal.close();
        expect(readAll(path)).toEqual(events.map((event) => ({ kind: 'event', event })));
      }),
      { numRuns: 200, seed: SEED },
    );
  });

  it('gives back the start of a run and what was about to be submitted', async () => {
    const path = join(makeTempDir(), 'journal');
    const journal = makeJournal(path, 2);
    const limits = { run: 4, backends: { local: null }, resources: { vcs: 2 } };
    journal.notify({ kind: 'run-started', atMs: 7, runId: RUN, jobs: [], backends: [], limits });
    const attempts = [
      { job: 1, attempt: 3 },
      { job: 0, attempt: 1 },
    ];
    await journal.recordIntent('local', attempts, 8);
    await journal.close();
    expect(readAll(path, 2)).toEqual([
      { kind: 'begin', atMs: 7, limits },
      { kind: 'intent', atMs: 8, backend: 'local', attempts },
    ]);
  });

  it('has one record for jobs that change alike at one time, and keeps the order', async () => {
    const path = join(makeTempDir(), 'journal');
    const journal = makeJournal(path, 4);
    const events: RunEvent[] = [
      change(0, 'queued', { atMs: 5 }),
      change(1, 'queued', { atMs: 5 }),
      change(0, 'running', { atMs: 5, attempts: 1, from: 'queued' }),
      change(1, 'running', { atMs: 5, attempts: 2, from: 'queued' }),
      change(2, 'queued', { atMs: 5 }),
      change(3, 'queued', { atMs: 6 }),
      change(2, 'queued', { atMs: 6, from: 'queued', reason: { kind: 'lost', message: 'gone' } }),
    ];
    for (const event of events) journal.notify(event);
    await journal.close();
    const records = readFileSync(path, 'utf8').trimEnd().split('\n').slice(1);
    expect(records.map(openSealedLine)).toEqual([
      { at: 5, do: 'queue', jobs: [0, 1] },
      { at: 5, do: 'run', jobs: [0, 1, 1, 2] },
      { at: 5, do: 'queue', jobs: [2] },
      { at: 6, do: 'queue', jobs: [3] },
      { at: 6, do: 'requeue', job: 2, accepted: 0, reason: { kind: 'lost', message: 'gone' } },
    ]);
    expect(readAll(path, 4)).toEqual(events.map((event) => ({ kind: 'event', event })));
  });

  it('is written when the turn of the event loop ends, without being asked', async () => {
    const path = join(makeTempDir(), 'journal');
    const journal = makeJournal(path, 1);
    journal.notify(change(0, 'queued', { atMs: 5 }));
    expect(readAll(path, 1)).toEqual([]);
    await new Promise((resolve) => setImmediate(resolve));
    await new Promise((resolve) => setImmediate(resolve));
    expect(readAll(path, 1)).toHaveLength(1);
    await journal.close();
  });

  it('has what was told before it in front of what is about to be submitted, at once', async () => {
    const path = join(makeTempDir(), 'journal');
    const journal = makeJournal(path, 2);
    journal.notify(change(0, 'passed', { atMs: 5 }));
    void journal.recordIntent('local', [{ job: 1, attempt: 1 }], 6);
    expect(readAll(path, 2).map(({ kind }) => kind)).toEqual(['event', 'intent']);
    await journal.close();
  });

  it('is not begun over another one', async () => {
    const path = join(makeTempDir(), 'journal');
    await makeJournal(path, 1).close();
    expect(() => makeJournal(path, 1)).toThrow(/EEXIST/);
  });
});
