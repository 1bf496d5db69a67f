// A job list of one JSON object a line. Knows no field.
import type { Origin } from '../model/job-spec.js';
import type { Problem } from '../model/problem.js';
import { readJsonFacts } from './json-facts.js';
import { locatePaths } from './locate-paths.js';
import type { RawJobs, Spot } from './raw-jobs.js';
import { findTextProblems, malformedText } from './text-problems.js';

const LINE_FEED = 0x0a;

/** A line: the offsets of its first byte and of its end, and its number from 1. */
interface Line {
  readonly start: number;
  readonly end: number;
  readonly number: number;
}

/** Jobs in lines; blank lines are skipped, and lines of any number may be malformed. */
export class JobLines implements RawJobs {
  readonly #bytes: Buffer;
  readonly #file: string;
  /** Per value read: its line, from 1, and the offset of the line's first byte. */
  readonly #lines: number[] = [];
  readonly #starts: number[] = [];

  /** @param bytes - UTF-8 without a byte order mark. */
  constructor(bytes: Buffer, file: string) {
    this.#bytes = bytes;
    this.#file = file;
  }

  *read(report: (problem: Problem) => void): Iterable<unknown> {
    for (let start = 0, number = 1; start < this.#bytes.length; number++) {
      const end = this.#endOfLine(start);
      const value = this.#readLine({ start, end, number }, report);
      if (value !== undefined) {
        this.#lines.push(number);
        this.#starts.push(start);
        yield value;
      }
      start = end + 1;
    }
  }

  /** The value of a line; undefined for a blank or malformed one. */
  #readLine({ start, end, number }: Line, report: (problem: Problem) => void): unknown {
    const text = this.#bytes.toString('utf8', start, end);
    if (!/\S/.test(text)) return undefined;
    const placed = { text, file: this.#file, firstLine: number };
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch (error) {
      report(malformedText(placed, error));
      return undefined;
    }
    const facts = readJsonFacts(this.#bytes, start, end);
    for (const problem of findTextProblems(placed, facts, value)) report(problem);
    return value;
  }

  locate(spots: readonly Spot[]): Origin[] {
    return spots.map(({ job, path }) => {
      const start = this.#starts[job] ?? 0;
      const text = this.#bytes.toString('utf8', start, this.#endOfLine(start));
      const [place] = locatePaths(text, [path]);
      return { file: this.#file, line: this.#lines[job] ?? 1, column: place?.column ?? 1 };
    });
  }

  jobLocator(): (job: number) => Origin | undefined {
    const file = this.#file;
    const lines = this.#lines;
    return (job) => {
      const line = lines[job];
      return line === undefined ? undefined : { file, line };
    };
  }

  #endOfLine(start: number): number {
    const end = this.#bytes.indexOf(LINE_FEED, start);
    return end === -1 ? this.#bytes.length : end;
  }
}
