// Reads a journal back, record by record, from a file of any size. Knows nothing of what the entries mean.
import { closeSync, openSync, readSync } from 'node:fs';
import { UserError } from '../model/problem.js';
import { messageOf } from '../util/message-of.js';
import { READ_AT_ONCE } from '../util/read-at-once.js';
import { openSealedLine } from '../util/sealed-line.js';
import type { JournalEntry } from './entry.js';
import {
  EntryDecoder,
  JOURNAL_FORMAT,
  JOURNAL_VERSION,
  type JournalHeader,
  type JournalRecord,
} from './journal-format.js';

const CHUNK_BYTES = 1 << 20;
const NEWLINE = 0x0a;

/** Where a journal ends. */
export interface JournalEnd {
  /** Bytes up to the end of the last whole record. */
  readonly validBytes: number;
  /** Bytes of a record that was being written when its writer, or the machine, died. */
  readonly tornBytes: number;
  /** SHA-256 of the job list that it was begun with. */
  readonly jobsDigest: string;
}

/**
 * Reads the entries of a journal, in order.
 *
 * @param expected - The run it must belong to, and how many jobs that has.
 * @returns (by `return` of the generator) where the journal ends.
 * @throws UserError when it cannot be read, is of another run, of a newer version, or damaged before its end.
 */
export function* readJournal(
  path: string,
  expected: { readonly runId: string; readonly jobs: number },
): Generator<JournalEntry, JournalEnd> {
  const decoder = new EntryDecoder(expected.jobs);
  let validBytes = 0;
  let jobsDigest = '';
  let bad: { readonly line: number; readonly bytes: number; readonly why: string } | null = null;
  let tornBytes = 0;
  let lineNumber = 0;
  for (const { text, bytes, isWhole } of readLines(path)) {
    lineNumber++;
    if (lineNumber === 1) {
      if (!isWhole) break;
      jobsDigest = readHeader(path, text, expected).jobs_sha256;
      validBytes += bytes;
      continue;
    }
    let entries: readonly JournalEntry[] | null = null;
    let why = 'not a whole line';
    if (isWhole) {
      try {
        entries = [...decoder.decode(openSealedLine(text) as JournalRecord)];
      } catch (error) {
        why = messageOf(error);
      }
    }
    if (entries === null) {
      bad ??= { line: lineNumber, bytes, why };
      tornBytes += bytes;
    } else if (bad !== null) {
      // What a torn write leaves has nothing after it. This is something else, and what it hid is lost.
      throw damaged(path, bad.line, bad.why);
    } else {
      validBytes += bytes;
      yield* entries;
    }
  }
  if (validBytes === 0) throw unbegun(path);
  return { validBytes, tornBytes, jobsDigest };
}

function readHeader(
  path: string,
  text: string,
  expected: { readonly runId: string; readonly jobs: number },
): JournalHeader {
  let header: Partial<JournalHeader> | null;
  try {
    header = JSON.parse(text) as typeof header;
  } catch {
    throw foreign(path);
  }
  const [format, version] = typeof header?.schema === 'string' ? header.schema.split('/') : [];
  if (format !== JOURNAL_FORMAT || !/^\d+$/.test(version ?? '')) throw foreign(path);
  if (Number(version) !== JOURNAL_VERSION) {
    throw new UserError({
      code: 'journal-version',
      message: `${path} has format version ${version ?? ''}; this Regatta reads version ${JOURNAL_VERSION}`,
      hint: 'go on with the Regatta that began the run, or a newer one',
    });
  }
  const { schema = '', run_id: runId, jobs, jobs_sha256 } = header ?? {};
  if (typeof runId !== 'string' || typeof jobs !== 'number' || typeof jobs_sha256 !== 'string')
    throw foreign(path);
  if (runId !== expected.runId || jobs !== expected.jobs) {
    throw new UserError({
      code: 'journal-foreign',
      message:
        `${path} is the journal of run ${runId} with ${jobs} jobs, ` +
        `not of run ${expected.runId} with ${expected.jobs}`,
      hint: 'files of different runs have been mixed; restore the run directory',
    });
  }
  return { schema, run_id: runId, jobs, jobs_sha256 };
}

function unbegun(path: string): UserError {
  return new UserError({
    code: 'no-journal',
    message: `the run had not begun when its process died: ${path} has no whole record`,
    hint: 'nothing was started; start a new run',
  });
}

function foreign(path: string): UserError {
  return new UserError({
    code: 'journal-foreign',
    message: `${path} is not a journal of Regatta`,
    hint: 'the run directory holds a file of something else; restore it, or start a new run',
  });
}

function damaged(path: string, line: number, why: string): UserError {
  return new UserError({
    code: 'journal-damaged',
    message: `the journal is damaged: ${why}`,
    origin: { file: path, line },
    hint: 'it was changed by something else than Regatta; restore it, or start a new run',
  });
}

/** What reading gives. @throws UserError for an error of the system. */
function orRefuse<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new UserError(
      { code: 'unreadable-journal', message: `cannot read the journal ${path}: ${messageOf(error)}` },
      { cause: error },
    );
  }
}

interface Line {
  readonly text: string;
  /** With its newline. */
  readonly bytes: number;
  /** Whether it ends in a newline. */
  readonly isWhole: boolean;
}

function* readLines(path: string): Generator<Line> {
  const file = orRefuse(path, () => openSync(path, READ_AT_ONCE));
  try {
    const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
    const readChunk = (): number => orRefuse(path, () => readSync(file, chunk));
    let rest: Buffer[] = [];
    for (let size = readChunk(); size > 0; size = readChunk()) {
      let from = 0;
      for (let at = chunk.indexOf(NEWLINE); at !== -1 && at < size; at = chunk.indexOf(NEWLINE, from)) {
        if (rest.length === 0) {
          yield { text: chunk.toString('utf8', from, at), bytes: at - from + 1, isWhole: true };
        } else {
          const line = Buffer.concat([...rest, chunk.subarray(from, at)]);
          rest = [];
          yield { text: line.toString('utf8'), bytes: line.length + 1, isWhole: true };
        }
        from = at + 1;
      }
      if (from < size) rest.push(Buffer.from(chunk.subarray(from, size)));
    }
    const last = Buffer.concat(rest);
    if (last.length > 0) yield { text: last.toString('utf8'), bytes: last.length, isWhole: false };
  } finally {
    closeSync(file);
  }
}
