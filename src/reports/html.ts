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
  // Without the sign that begins a tag no text can end the element it stands in.
  yield JSON.stringify(encodePage(view, folder)).replaceAll('<', '\\u003c');
  yield after;
}
