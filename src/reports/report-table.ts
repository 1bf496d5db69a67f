// A table of a report, before it is Markdown, text or a page. Types, and the cells that several tables have. Pure.

/** What a cell is to a reader: `good` and `bad` stand out where there are colours. */
export type Tone = 'good' | 'bad' | 'dull';

/** Plain text or a number; nothing in it is markup. */
export type Cell = string | number | { readonly text: string; readonly tone: Tone };

/** A titled table with what has to be said about it. */
export interface ReportTable {
  readonly title: string;
  readonly heads: readonly string[];
  /** Heads of the columns that hold numbers. */
  readonly numbers: ReadonlySet<string>;
  readonly rows: readonly (readonly Cell[])[];
  /** One line each, to be read with the table. */
  readonly notes: readonly string[];
}

/** A cell of a tone. */
export function toned(text: string | number, tone: Tone): Cell {
  return { text: String(text), tone };
}

/** The text of a cell. */
export function textOf(cell: Cell): string {
  return typeof cell === 'object' ? cell.text : String(cell);
}

/** A number, or nothing where it is not known. */
export function optional(value: number | null): Cell {
  return value ?? '';
}

/** How many passed: bad where it is not all. */
export function passedOf(passed: number, total: number): Cell {
  return toned(passed, total === 0 ? 'dull' : passed === total ? 'good' : 'bad');
}

/** A count of what should not be. */
export function badCount(count: number): Cell {
  return count > 0 ? toned(count, 'bad') : count;
}
