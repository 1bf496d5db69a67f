// A launcher's own record of its jobs, for a process that takes up a run whose own process is dead. Knows no launcher.
//
// Format: JSON lines, appended to by each launcher of a run. A last line without a newline is torn and does not count.
// `job` is the index of the job in the run.
//
//   {"schema":"regatta.ends/1","scope":...,"launcher":{...},"policy":"keep","cgroup":null}
//                                                      a launcher begins: who it is, and what it does when the run's process dies
//   {"job":3,"attempt":1,"scope":...,"pid":4711}       an attempt has started; with policy `keep` only
//   {"job":3,"attempt":1,"end":{...},"endedAtMs":...}  an attempt has ended; an EndReport
//   {"headless":true,"scope":...}                      the run's process is dead, and the launcher will start nothing more
import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import type { AttemptId, EndReport } from '../../model/backend.js';
import type { ProcessIdentity } from '../../util/process-identity.js';
import { READ_AT_ONCE } from '../../util/read-at-once.js';
import { codeOf, describeCode } from '../scratch/system-error.js';
import type { HeadDeathPolicy } from './launcher-messages.js';

const SCHEMA = 'regatta.ends/1';
const CHUNK_BYTES = 1 << 16;

/** A process that was started for an attempt. */
export interface StartedProcess extends AttemptId {
  /** Of its token. */
  readonly scope: string;
  readonly pid: number;
}

/** A launcher, as its spool tells. */
export interface SpooledLauncher {
  readonly scope: string;
  readonly identity: ProcessIdentity;
  readonly policy: HeadDeathPolicy;
  readonly cgroup: string | null;
  /** It knows that the run's process is dead. */
  isHeadless: boolean;
}

interface LauncherLine {
  readonly schema: string;
  readonly scope: string;
  readonly launcher: ProcessIdentity;
  readonly policy: HeadDeathPolicy;
  /** Control group of all that it starts; null: none. */
  readonly cgroup: string | null;
}

type Line = LauncherLine | StartedProcess | EndReport | { readonly headless: true; readonly scope: string };

/** Appends to a spool. A disk that fails is reported once, and is no job's fault. */
export class EndSpool {
  readonly #path: string;
  readonly #warn: (message: string) => void;
  readonly #file: number | null;

  readonly #scope: string;
  #hasFailed = false;

  /** @param scope - Of the tokens of the launcher's jobs. */
  constructor(path: string, scope: string, warn: (message: string) => void) {
    this.#path = path;
    this.#scope = scope;
    this.#warn = warn;
    this.#file = this.#try(() => openSync(path, 'a'));
  }

  /** Notes who writes from here on. */
  begin(writer: Omit<LauncherLine, 'schema' | 'scope'>): void {
    this.#write([{ schema: SCHEMA, scope: this.#scope, ...writer }]);
  }

  noteStarts(started: readonly (AttemptId & { readonly pid: number })[]): void {
    this.#write(started.map(({ job, attempt, pid }) => ({ job, attempt, scope: this.#scope, pid })));
  }

  noteEnds(reports: readonly EndReport[], endedAtMs: number): void {
    this.#write(reports.map((report) => ({ ...report, endedAtMs })));
  }

  noteHeadDeath(): void {
    this.#write([{ headless: true, scope: this.#scope }]);
  }

  #write(lines: readonly Line[]): void {
    if (this.#file === null || lines.length === 0) return;
    const file = this.#file;
    const text = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
    this.#try(() => writeSync(file, text));
  }

  #try<T>(act: () => T): T | null {
    try {
      return act();
    } catch (error) {
      if (!this.#hasFailed)
        this.#warn(`cannot write the ends of jobs to ${this.#path}: ${describeCode(codeOf(error))}`);
      this.#hasFailed = true;
      return null;
    }
  }
}

/** Reads a spool, again and again while it grows. */
export class EndSpoolReader {
  readonly path: string;
  #offset = 0;
  readonly #launchers: SpooledLauncher[] = [];
  readonly #started = new Map<string, StartedProcess>();
  readonly #ends = new Map<string, EndReport>();

  constructor(path: string) {
    this.path = path;
  }

  /** The launchers the run has had, oldest first. */
  get launchers(): readonly SpooledLauncher[] {
    return this.#launchers;
  }

  /** Process of an attempt that has started, as far as that is spooled. */
  processOf(id: AttemptId): StartedProcess | undefined {
    return this.#started.get(keyOf(id));
  }

  /** How an attempt ended, or undefined. */
  endOf(id: AttemptId): EndReport | undefined {
    return this.#ends.get(keyOf(id));
  }

  /** Takes in what was added since the last time. A spool that is not there, or not ours, has nothing in it. */
  read(): void {
    let text: string;
    try {
      text = readFrom(this.path, this.#offset);
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return;
      throw error;
    }
    const whole = text.slice(0, text.lastIndexOf('\n') + 1);
    this.#offset += Buffer.byteLength(whole);
    for (const line of whole.split('\n')) if (line !== '') this.#take(line);
  }

  #take(text: string): void {
    let line: Line;
    try {
      line = JSON.parse(text) as Line;
    } catch {
      // Torn by the death of its writer, and written after by the next.
      return;
    }
    if ('launcher' in line) {
      const { scope, launcher: identity, policy, cgroup } = line;
      this.#launchers.push({ scope, identity, policy, cgroup, isHeadless: false });
    } else if ('headless' in line) {
      for (const launcher of this.#launchers) if (launcher.scope === line.scope) launcher.isHeadless = true;
    } else if ('end' in line) {
      this.#ends.set(keyOf(line), line);
    } else if ('pid' in line) {
      this.#started.set(keyOf(line), line);
    }
  }
}

function keyOf({ job, attempt }: AttemptId): string {
  return `${job}/${attempt}`;
}

function readFrom(path: string, offset: number): string {
  const file = openSync(path, READ_AT_ONCE);
  try {
    const chunks: Buffer[] = [];
    for (let at = offset; ;) {
      const chunk = Buffer.alloc(CHUNK_BYTES);
      const size = readSync(file, chunk, 0, CHUNK_BYTES, at);
      if (size === 0) return Buffer.concat(chunks).toString('utf8');
      chunks.push(chunk.subarray(0, size));
      at += size;
    }
  } finally {
    closeSync(file);
  }
}
