// The directory where tasks leave their records: watched where the system tells of changes, looked into where not. Knows no job.
import {
  closeSync,
  fstatSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  watch,
  type FSWatcher,
} from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../../model/clock.js';
import { makeDirectories } from '../../util/make-directories.js';
import { codeOf, describeCode } from '../scratch/system-error.js';
import { parseSpoolRecord, type SpoolRecord } from './spool-record.js';

/** A task by the number of its array and its own. */
export interface TaskPlace {
  readonly array: number;
  readonly task: number;
}

/** What a look at the spool found: tasks with a record, and whether it is complete. */
export interface SpoolSight extends TaskPlace {
  readonly isComplete: boolean;
}

/** What a {@link Spool} tells. */
export interface SpoolListener {
  /** Records came, or were completed. Told at most once for each of both, unless a record is there when it is looked for. */
  readonly onSights: (sights: readonly SpoolSight[]) => void;
  /** Told, in one line, of a directory that cannot be read. */
  readonly warn: (message: string) => void;
}

/** Records that were dealt with are set aside here, so that a look costs what is under way and not what has been. */
const ASIDE = 'done';

/** One spool directory. */
export class Spool {
  readonly #path: string;
  readonly #listener: SpoolListener;
  /** Records under way that were told of. */
  readonly #known = new Set<string>();
  #watcher: FSWatcher | null = null;
  #changed: Set<string> | null = null;
  #isBlind = false;
  #hasWarned = false;

  constructor(path: string, listener: SpoolListener) {
    this.#path = path;
    this.#listener = listener;
  }

  /** Whether changes come unannounced, as those of other machines on NFS do. */
  get isBlind(): boolean {
    return this.#isBlind;
  }

  open(): void {
    makeDirectories(join(this.#path, ASIDE));
    try {
      this.#watcher = watch(this.#path, (_, name) => {
        if (name !== null) this.#noteChange(name);
      });
      this.#watcher.on('error', () => {
        this.#loseSight();
      });
    } catch {
      // No watches left, or none on this file system: looking does as well.
      this.#loseSight();
    }
  }

  close(): void {
    this.#watcher?.close();
    this.#watcher = null;
  }

  /** Looks for what came unannounced. */
  look(): void {
    const sights = this.#list().flatMap((name) => this.#sight(name) ?? []);
    if (sights.length === 0) return;
    this.#isBlind ||= this.#changed === null;
    this.#listener.onSights(sights);
  }

  /** The record of a task; null: there is none. */
  read({ array, task }: TaskPlace): { readonly record: SpoolRecord; readonly isComplete: boolean } | null {
    const stem = `${array}-${task}`;
    for (const name of [`${stem}.end`, join(ASIDE, `${stem}.end`), `${stem}.run`]) {
      const text = this.#readFile(name);
      if (text !== null) return { record: parseSpoolRecord(text), isComplete: name.endsWith('.end') };
    }
    return null;
  }

  /** Whether a task says that its job runs, or ran. */
  isLaunched(place: TaskPlace): boolean {
    return this.read(place)?.record.isLaunched === true;
  }

  /**
   * When records last changed, in milliseconds of a clock: their age is told by the clock of the file server, which is nobody's here.
   * @returns Reads the time of any record; null where it cannot be told.
   */
  readTimes(clock: Clock): (place: TaskPlace) => number | null {
    const servedMs = this.#askServerForTime();
    const nowMs = clock.now();
    return ({ array, task }) => {
      if (servedMs === null) return null;
      const stem = join(this.#path, `${array}-${task}`);
      for (const path of [`${stem}.end`, `${stem}.run`]) {
        const stats = statSync(path, { throwIfNoEntry: false });
        if (stats !== undefined) return nowMs - Math.max(0, servedMs - stats.mtimeMs);
      }
      return null;
    };
  }

  /** Has a file server show what other machines have written: to change a directory is to learn its state. */
  refresh(): void {
    this.#askServerForTime();
  }

  /** Puts away a complete record that was dealt with. */
  setAside({ array, task }: TaskPlace): void {
    const name = `${array}-${task}`;
    this.#known.delete(`${name}.run`);
    try {
      renameSync(join(this.#path, `${name}.end`), join(this.#path, ASIDE, `${name}.end`));
    } catch (error) {
      // Without a record, or with one put away by an earlier process, there is nothing to do.
      if (codeOf(error) !== 'ENOENT') this.#warnOnce('write to', error);
    }
  }

  /** Whether any task of an array left a record. */
  hasRecordsOf(array: number): boolean {
    const prefix = `${array}-`;
    return [...this.#list(), ...this.#list(ASIDE)].some((name) => name.startsWith(prefix));
  }

  /** Makes a file, and says when that was; null: none could be made. */
  #askServerForTime(): number | null {
    const path = join(this.#path, 'look');
    try {
      const file = openSync(path, 'w');
      const { mtimeMs } = fstatSync(file);
      closeSync(file);
      rmSync(path, { force: true });
      return mtimeMs;
    } catch (error) {
      this.#warnOnce('write to', error);
      return null;
    }
  }

  #loseSight(): void {
    this.#isBlind = true;
    this.#watcher?.close();
    this.#watcher = null;
  }

  /** Changes come in flurries; they are told of together. */
  #noteChange(name: string): void {
    if (this.#changed !== null) {
      this.#changed.add(name);
      return;
    }
    this.#changed = new Set([name]);
    setImmediate(() => {
      const names = [...(this.#changed ?? [])];
      this.#changed = null;
      if (this.#watcher === null) return;
      const sights = names.flatMap((one) => this.#sight(one) ?? []);
      if (sights.length > 0) this.#listener.onSights(sights);
    });
  }

  #sight(name: string): SpoolSight | null {
    const [, array, task, kind] = /^(\d+)-(\d+)\.(run|end)$/.exec(name) ?? [];
    if (kind === undefined) return null;
    const isComplete = kind === 'end';
    if (!isComplete && this.#known.has(name)) return null;
    if (!isComplete) this.#known.add(name);
    return { array: Number(array), task: Number(task), isComplete };
  }

  #list(below = ''): readonly string[] {
    try {
      return readdirSync(join(this.#path, below));
    } catch (error) {
      this.#warnOnce('read', error);
      return [];
    }
  }

  #readFile(name: string): string | null {
    try {
      return readFileSync(join(this.#path, name), 'utf8');
    } catch (error) {
      if (codeOf(error) !== 'ENOENT') this.#warnOnce('read', error);
      return null;
    }
  }

  #warnOnce(doing: string, error: unknown): void {
    if (this.#hasWarned) return;
    this.#hasWarned = true;
    this.#listener.warn(
      `cannot ${doing} ${this.#path}, where tasks leave their exit status: ${describeCode(codeOf(error))}`,
    );
  }
}
