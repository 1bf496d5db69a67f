// Turns the text of a job list into job specs, or into all its problems at once. Reads no file; what the names and numbers
// mean is checked by the graph.
import type { JobSource } from '../model/job-spec.js';
import { ProblemCap } from '../model/problem-cap.js';
import { PartialInputError, type Problem } from '../model/problem.js';
import { isWellFormedJob } from './check-fields.js';
import type { Finding } from './check-job.js';
import { JobDocument } from './job-document.js';
import { JobLines } from './job-lines.js';
import type { RawJobs } from './raw-jobs.js';
import { requireUtf8 } from './read-input.js';
import { SpecBuilder } from './spec-builder.js';

/** How the jobs stand in the text: one object a line, or one JSON document. */
export type JobListFormat = 'lines' | 'document';

/** What the reading of a job list depends on. */
export interface ParseOptions {
  /** What the list is called in messages. */
  readonly file: string;
  /** Directory for the output directories of jobs that name none, and for the status links. */
  readonly scratchRoot: string;
  /** Default: found out from the text. */
  readonly format?: JobListFormat | undefined;
  /** Directory that relative paths in the list start from. Default: the current one. */
  readonly cwd?: string | undefined;
}

/**
 * The jobs of a list.
 *
 * @param input - UTF-8 text, with or without a byte order mark.
 * @returns The jobs in order, frozen, equal parts shared. Let go of the source once the graph is built: to locate jobs
 * of a document it keeps the document.
 * @throws PartialInputError with everything wrong with the text and the fields, each with its place, and the jobs that are well-formed.
 * @throws UserError when the list is no text.
 */
export async function parseJobList(input: Uint8Array, options: ParseOptions): Promise<JobSource> {
  const { file, scratchRoot, cwd = process.cwd() } = options;
  const buffer = Buffer.from(input.buffer, input.byteOffset, input.byteLength);
  const bytes = requireUtf8(buffer, file);
  const format = options.format ?? detectFormat(bytes);
  const raw = format === 'lines' ? new JobLines(bytes, file) : new JobDocument(bytes, file);
  const problems = new ListProblems();
  const builder = new SpecBuilder({ scratchRoot, cwd });
  const lost = new LostJobs();
  let count = 0;
  for (const value of raw.read((problem) => {
    problems.report(problem);
  })) {
    if (isWellFormedJob(value)) builder.add(value);
    else {
      lost.add(value, count);
      await problems.examine(value, count);
    }
    count++;
  }
  const locate = raw.jobLocator();
  const jobs = builder.finish();
  const all = problems.finish(raw);
  if (all.length === 0) return { jobs, locate };
  throw new PartialInputError(all, {
    jobs,
    locate: (index) => locate(lost.placeOf(index)),
    // A text that is broken may have held any job.
    mayHaveLost: (name) => problems.isTextBroken || lost.mayHave(name),
  });
}

/**
 * Lines, when the first one is a whole JSON value that is no document by itself. A first line that is broken makes it a
 * document, whose first problem is then the same.
 */
function detectFormat(bytes: Buffer): JobListFormat {
  const text = bytes.toString('utf8', 0, endOfFirstLine(bytes));
  if (text.trim() === '') return 'lines';
  try {
    const value = JSON.parse(text) as { jobs?: unknown } | null;
    return Array.isArray(value) || Array.isArray(value?.jobs) ? 'document' : 'lines';
  } catch {
    return 'document';
  }
}

/** End of the first line that is not blank. */
function endOfFirstLine(bytes: Buffer): number {
  const first = bytes.findIndex((byte) => ![0x20, 0x09, 0x0d, 0x0a].includes(byte));
  const end = first === -1 ? -1 : bytes.indexOf(0x0a, first);
  return end === -1 ? bytes.length : end;
}

/** The problems of one list. */
class ListProblems {
  readonly #cap = new ProblemCap();
  readonly #problems: Problem[] = [];
  readonly #findings: { readonly job: number; readonly finding: Finding }[] = [];

  report(problem: Problem): void {
    if (this.#cap.admits(problem.code)) this.#problems.push(problem);
  }

  /** Notes what is wrong with a value that is not well-formed. */
  async examine(value: unknown, job: number): Promise<void> {
    const { findShapeProblems } = await import('./check-job.js');
    for (const finding of findShapeProblems(value, job + 1)) {
      if (this.#cap.admits(finding.code)) this.#findings.push({ job, finding });
    }
  }

  /** Whether something is wrong with the text itself. */
  get isTextBroken(): boolean {
    return this.#problems.length > 0;
  }

  /** All of them, by their places. */
  finish(raw: RawJobs): readonly Problem[] {
    const origins = raw.locate(this.#findings.map(({ job, finding }) => ({ job, path: finding.path })));
    const found = this.#findings.map(({ finding: { code, message, hint } }, at) => {
      return { code, message, hint, origin: origins[at] };
    });
    const all = [...this.#problems, ...found].sort(byPlace);
    return [...all, ...this.#cap.unworded()];
  }
}

/** Jobs that are not well-formed: where they stood among the others, and what they may be called. */
class LostJobs {
  readonly #places: number[] = [];
  readonly #names = new Set<unknown>();

  add(value: unknown, place: number): void {
    this.#places.push(place);
    const { full_name, id, name } = (value ?? {}) as Readonly<Record<string, unknown>>;
    for (const one of [full_name, id, name]) this.#names.add(one);
  }

  mayHave(name: string): boolean {
    return this.#names.has(name);
  }

  /** Place of a job among all of the list, by its index among those that are well-formed. */
  placeOf(index: number): number {
    let place = index;
    for (const lost of this.#places) if (lost <= place) place++;
    return place;
  }
}

function byPlace({ origin: a }: Problem, { origin: b }: Problem): number {
  return (a?.line ?? 0) - (b?.line ?? 0) || (a?.column ?? 0) - (b?.column ?? 0);
}
