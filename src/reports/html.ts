// A run as one HTML page that needs no network: the page's template with the run's data in it. Knows no files.
import { encodePage } from './page-encoder.js';
import type { ReportView } from './report-view.js';

/** Stands in the template where the data go. */
export const DATA_MARK = '<!--regatta-data-->';

/** What a page needs beside the run. */
export interface PageFrame {
  /** The page as it was built: markup, styles and script, with {@link DATA_MARK} where the data go. */
  readonly template: string;
  /** Absolute path of the folder the page is for: links to logs lead from there. */
  readonly folder: string;
}

/** The text in pieces; together one HTML document. */
export function* formatHtml(view: ReportView, { template, folder }: PageFrame): Generator<string> {
  const [before = '', after = ''] = template.split(DATA_MARK);
  yield before;
  const data = encodePage(view, folder);
  // Without the sign that begins a tag no text can end the element it stands in.
  for (const piece of stringify(data, 2)) yield piece.replaceAll('<', '\\u003c');
  yield after;
}

/** The text of JSON.stringify, in pieces: one a field of the object, and of its objects to a depth. Fields are read one by one. */
function* stringify(value: object, depth: number): Generator<string> {
  let separator = '{';
  for (const name of Object.keys(value)) {
    const field = (value as Readonly<Record<string, unknown>>)[name];
    if (field === undefined) continue;
    yield `${separator}${JSON.stringify(name)}:`;
    separator = ',';
    const isDeep = depth > 1 && typeof field === 'object' && field !== null && !Array.isArray(field);
    if (isDeep) yield* stringify(field, depth - 1);
    else yield JSON.stringify(field);
  }
  yield separator === '{' ? '{}' : '}';
}
