// Prepares the place of a job before it starts: its directories and the files that say what ran there.
// Shared by all backends that run commands; starts nothing.
import { statSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { JobSpec } from '../../model/job-spec.js';
import { makeDirectories } from '../../util/make-directories.js';
import { EnvironmentFiles } from './environment-files.js';
import { ENVIRONMENT_FILE, EnvironmentText, formatScript, SCRIPT_FILE } from './job-files.js';
import { renewOdir } from './renew-odir.js';
import { codeOf, describeCode, isShortage } from './system-error.js';

/** Settings of a {@link PlaceMaker}. */
export interface PlaceMakerOptions {
  /** Environment of every job; a job's exports are set on top. */
  readonly environment: Readonly<Record<string, string>>;
  /** Where files that jobs share are kept, on their file system; made when needed. Default: jobs share none. */
  readonly sharedDirectory?: string;
  /** How many output directories to keep of a job that renews its own, the new one included. Default 5. */
  readonly maxOdirs?: number;
  /** Told, in one line, of what went wrong without harming a job. */
  readonly warn: (message: string) => void;
}

/** What became of a place; `busy` when the machine is short of something and another attempt may succeed. */
export type PlaceResult =
  | { readonly kind: 'ready' }
  | { readonly kind: 'busy'; readonly message: string }
  | { readonly kind: 'failed'; readonly message: string };

const READY: PlaceResult = { kind: 'ready' };

/** Prepares places, one job at a time; what goes wrong is an answer about that job. */
export class PlaceMaker {
  readonly #environment: EnvironmentFiles;
  readonly #maxOdirs: number;
  readonly #warn: PlaceMakerOptions['warn'];
  readonly #removals = new Set<Promise<void>>();

  constructor(options: PlaceMakerOptions) {
    this.#environment = new EnvironmentFiles(
      new EnvironmentText(options.environment),
      options.sharedDirectory ?? null,
    );
    this.#maxOdirs = options.maxOdirs ?? 5;
    this.#warn = options.warn;
  }

  /**
   * Makes the job's output directory (a fresh one where it renews) and its log's, and writes `env_vars` and `cmd.sh`.
   * Synchronous: a few system calls, which threads would only make slower.
   */
  prepare(spec: JobSpec): PlaceResult {
    const { odir, logPath } = spec;
    const logDir = dirname(logPath);
    let doing = '';
    try {
      if (spec.renewOdir) {
        doing = `move the old output directory ${odir} aside`;
        for (const old of renewOdir(odir, this.#maxOdirs)) this.#remove(old);
      }
      doing = `make the output directory ${odir}`;
      makeDirectories(odir);
      if (logDir !== odir) {
        doing = `make the log's directory ${logDir}`;
        makeDirectories(logDir);
      }
      doing = `write the log ${logPath}`;
      // Whoever opened it would wait for a reader, and with it all that starts jobs.
      if (statSync(logPath, { throwIfNoEntry: false })?.isFIFO() === true)
        return { kind: 'failed', message: `cannot ${doing}: it is a named pipe` };
      doing = `write ${join(odir, ENVIRONMENT_FILE)}`;
      this.#environment.put(odir, spec.exports);
      doing = `write ${join(odir, SCRIPT_FILE)}`;
      writeFileSync(`${odir}/${SCRIPT_FILE}`, formatScript(spec), { mode: 0o777 });
      return READY;
    } catch (error) {
      const code = codeOf(error);
      return {
        kind: isShortage(code) ? 'busy' : 'failed',
        message: `cannot ${doing}: ${describeCode(code)}`,
      };
    }
  }

  /** Resolves when old directories that were too many are gone. */
  async settle(): Promise<void> {
    await Promise.all(this.#removals);
  }

  /** In the background: an old directory may hold gigabytes. */
  #remove(directory: string): void {
    const removal = rm(directory, { recursive: true, force: true })
      .catch((error: unknown) => {
        this.#warn(`cannot remove the old output directory ${directory}: ${describeCode(codeOf(error))}`);
      })
      .finally(() => this.#removals.delete(removal));
    this.#removals.add(removal);
  }
}
