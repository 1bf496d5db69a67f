// A run job of a test with places left open for what changes from seed to seed. Knows texts, not how they were made.
import type { JobSpec } from '../../model/index.js';
import { hasWildcard } from '../config/wildcards.js';

/** Values that change from seed to seed, as digits. */
export interface SeedValues {
  readonly index: string;
  readonly seed: string;
  readonly svseed: string;
}

/** Names of the open places. */
export const SEED_MARKS: ReadonlySet<string> = new Set(['index', 'seed', 'svseed']);

const MARK = /\{(index|seed|svseed)\}/;
const ALL_MARKS = new RegExp(MARK, 'g');

/** Whether a text has open places. */
export function hasSeedMarks(text: string): boolean {
  return MARK.test(text);
}

/** The texts of a run whose open places a template fills. */
function openTexts({ spec, covDbDir, covDbTestDir }: OpenRun): string[] {
  return [spec.cmd, spec.qualName, spec.odir, covDbDir, covDbTestDir, ...Object.values(spec.exports)];
}

interface OpenRun {
  readonly spec: JobSpec;
  readonly covDbDir: string;
  readonly covDbTestDir: string;
}

/**
 * Whether the seed has to be known before anything is expanded: digits in the open places would make new wildcards,
 * a command waits for them, or they are where a template fills nothing.
 */
export function needsSeedFirst(run: OpenRun): boolean {
  const { name, passPatterns, failPatterns } = run.spec;
  if ([name, ...passPatterns, ...failPatterns].some(hasSeedMarks)) return true;
  return openTexts(run).some((text) => text.includes('{') && hasWildcard(text.replace(ALL_MARKS, '0')));
}

type Fill = (values: SeedValues) => string;

/** Job spec of one test, to be filled in for each seed. What has no open places is shared by all its jobs. */
export class SpecTemplate {
  readonly #spec: JobSpec;
  readonly #cmd: Fill;
  readonly #qualName: Fill;
  readonly #fullName: Fill;
  readonly #odir: Fill;
  readonly #logPath: Fill;
  readonly #exports: (values: SeedValues) => JobSpec['exports'];

  constructor(spec: JobSpec) {
    this.#spec = spec;
    this.#cmd = compile(spec.cmd);
    this.#qualName = compile(spec.qualName);
    this.#fullName = compile(spec.fullName);
    this.#odir = compile(spec.odir);
    this.#logPath = compile(spec.logPath);
    this.#exports = compileRecord(spec.exports);
  }

  /** The job for one seed. */
  fill(values: SeedValues, seed: number | null): JobSpec {
    return {
      ...this.#spec,
      fullName: this.#fullName(values),
      qualName: this.#qualName(values),
      seed,
      cmd: this.#cmd(values),
      exports: this.#exports(values),
      odir: this.#odir(values),
      logPath: this.#logPath(values),
    };
  }

  /** A single text with its open places filled. */
  static fillText(text: string, values: SeedValues): string {
    return compile(text)(values);
  }
}

/** Splits a text at its open places once, so that filling it is a concatenation. */
function compile(text: string): Fill {
  const parts = text.split(MARK);
  if (parts.length === 1) return () => text;
  return (values) => {
    let filled = parts[0] ?? '';
    for (let i = 1; i < parts.length; i += 2) {
      filled += values[parts[i] as keyof SeedValues] + (parts[i + 1] ?? '');
    }
    return filled;
  };
}

function compileRecord(record: JobSpec['exports']): (values: SeedValues) => JobSpec['exports'] {
  const entries = Object.entries(record);
  if (!entries.some(([, text]) => hasSeedMarks(text))) return () => record;
  const fills = entries.map(([key, text]): [string, Fill] => [key, compile(text)]);
  return (values) => Object.fromEntries(fills.map(([key, fill]) => [key, fill(values)]));
}
