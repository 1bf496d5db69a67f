// Reading a journal that was cut off, damaged, or is not the one that is looked for.
import fc from 'fast-check';
import { appendFileSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Journal, readJournal, type JournalEnd, type JournalEntry } from '../../src/journal/index.js';
import { UserError, type Problem } from '../../src/model/problem.js';
import { sealLine } from '../../src/util/sealed-line.js';
import { makeTempDir } from '../support/temp-dir.js';
import { eventsOfRun, JOBS } from './drawn-events.js';
import { change, DIGEST, journalOptions, makeJournal, RUN } from './journal-fixture.js';

interface Reading {
  readonly entries: readonly JournalEntry[];
  readonly end: JournalEnd;
}

function read(path: string, jobs = JOBS, runId = RUN): Reading {
  const entries: JournalEntry[] = [];
  const reader = readJournal(path, { runId, jobs });
  for (let next = reader.next(); ; next = reader.next()) {
    if (next.done === true) return { entries, end: next.value };
    entries.push(next.value);
  }
}

/** What is wrong with a journal, which something must be. */
function readProblem(path: string, jobs = JOBS, runId = RUN): Problem {
  try {
    read(path, jobs, runId);
  } catch (error) {
    if (error instanceof UserError && error.problems.length === 1) return error.problems[0] as Problem;
    throw error;
  }
  throw new Error('nothing is wrong with it');
}

/** The first line of a journal. */
function headOf(runId: string, jobs: number): string {
  return `{"schema":"regatta.journal/1","run_id":"${runId}","jobs":${jobs},"jobs_sha256":"${DIGEST}"}\n`;
}

/** A record as a line, without its newline. */
function sealed(record: object): string {
  return sealLine(record).trimEnd();
}

/** A journal with a few records, as text. */
async function writeSample(path: string): Promise<string> {
  const journal = makeJournal(path, JOBS);
  journal.notify(change(0, 'queued', { atMs: 1 }));
  await journal.recordIntent('local', [{ job: 0, attempt: 1 }], 2);
  journal.notify(change(0, 'running', { atMs: 3, from: 'queued', attempts: 1 }));
  journal.notify(
    change(0, 'failed', {
      atMs: 4,
      from: 'running',
      attempts: 1,
      reason: { kind: 'exit-code', exitCode: 1, context: ['Zeile mit Ümlaut', '\u{1f4a5}'] },
    }),
  );
  journal.notify({ kind: 'run-ended', atMs: 5, stop: null });
  await journal.close();
  return readFileSync(path, 'utf8');
}

describe('a journal that breaks off', () => {
  it('reads up to its last whole record, wherever it is cut', async () => {
    const dir = makeTempDir();
    const path = join(dir, 'journal');
    const bytes = Buffer.from(await writeSample(path));
    const whole = read(path).entries;
    const headerBytes = bytes.indexOf('\n') + 1;
    for (let size = headerBytes; size <= bytes.length; size++) {
      const part = bytes.subarray(0, size);
      writeFileSync(path, part);
      const { entries, end } = read(path);
      const validBytes = part.lastIndexOf('\n') + 1;
      expect(end).toEqual({ validBytes, tornBytes: size - validBytes, jobsDigest: DIGEST });
      const records = part.subarray(0, validBytes).toString().trimEnd().split('\n').length - 1;
      expect(entries).toEqual(whole.slice(0, records));
    }
  });

  it('goes on where it was cut: nothing of the torn record is left', async () => {
    const path = join(makeTempDir(), 'journal');
    await writeSample(path);
    truncateSync(path, readFileSync(path).length - 9);
    const { entries, end } = read(path);
    expect(end.tornBytes).toBeGreaterThan(0);
    const journal = Journal.reopen(journalOptions(path), end.validBytes);
    const resumed = {
      kind: 'run-resumed',
      atMs: 9,
      limits: { run: 1, backends: {}, resources: {} },
    } as const;
    journal.notify(resumed);
    await journal.close();
    expect(read(path)).toEqual({
      entries: [...entries, { kind: 'event', event: resumed }],
      end: { validBytes: readFileSync(path).length, tornBytes: 0, jobsDigest: DIGEST },
    });
  });

  it.each([
    ['NULs, as a file system leaves them', '\0'.repeat(4096)],
    ['NULs and a newline', `${'\0'.repeat(100)}\n`],
    ['half a character', Buffer.from('{"at":5,"do":"stall","x":"\u{1f4a5}').subarray(0, -2)],
    ['a whole record without its newline', '{"at":5,"do":"queue","jobs":[1]}'],
  ])('in %s', async (_, tail) => {
    const path = join(makeTempDir(), 'journal');
    const text = await writeSample(path);
    const { entries } = read(path);
    appendFileSync(path, tail);
    const sizes = { validBytes: Buffer.byteLength(text), tornBytes: Buffer.byteLength(tail) };
    expect(read(path)).toEqual({ entries, end: { ...sizes, jobsDigest: DIGEST } });
  });

  it('has records of any length, across the pieces in which it is read', async () => {
    const path = join(makeTempDir(), 'journal');
    const journal = makeJournal(path, JOBS);
    const events = [700_000, 400_000, 3_000_000, 10].map((length, at) =>
      change(at, 'failed', { atMs: at, reason: { kind: 'lost', message: 'ä'.repeat(length) } }),
    );
    for (const event of events) journal.notify(event);
    await journal.close();
    expect(read(path).entries).toEqual(events.map((event) => ({ kind: 'event', event })));
  });
});

