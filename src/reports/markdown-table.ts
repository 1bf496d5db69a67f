// Tables of a flow run as Markdown, bounded in length. Knows no files.
import { escapeMarkdown, formatTable } from './escape-markdown.js';
import { textOf, type ReportTable } from './report-table.js';

/** Rows of all tables together; what is beyond is counted. */
const MAX_ROWS = 1000;

/** One piece a title, table or note. */
export function* formatMarkdownTables(tables: Iterable<ReportTable>): Generator<string> {
  let room = MAX_ROWS;
  let left = 0;
  for (const { title, heads, numbers, rows, notes } of tables) {
    const shown = rows.slice(0, room);
    room -= shown.length;
    left += rows.length - shown.length;
    if (shown.length > 0) {
      yield `## ${escapeMarkdown(title)}`;
      yield formatTable(
        heads.map(escapeMarkdown),
        shown.map((row) => row.map((cell) => escapeMarkdown(textOf(cell)))),
        new Set(numbers.map(escapeMarkdown)),
      );
    }
    for (const note of notes) yield `> **Note:** ${escapeMarkdown(note)}`;
  }
  if (left > 0) yield `And ${left} more rows: \`regatta report --format text\` has them all.`;
}
