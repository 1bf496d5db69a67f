// Reads a job list from a file or standard input. Knows neither fields nor JSON.
import { resolve } from 'node:path';
import { stdin } from 'node:process';
import type { JobSource } from '../model/job-spec.js';
import { parseJobList, type JobListFormat } from './parse-job-list.js';
import { drain, readBytes } from './read-input.js';

/** What the reading of a job list depends on. */
export interface ReadOptions {
  /** Directory for the output directories of jobs that name none, and for the status links. */
  readonly scratchRoot: string;
  /** What the list is called in messages. Default: the input as given, `<stdin>` for `-`. */
  readonly file?: string | undefined;
  /** Directory that relative paths in the list, and `input`, start from. Default: the current one. */
  readonly cwd?: string | undefined;
  /** What `-` reads. Default: the standard input of the process. */
  readonly stdin?: AsyncIterable<Uint8Array | string> | undefined;
}

/**
 * The jobs of a list.
 *
 * @param input - `*.jsonl` (one object a line), `*.json` (a document), a file of another name or `-` for standard input
 * (either form).
 * @returns Jobs and where they stand, as {@link parseJobList} makes them.
 * @throws UserError when it cannot be read; {@link PartialInputError} with everything wrong with the text and the fields.
 */
export async function readJobList(input: string, options: ReadOptions): Promise<JobSource> {
  const { scratchRoot, cwd = process.cwd() } = options;
  const file = options.file ?? (input === '-' ? '<stdin>' : input);
  const bytes =
    input === '-' ? await drain(options.stdin ?? stdin) : await readBytes(resolve(cwd, input), file);
  return parseJobList(bytes, { file, scratchRoot, cwd, format: formatOf(input) });
}

function formatOf(input: string): JobListFormat | undefined {
  if (/\.jsonl$/i.test(input)) return 'lines';
  return /\.json$/i.test(input) ? 'document' : undefined;
}
