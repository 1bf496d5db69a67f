// Chooses and orders the jobs to list, and counts what each further choice would leave. Pure; knows no document.
import type { NumberField, RunData, TextField } from './run-data.js';
import { textOf } from './run-data.js';

/** What jobs can be chosen by, besides words. */
export const FACETS = ['status', 'block', 'test', 'target', 'backend', 'bucket'] as const;

/** One of {@link FACETS}. */
export type Facet = (typeof FACETS)[number];

/** Stands for the jobs that have no value. */
const NONE = '\u2014';

/** A choice: a value a facet, or none; `search` holds words that must all be in a job's name, seed or message. */
export interface Filter {
  readonly facets: Readonly<Partial<Record<Facet, string>>>;
  readonly search: string;
}

/** The columns jobs can be ordered by. */
export type SortField = 'order' | 'name' | 'status' | 'block' | 'target' | 'backend' | NumberField;

/** An order: by a field, upwards or downwards; equals stay in declaration order. */
export interface Sort {
  readonly field: SortField;
  readonly isDown: boolean;
}

/** A value of a facet and how many jobs would be left by it, all other choices kept. */
interface FacetValue {
  readonly value: string;
  readonly count: number;
}

/** What a filter leaves. */
export interface Choice {
  /** Indices of jobs, in declaration order. */
  readonly jobs: Int32Array;
  /** The values that leave something, most first. */
  readonly facets: Readonly<Record<Facet, readonly FacetValue[]>>;
}

/** One facet's values: the value of each job, as a place in `values`. */
interface FacetColumn {
  readonly values: readonly string[];
  readonly codes: Int32Array;
}

/** Chooses among the jobs of one run, as often as asked. */
export class JobChooser {
  readonly #run: RunData;
  readonly #columns: readonly (readonly [Facet, FacetColumn])[];
  #haystack: readonly string[] | undefined;

  constructor(run: RunData) {
    this.#run = run;
    this.#columns = FACETS.map((facet) => [facet, readColumn(run, facet)]);
  }

  choose(filter: Filter): Choice {
    const words = filter.search.toLowerCase().split(/\s+/).filter(Boolean);
    const wanted = this.#columns.map(([facet, { values }]) => {
      const value = filter.facets[facet];
      // A value no job has chooses none: -2 is no code.
      return value === undefined ? -1 : values.includes(value) ? values.indexOf(value) : -2;
    });
    const counts = this.#columns.map(([, { values }]) => new Int32Array(values.length));
    const jobs: number[] = [];
    for (let job = 0; job < this.#run.count; job++) {
      if (words.length > 0 && !this.#hasWords(job, words)) continue;
      this.#countJob(job, { wanted, counts, jobs });
    }
    const facets = this.#columns.map(([facet, { values }], i) => [facet, rank(values, counts[i])] as const);
    return { jobs: Int32Array.from(jobs), facets: Object.fromEntries(facets) as unknown as Choice['facets'] };
  }

  /** A job that only one facet keeps out still counts among that facet's values. */
  #countJob(job: number, { wanted, counts, jobs }: Tally): void {
    let keptOutBy = -1;
    for (let i = 0; i < wanted.length; i++) {
      if (wanted[i] === -1 || wanted[i] === this.#codeOf(i, job)) continue;
      if (keptOutBy >= 0) return;
      keptOutBy = i;
    }
    if (keptOutBy < 0) jobs.push(job);
    for (let i = 0; i < wanted.length; i++) {
      if (keptOutBy >= 0 && keptOutBy !== i) continue;
      const column = counts[i];
      const code = this.#codeOf(i, job);
      if (column !== undefined) column[code] = (column[code] ?? 0) + 1;
    }
  }

  #codeOf(column: number, job: number): number {
    return this.#columns[column]?.[1].codes[job] ?? -1;
  }

  #hasWords(job: number, words: readonly string[]): boolean {
    this.#haystack ??= this.#run.fullName.map((name, at) =>
      [name, this.#run.numbers.seed(at) ?? '', textOf(this.#run, 'reasonMessage', at) ?? '']
        .join('\n')
        .toLowerCase(),
    );
    const text = this.#haystack[job] ?? '';
    return words.every((word) => text.includes(word));
  }
}

interface Tally {
  readonly wanted: readonly number[];
  readonly counts: readonly Int32Array[];
  readonly jobs: number[];
}

function readColumn(run: RunData, facet: Facet): FacetColumn {
  if (facet === 'bucket')
    return withNone(
      run.buckets.map(({ signature }) => signature),
      run.bucket,
    );
  const { values, codes } = run.texts[facet === 'test' ? 'name' : facet];
  return withNone(values, codes);
}

/** Jobs without a value get one that says so, where there are any. */
function withNone(values: readonly string[], codes: Int32Array): FacetColumn {
  if (!codes.includes(-1)) return { values, codes };
  return { values: [...values, NONE], codes: codes.map((code) => (code < 0 ? values.length : code)) };
}

function rank(values: readonly string[], counts: Int32Array | undefined): FacetValue[] {
  return values
    .map((value, i) => ({ value, count: counts?.[i] ?? 0 }))
    .filter(({ count }) => count > 0)
    .sort((a, b) => b.count - a.count || compareTexts(a.value, b.value));
}

/** The jobs in another order. Jobs without a value come last, whichever way. */
export function sortJobs(run: RunData, jobs: Int32Array, { field, isDown }: Sort): Int32Array {
  if (field === 'order') return isDown ? jobs.toReversed() : jobs;
  const compare = compareBy(run, field);
  const sign = isDown ? -1 : 1;
  return jobs.toSorted((a, b) => compare(a, b, sign) || a - b);
}

type Compare = (a: number, b: number, sign: number) => number;

function compareBy(run: RunData, field: Exclude<SortField, 'order'>): Compare {
  if (field === 'name') {
    return (a, b, sign) => sign * compareTexts(run.fullName[a] ?? '', run.fullName[b] ?? '');
  }
  if (isTextField(run, field)) {
    const { values, codes } = run.texts[field];
    const ranks = rankTexts(values);
    const rankOf = (job: number): number | null => ranks[codes[job] ?? -1] ?? null;
    return (a, b, sign) => compareNumbers(rankOf(a), rankOf(b), sign);
  }
  const read = run.numbers[field];
  return (a, b, sign) => compareNumbers(read(a), read(b), sign);
}

function isTextField(run: RunData, field: string): field is TextField {
  return field in run.texts;
}

/** The place of each text among the others in order. */
function rankTexts(texts: readonly string[]): number[] {
  const ranks: number[] = [];
  const order = texts.map((_, i) => i).sort((a, b) => compareTexts(texts[a] ?? '', texts[b] ?? ''));
  order.forEach((text, rank) => (ranks[text] = rank));
  return ranks;
}

function compareNumbers(a: number | null, b: number | null, sign: number): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
  return sign * (a - b);
}

/** As people count: `test2` before `test10`. */
const collator = new Intl.Collator('en', { numeric: true });

function compareTexts(a: string, b: string): number {
  return collator.compare(a, b);
}