describe('a damaged journal', () => {
  it.each([
    ['text that is no record', 'hello'],
    ['NULs', '\0\0\0\0'],
    ['half a record', '{"at":1,"do":"que'],
    ['nothing', ''],
    ['null', 'null'],
    ['a record without its sum', '{"at":1,"do":"queue","jobs":[1]}'],
    ['a record of no kind', sealed({ at: 1 })],
    ['a record of an unknown kind', sealed({ at: 1, do: 'frob' })],
    ['a record that lacks what it is about', sealed({ at: 1, do: 'queue' })],
    ['a record about a job that is not there', sealed({ at: 1, do: 'queue', jobs: [99] })],
    ['a record about half a job', sealed({ at: 1, do: 'end', job: 1.5, accepted: 1, status: 'passed' })],
  ])('with %s before its end is refused, with its line', async (_, line) => {
    const path = join(makeTempDir(), 'journal');
    const lines = (await writeSample(path)).split('\n');
    writeFileSync(path, lines.toSpliced(2, 0, line).join('\n'));
    expect(readProblem(path)).toMatchObject({
      code: 'journal-damaged',
      origin: { file: path, line: 3 },
      message: expect.stringMatching(/^the journal is damaged: ./) as string,
    });
  });

  it('is refused whatever bit of a record is another one, and cut off where that is the last', async () => {
    const path = join(makeTempDir(), 'journal');
    const bytes = Buffer.from(await writeSample(path));
    const whole = read(path).entries;
    const headerBytes = bytes.indexOf('\n') + 1;
    const lastAt = bytes.lastIndexOf('\n', bytes.length - 2);
    for (let at = headerBytes; at < bytes.length; at++) {
      for (let bit = 1; bit < 0x100; bit <<= 1) {
        const changed = Buffer.from(bytes);
        changed[at] = (bytes[at] ?? 0) ^ bit;
        writeFileSync(path, changed);
        // Without its newline, the record before the last is one with the last.
        if (at < lastAt) expect(readProblem(path).code).toBe('journal-damaged');
        else expect(read(path).entries).toEqual(whole.slice(0, at === lastAt ? -2 : -1));
      }
    }
  });

  it('tells what was written up to some place, or is refused, whatever bytes are changed', async () => {
    const path = join(makeTempDir(), 'journal');
    await fc.assert(
      fc.asyncProperty(
        eventsOfRun,
        fc.nat(),
        fc.uint8Array({ minLength: 1, maxLength: 8 }),
        async (events, at, noise) => {
          writeFileSync(path, headOf(RUN, JOBS));
          const headerBytes = readFileSync(path).length;
          const journal = Journal.reopen(journalOptions(path), headerBytes);
          for (const event of events) journal.notify(event);
          await journal.close();
          const { entries } = read(path);
          const bytes = readFileSync(path);
          const records = bytes.subarray(headerBytes);
          if (records.length > 0)
            records.set(noise.subarray(0, records.length - (at % records.length)), at % records.length);
          writeFileSync(path, bytes);
          try {
            const found = read(path).entries;
            expect(found).toEqual(entries.slice(0, found.length));
          } catch (error) {
            if (!(error instanceof UserError)) throw error;
          }
        },
      ),
      { numRuns: 200, seed: 20_261_124 },
    );
  });
});

describe('a journal that is not the one looked for', () => {
  it.each([
    ['a file of something else', 'PK\x03\x04 and so on\n', 'journal-foreign', /is not a journal of Regatta/],
    [
      'JSON of something else',
      '{"name":"regatta","version":"0.1.0"}\n',
      'journal-foreign',
      /is not a journal/,
    ],
    ['a list', '[]\n', 'journal-foreign', /is not a journal/],
    ['null', 'null\n', 'journal-foreign', /is not a journal/],
    [
      'a head without a run',
      '{"schema":"regatta.journal/1","jobs":5}\n',
      'journal-foreign',
      /is not a journal/,
    ],
    [
      'a head without a digest of the jobs',
      `{"schema":"regatta.journal/1","run_id":"${RUN}","jobs":5}\n`,
      'journal-foreign',
      /is not a journal/,
    ],
    ['another file of Regatta', '{"schema":"regatta.run/1"}\n', 'journal-foreign', /is not a journal/],
    [
      'a newer version',
      `{"schema":"regatta.journal/2","run_id":"${RUN}","jobs":5}\n{"at":1,"do":"new"}\n`,
      'journal-version',
      /has format version 2; this Regatta reads version 1$/,
    ],
    [
      'the journal of another run',
      headOf('other', 5),
      'journal-foreign',
      /is the journal of run other with 5 jobs, not of run /,
    ],
    ['a journal of other jobs', headOf(RUN, 6), 'journal-foreign', /with 6 jobs, not of run .* with 5$/],
  ])('%s', (_, ...[text, code, message]) => {
    const path = join(makeTempDir(), 'journal');
    writeFileSync(path, text);
    const problem = readProblem(path);
    expect(problem.code).toBe(code);
    expect(problem.message).toMatch(message);
    expect(problem.hint).toBeDefined();
  });

  it.each([
    ['an empty one', ''],
    ['one whose first record is torn', '{"schema":"regatta.jour'],
  ])('%s is that of a run that had not begun', (_, text) => {
    const path = join(makeTempDir(), 'journal');
    writeFileSync(path, text);
    expect(readProblem(path)).toMatchObject({
      code: 'no-journal',
      message: expect.stringContaining('had not begun') as string,
    });
  });

  it('one that is not there is said to be missing', () => {
    const path = join(makeTempDir(), 'journal');
    expect(() => read(path)).toThrow(/ENOENT/);
  });
});
