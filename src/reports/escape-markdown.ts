// Makes any text fit for Markdown (CommonMark with tables), so that it shows as it is and does nothing. Pure.
import { escapeControls } from '../model/problem.js';

/** Text within a line, with markup of Markdown and HTML as plain characters. */
export function escapeMarkdown(text: string): string {
  return escapeControls(text).replaceAll(/[\\`*_[\]<>&~]/g, '\\$&');
}

/** Text within a line, in the typeface of code. */
export function formatCode(text: string): string {
  const line = escapeControls(text);
  const ticks = '`'.repeat(longestRun(line) + 1);
  // A reader takes one space off each side; it is needed where the text itself begins or ends with a tick or a space.
  const pad = /^[` ]|[` ]$|^$/.test(line) ? ' ' : '';
  return `${ticks}${pad}${line}${pad}${ticks}`;
}

/** Lines in a block of code. */
export function formatCodeBlock(lines: readonly string[]): string {
  const text = lines.map(escapeControls);
  const fence = '`'.repeat(Math.max(3, ...text.map((line) => longestRun(line) + 1)));
  return [`${fence}text`, ...text, fence].join('\n');
}

/** A table; each cell is Markdown already. Columns named in `right` hold numbers. */
export function formatTable(
  titles: readonly string[],
  rows: readonly (readonly (string | number)[])[],
  right: ReadonlySet<string>,
): string {
  const line = (cells: readonly (string | number)[]): string =>
    `| ${cells.map((cell) => String(cell).replaceAll('|', '\\|')).join(' | ')} |`;
  const rule = titles.map((title) => (right.has(title) ? '---:' : '---'));
  return [line(titles), line(rule), ...rows.map(line)].join('\n');
}

/** Length of the longest run of ticks. */
function longestRun(text: string): number {
  return (text.match(/`+/g) ?? []).reduce((longest, run) => Math.max(longest, run.length), 0);
}
