// The files of a batch backend: what each array holds, its script, its tasks. Written before an array is submitted, so that whoever
// comes after a crash knows what may be in the queue. Knows no engine's words.
//
//     <directory>/environment-<n>     umask and variables of every task; <n>: first array of the process that wrote it
//     <directory>/arrays/<n>/index.json   {"schema":"regatta.array/1","name":...,"jobs":[[job,attempt],...]}: task 1, task 2, ...
//     <directory>/arrays/<n>/script       what the engine starts, once a task
//     <directory>/arrays/<n>/<task>       the task's own part
//     <directory>/arrays/<n>/<task>.cmd   its command, where that is too long for the part
//     <directory>/arrays/<n>/id           the engine's id, once it is known
//     <directory>/arrays/<n>/revoked      its tasks must not start any more
//     <directory>/spool/                  see spool.ts
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { join } from 'node:path';
import type { AttemptId, Submission } from '../../model/backend.js';
import { makeDirectories } from '../../util/make-directories.js';
import { codeOf } from '../scratch/system-error.js';
import { formatEnvironment, formatScript, formatTask, needsCommandFile } from './task-files.js';

const SCHEMA = 'regatta.array/1';

/** For us alone: environments hold secrets. */
const PRIVATE = 0o600;

/** Tasks written before others get their turn. */
const TASKS_AT_ONCE = 100;

/** An array as an earlier process of the run left it. */
export interface StoredArray {
  readonly number: number;
  readonly name: string;
  /** Null: it is not known whether the engine has it. */
  readonly id: string | null;
  /** What its tasks are, task 1 first. */
  readonly jobs: readonly AttemptId[];
  /** When it was written, in Unix milliseconds; it was submitted after. */
  readonly writtenAtMs: number;
}

/** What the files of a run depend on. */
export interface StoreFacts {
  readonly directory: string;
  readonly environment: Readonly<Record<string, string>>;
  /** What new files of jobs are not allowed; engines have masks of their own. */
  readonly umask: number;
  /** Variables that the engine sets itself. */
  readonly ownVariables: RegExp;
  readonly taskVariable: string;
}

/** Files of one run on one backend. */
export class ArrayStore {
  readonly #facts: StoreFacts;
  #last = 0;
  #environmentFile = '';

  constructor(facts: StoreFacts) {
    this.#facts = facts;
  }

  /** Whether an array was ever written, by this process or an earlier one. */
  get isUsed(): boolean {
    return this.#last > 0;
  }

  /** Makes the directory, or takes up what an earlier process left. @throws Error of the file system. */
  open(): void {
    const { directory, environment, umask, ownVariables } = this.#facts;
    makeDirectories(join(directory, 'arrays'));
    this.#last = Math.max(0, ...this.#numbers());
    this.#environmentFile = `environment-${this.#last + 1}`;
    const variables = formatEnvironment(environment, (name) => ownVariables.test(name));
    const text = `umask 0${umask.toString(8)}\n${variables}`;
    writeFileSync(join(directory, this.#environmentFile), text, { mode: PRIVATE });
  }

  pathOf(array: number): string {
    return join(this.#facts.directory, 'arrays', String(array));
  }

  scriptOf(array: number): string {
    return join(this.pathOf(array), 'script');
  }

  /** Number of the next array. */
  next(): number {
    return ++this.#last;
  }

  /** Writes all of an array; the index comes last and is on the disk when this resolves. @throws Error of the file system. */
  async write(array: number, name: string, tasks: readonly Submission[]): Promise<void> {
    const { directory, taskVariable } = this.#facts;
    const path = this.pathOf(array);
    mkdirSync(path);
    const facts = { directory, array, taskVariable, environmentFile: this.#environmentFile };
    writeFileSync(this.scriptOf(array), formatScript(facts), { mode: 0o755 });
    for (const [i, { spec }] of tasks.entries()) {
      const taskFile = join(path, String(i + 1));
      const commandFile = needsCommandFile(spec) ? `${taskFile}.cmd` : null;
      if (commandFile !== null) writeFileSync(commandFile, spec.cmd, { mode: PRIVATE });
      writeFileSync(taskFile, formatTask(spec, commandFile), { mode: PRIVATE });
      if (i % TASKS_AT_ONCE === TASKS_AT_ONCE - 1) await nextTurn();
    }
    const jobs = tasks.map(({ job, attempt }) => [job, attempt]);
    await writeDurably(join(path, 'index.json'), JSON.stringify({ schema: SCHEMA, name, jobs }));
  }

  /** Writes a file of the engine's own beside an array. */
  writeFile(array: number, name: string, text: string): void {
    writeFileSync(join(this.pathOf(array), name), text);
  }

  /** Saves whoever comes after a crash a look for the name; where the disk is full, they have to look. */
  noteId(array: number, id: string): void {
    try {
      this.writeFile(array, 'id', id);
    } catch {
      // The array is in the queue all the same.
    }
  }

  /** From here on no task of the array starts its job. */
  revoke(array: number): void {
    this.writeFile(array, 'revoked', '');
  }

  isRevoked(array: number): boolean {
    return existsSync(join(this.pathOf(array), 'revoked'));
  }

  /** Removes an array of which nothing is, or can come to be, in the queue. */
  async discard(array: number): Promise<void> {
    await rm(this.pathOf(array), { recursive: true, force: true });
  }

  /** Arrays with a complete index; one without was never submitted. */
  readAll(): readonly StoredArray[] {
    return this.#numbers().flatMap((number) => this.#read(number) ?? []);
  }

  /** Removes everything. */
  async removeAll(): Promise<void> {
    await rm(this.#facts.directory, { recursive: true, force: true });
  }

  /** Removes what may hold secrets, where the rest has to stay. */
  removeEnvironment(): void {
    rmSync(join(this.#facts.directory, this.#environmentFile), { force: true });
  }

  #numbers(): readonly number[] {
    return readdirSync(join(this.#facts.directory, 'arrays'))
      .filter((name) => /^\d+$/.test(name))
      .map(Number);
  }

  #read(number: number): StoredArray | null {
    const path = this.pathOf(number);
    const index = readIfThere(join(path, 'index.json'));
    if (index === null) return null;
    const { schema, name, jobs } = JSON.parse(index) as {
      schema: string;
      name: string;
      jobs: readonly (readonly [number, number])[];
    };
    if (schema !== SCHEMA) throw new Error(`${join(path, 'index.json')} is of another version: ${schema}`);
    return {
      number,
      name,
      id: readIfThere(join(path, 'id')),
      jobs: jobs.map(([job, attempt]) => ({ job, attempt })),
      writtenAtMs: statSync(join(path, 'index.json')).mtimeMs,
    };
  }
}

function readIfThere(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw error;
  }
}

/** A reader finds all of it or nothing, also after a power cut. */
async function writeDurably(path: string, text: string): Promise<void> {
  const fresh = `${path}.new`;
  const file = await open(fresh, 'w');
  try {
    await file.writeFile(text);
    await file.datasync();
  } finally {
    await file.close();
  }
  await rename(fresh, path);
}
