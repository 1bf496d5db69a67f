// A table of a report, before it is Markdown, text or a page. Types, and the cells that several tables have. Pure.
import { formatPercent } from '../util/percent.js';

/** What a cell is to a reader: `good` and `bad` stand out where there are colours. */
export type Tone = 'good' | 'bad' | 'dull';

/** What a cell has beside its text, for formats that can show it. */
interface CellDetails {
  readonly text: string;
  readonly tone?: Tone;
  /** 0 to 100: the part of a whole that the text tells. */
  readonly percent?: number;
  /** The jobs it speaks of: of a block, or of one test of it. */
  readonly jobs?: { readonly block: string; readonly test?: string };
}

/** Plain text or a number; nothing in it is markup. */
export type Cell = string | number | CellDetails;

/** A titled table with what has to be said about it. */
export interface ReportTable {
  readonly title: string;
  readonly heads: readonly string[];
  /** Heads of the columns that hold numbers. */
  readonly numbers: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
  /** One line each, to be read with the table. */
  readonly notes: readonly string[];
}

/** The tables of a flow run by what they are about; overviews come before the details of each block. */
export interface FlowTables {
  readonly messages: readonly ReportTable[];
  readonly coverage: readonly ReportTable[];
  readonly testplan: readonly ReportTable[];
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

/** A percentage, `--` where there is none. */
export function percentCell(percent: number | null, text = formatPercent(percent)): Cell {
  return percent === null ? text : { text, percent };
}

/** How many passed: bad where it is not all. */
export function passedOf(passed: number, total: number): Cell {
  return toned(passed, total === 0 ? 'dull' : passed === total ? 'good' : 'bad');
}

/** A count of what should not be. */
export function badCount(count: number): Cell {
  return count > 0 ? toned(count, 'bad') : count;
}
