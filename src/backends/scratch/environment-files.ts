// Puts `env_vars` into output directories. Jobs of one environment share one file by hard links, where the file system has them:
// making a link costs a tenth of what making a file does, or less. Knows no job.
import { linkSync, mkdirSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ENVIRONMENT_FILE, type EnvironmentText } from './job-files.js';
import { codeOf } from './system-error.js';

/** Different texts that are kept count of; beyond that they are hardly shared. */
const MOST_TEXTS = 256;

/** Writes the file for one base environment. */
export class EnvironmentFiles {
  readonly #text: EnvironmentText;
  /** Where shared files are; null once it has turned out that there can be none. */
  #directory: string | null;
  /** For each text that was written, the file that others link to; null while there is only one of its kind. */
  readonly #shared = new Map<string, string | null>();
  #files = 0;

  /** @param directory - A directory to be made for the shared files, on the file system of the jobs; null: nothing is shared. */
  constructor(text: EnvironmentText, directory: string | null) {
    this.#text = text;
    this.#directory = directory;
  }

  /**
   * Puts the file into a directory, in place of an older one.
   * @throws the system's error.
   */
  put(odir: string, exports: Readonly<Record<string, string>>): void {
    const text = this.#text.format(exports);
    const path = `${odir}/${ENVIRONMENT_FILE}`;
    const shared = this.#findShared(text);
    if (shared === null) replace(path, () => writeFileSync(path, text, { flag: 'wx' }));
    else this.#link(shared, path, text);
  }

  #link(shared: string, path: string, text: string): void {
    try {
      replace(path, () => linkSync(shared, path));
    } catch (error) {
      // Another file system, one without links, or as many links as a file can have: the next one begins anew.
      this.#shared.delete(text);
      if (codeOf(error) !== 'EMLINK') this.#directory = null;
      replace(path, () => writeFileSync(path, text, { flag: 'wx' }));
    }
  }

  /** The file to link to; null when there is none yet. */
  #findShared(text: string): string | null {
    if (this.#directory === null) return null;
    const known = this.#shared.get(text);
    if (known === undefined) {
      if (this.#shared.size === MOST_TEXTS) this.#shared.clear();
      this.#shared.set(text, null);
      return null;
    }
    return known ?? this.#share(this.#directory, text);
  }

  #share(directory: string, text: string): string | null {
    const path = join(directory, String(this.#files++));
    try {
      mkdirSync(directory, { recursive: true });
      // Not to be written to: it would change for all.
      writeFileSync(path, text, { flag: 'wx', mode: 0o444 });
    } catch {
      // What is wrong with the disk is said when the job's own file is written.
      this.#directory = null;
      return null;
    }
    this.#shared.set(text, path);
    return path;
  }
}

/** Makes a file where there may be one: never by writing into it, for others may share it. */
function replace(path: string, make: () => void): void {
  try {
    make();
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
    unlinkSync(path);
    make();
  }
}
