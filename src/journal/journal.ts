// Writes the journal of a run. Knows nothing of what a run is taken up from (record-state.ts does).
//
// Entries are written, in order, at the latest when the turn of the event loop ends, and always before a submission or a kill that
// they announce: so the end of this process loses nothing that others could have seen. Against the end of the machine they are
// synced as the durability asks. Both orders can be recovered from because an end that is not on record is never believed: its
// job is adopted, or runs again.
import { closeSync, fdatasync, fstatSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import type { AttemptId } from '../model/backend.js';
import type { RunEvent } from '../model/run-event.js';
import type { RunRecorder } from '../model/run-recorder.js';
import { messageOf } from '../util/message-of.js';
import { sealLine } from '../util/sealed-line.js';
import { syncDirectory } from '../util/sync-directory.js';
import {
  intentRecord,
  JOURNAL_FORMAT,
  JOURNAL_VERSION,
  toRecord,
  type JournalHeader,
  type JournalRecord,
} from './journal-format.js';

/**
 * When what is written is forced onto the disk: `batch`, together, at most 100 ms after the first of it; `each`, before anything is submitted
 * that comes after it; `off`, when the system likes.
 */
export const DURABILITIES = ['batch', 'each', 'off'] as const;
export type Durability = (typeof DURABILITIES)[number];

/** Longest time for which written entries wait for others to be synced together. Leaves the disk as long for the sync. */
const BATCH_MS = 50;

/** Settings of a {@link Journal}. */
export interface JournalOptions {
  readonly path: string;
  readonly durability: Durability;
  /** Backends whose jobs may outlive this machine: what is submitted to them is synced first, unless durability is `off`. */
  readonly remoteBackends?: ReadonlySet<string>;
  /** Called once, when the journal cannot be written any more: the run must be stopped. Receives one line. */
  readonly onFailure: (message: string) => void;
}

/** The run that a new journal is of. */
export interface JournaledRun {
  readonly runId: string;
  /** How many jobs it has. */
  readonly jobs: number;
  /** SHA-256 of the file that they are kept in, in hexadecimal. */
  readonly jobsDigest: string;
}

/** See the head of the file. */
export class Journal implements RunRecorder {
  readonly name = 'journal';
  readonly #options: JournalOptions;
  readonly #file: number;
  /** Encoded records that are not written yet. */
  #pending: string[] = [];
  /** Jobs of one time that became ready, or ran, one after another; one record for all of them. */
  #group: { readonly at: number; readonly do: 'queue' | 'run'; readonly jobs: number[] } | null = null;
  #isFlushPlanned = false;
  /** Something was written since the last sync began. */
  #isUnsynced = false;
  #syncing: Promise<void> | null = null;
  #timer: NodeJS.Timeout | null = null;
  #failure: Error | null = null;

  private constructor(options: JournalOptions, file: number) {
    this.#options = options;
    this.#file = file;
  }

  /**
   * Begins the journal of a new run.
   * @throws the system's error when there is one already, or it cannot be written.
   */
  static create(options: JournalOptions, run: JournaledRun): Journal {
    const journal = new Journal(options, openSync(options.path, 'wx'));
    const header: JournalHeader = {
      schema: `${JOURNAL_FORMAT}/${JOURNAL_VERSION}`,
      run_id: run.runId,
      jobs: run.jobs,
      jobs_sha256: run.jobsDigest,
    };
    journal.#write(`${JSON.stringify(header)}\n`);
    // What is in the file is worth nothing without its name, and that of the files beside it.
    if (options.durability !== 'off') syncDirectory(dirname(options.path));
    return journal;
  }

  /**
   * Goes on with the journal of an interrupted run.
   * @param validBytes - Where its last whole record ends; what follows is cut off.
   * @throws the system's error when it cannot be written.
   */
  static reopen(options: JournalOptions, validBytes: number): Journal {
    const file = openSync(options.path, 'a');
    if (fstatSync(file).size > validBytes) ftruncateSync(file, validBytes);
    return new Journal(options, file);
  }

  readonly notify = (event: RunEvent): void => {
    if (this.#failure !== null) return;
    this.#add(toRecord(event));
    if (this.#isFlushPlanned) return;
    this.#isFlushPlanned = true;
    setImmediate(() => {
      this.#isFlushPlanned = false;
      this.flush();
    });
  };

  readonly recordIntent = (
    backend: string,
    attempts: readonly AttemptId[],
    atMs: number,
  ): void | Promise<void> => {
    this.#add(intentRecord(backend, attempts, atMs));
    this.flush();
    if (this.#failure !== null) throw this.#failure;
    const { durability, remoteBackends } = this.#options;
    if (durability === 'each' || (durability === 'batch' && remoteBackends?.has(backend) === true))
      return this.#sync();
  };

  readonly flush = (): void => {
    this.#closeGroup();
    if (this.#pending.length === 0) return;
    const text = this.#pending.join('');
    this.#pending = [];
    if (this.#failure !== null) return;
    try {
      this.#write(text);
    } catch (error) {
      this.#fail(error);
    }
  };

  /** Writes and syncs what is left. What goes wrong is told as any failure. */
  readonly close = async (): Promise<void> => {
    this.flush();
    clearTimeout(this.#timer ?? undefined);
    this.#timer = null;
    if (this.#options.durability !== 'off') await this.#sync().catch(() => undefined);
    closeSync(this.#file);
  };

  #add(record: JournalRecord): void {
    if (record.do !== 'queue' && record.do !== 'run') {
      this.#closeGroup();
      this.#pending.push(sealLine(record));
    } else if (this.#group?.at === record.at && this.#group.do === record.do) {
      this.#group.jobs.push(...record.jobs);
    } else {
      this.#closeGroup();
      this.#group = { at: record.at, do: record.do, jobs: [...record.jobs] };
    }
  }

  #closeGroup(): void {
    if (this.#group === null) return;
    this.#pending.push(sealLine(this.#group));
    this.#group = null;
  }

  #write(text: string): void {
    // What is written to a file without a name is on no record.
    if (fstatSync(this.#file).nlink === 0) throw new Error('it was removed');
    const bytes = Buffer.from(text);
    for (let done = 0; done < bytes.length;) done += writeSync(this.#file, bytes, done);
    this.#isUnsynced = true;
    if (this.#options.durability !== 'batch' || this.#timer !== null) return;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.#sync().catch(() => undefined);
    }, BATCH_MS);
  }

  /** Resolves when all that was written before is on the disk; those who wait together share one sync. */
  async #sync(): Promise<void> {
    // What was written while a sync was under way may have missed it.
    while (this.#syncing !== null) await this.#syncing;
    if (this.#failure !== null) throw this.#failure;
    if (!this.#isUnsynced) return;
    this.#isUnsynced = false;
    this.#syncing = new Promise<void>((resolve, reject) => {
      fdatasync(this.#file, (error) => {
        this.#syncing = null;
        if (error === null) resolve();
        else reject(error);
      });
    }).catch((error: unknown) => {
      this.#fail(error);
      throw error;
    });
    await this.#syncing;
  }

  #fail(error: unknown): void {
    if (this.#failure !== null) return;
    this.#failure = new Error(`cannot write the journal ${this.#options.path}: ${messageOf(error)}`, {
      cause: error,
    });
    this.#options.onFailure(this.#failure.message);
  }
}
