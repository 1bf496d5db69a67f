// Opens the file of a history, and speaks SQL to it. The one place that knows the database's library; knows no table.
import { closeSync, constants, openSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import type Database from 'libsql';
import { messageOf } from '../../util/message-of.js';
import { APPLICATION_ID, CREATE_TABLES, HISTORY_VERSION } from './schema.js';

/** What a column may hold. */
export type Value = string | number | null;

/** Most values bound to one statement. */
const MAX_BOUND = 3000;

/** A history, or why there is none; in one line that names the file. */
export type OpenedHistory =
  | { readonly kind: 'open'; readonly history: HistoryFile }
  | { readonly kind: 'unavailable'; readonly message: string };

/** Adds rows to a table, many with each statement. */
export interface Inserter {
  readonly add: (...row: readonly Value[]) => void;
  readonly flush: () => void;
}

/** How to open a history. */
export interface HistoryOptions {
  /** How long to wait for another process that writes, in milliseconds. */
  readonly timeoutMs: number;
}

/** Opens the history at `path`; a new or empty file becomes one. Its directory must exist. Never rejects. */
export async function openHistory(path: string, options: HistoryOptions): Promise<OpenedHistory> {
  let file: HistoryFile | undefined;
  try {
    if (isSpecial(path)) return { kind: 'unavailable', message: `the history ${path} is no regular file` };
    // Loaded here, so that a command without a history does not pay for it.
    const { default: open } = await import('libsql');
    // Whole: the library takes `:memory:`, `file:...` and addresses of servers for no file.
    file = new HistoryFile(new open(resolve(path), { timeout: options.timeoutMs }));
    const problem = prepareTables(file);
    if (problem === null) return { kind: 'open', history: file };
    file.close();
    return { kind: 'unavailable', message: `the history ${path} ${problem}` };
  } catch (error) {
    file?.close();
    return {
      kind: 'unavailable',
      message: wordFailure(path, file === undefined ? findCause(path, error) : error),
    };
  }
}

/** A pipe or device: the library would leave a journal beside it before it fails. */
function isSpecial(path: string): boolean {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats !== undefined && !stats.isFile() && !stats.isDirectory();
}

/** Of a file that can neither be opened nor made the library gives no more than a number; the system says why. */
function findCause(path: string, failure: unknown): unknown {
  const { O_WRONLY, O_CREAT, O_NONBLOCK } = constants;
  try {
    closeSync(openSync(path, O_WRONLY | O_CREAT | O_NONBLOCK));
    return failure;
  } catch (cause) {
    return cause;
  }
}

/** What keeps a database from being a history we can use; null when it can. */
function prepareTables(file: HistoryFile): string | null {
  // Only a new file is written to, so that who only asks waits for no writer; another process may have been first.
  if (isEmpty(file)) file.write(() => isEmpty(file) && file.execute(CREATE_TABLES));
  const version = Number(file.read('PRAGMA user_version')[0]?.[0]);
  const owner = Number(file.read('PRAGMA application_id')[0]?.[0]);
  if (owner !== APPLICATION_ID) return 'is a database of something else';
  if (version > HISTORY_VERSION) return `was written by a newer Regatta (version ${version} of its tables)`;
  return null;
}

function isEmpty(file: HistoryFile): boolean {
  return file.read('SELECT 1 FROM sqlite_schema LIMIT 1').length === 0;
}

/** Words a failure of the database; `path` is in them. */
export function wordFailure(path: string, error: unknown): string {
  const { code } = error as { readonly code?: string };
  if (code === 'SQLITE_BUSY') return `the history ${path} is in use by another process`;
  if (code === 'SQLITE_NOTADB' || code === 'SQLITE_CORRUPT')
    return `the history ${path} is no database, or damaged`;
  return `the history ${path} cannot be used: ${messageOf(error)}`;
}

/** An open history. Its methods throw what the database says. */
export class HistoryFile {
  readonly #database: Database.Database;

  constructor(database: Database.Database) {
    this.#database = database;
  }

  /** Rows as arrays of columns. */
  read(sql: string, ...values: readonly Value[]): Value[][] {
    return this.#database
      .prepare(sql)
      .raw()
      .all(...values) as Value[][];
  }

  /** The same, one by one: of many rows no more than one is held. The history must not be changed meanwhile. */
  each(sql: string): IterableIterator<Value[]> {
    return this.#database.prepare(sql).raw().iterate() as IterableIterator<Value[]>;
  }

  /** Runs one statement. */
  change(sql: string, ...values: readonly Value[]): void {
    this.#database.prepare(sql).run(...values);
  }

  /** Runs statements that take no values. */
  execute(sql: string): void {
    this.#database.exec(sql);
  }

  /** Gathers rows of `width` columns for a table; what was added is there after `flush`. */
  inserter(table: string, width: number): Inserter {
    const height = Math.floor(MAX_BOUND / width);
    const tuple = `(${Array(width).fill('?').join(',')})`;
    const prepare = (rows: number): Database.Statement =>
      this.#database.prepare(`INSERT INTO ${table} VALUES ${Array(rows).fill(tuple).join(',')}`);
    let full: Database.Statement | null = null;
    let values: Value[] = [];
    const flush = (): void => {
      const rows = values.length / width;
      if (rows === 0) return;
      const statement = rows === height ? (full ??= prepare(height)) : prepare(rows);
      // As one argument: the library takes three times as long over many.
      statement.run(values);
      values = [];
    };
    return {
      add: (...row) => {
        values.push(...row);
        if (values.length === height * width) flush();
      },
      flush,
    };
  }

  /** All of `work` is written, or, when it throws, nothing. No other process writes meanwhile. */
  write<T>(work: () => T): T {
    this.#database.exec('BEGIN IMMEDIATE');
    try {
      const result = work();
      this.#database.exec('COMMIT');
      return result;
    } catch (error) {
      if (this.#database.inTransaction) this.#database.exec('ROLLBACK');
      throw error;
    }
  }

  close(): void {
    this.#database.close();
  }
}
