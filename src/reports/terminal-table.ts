// A table on a terminal. Knows neither its meaning nor the stream.
import Table from 'cli-table3';
import type { Colors } from 'picocolors/types.js';
import { escapeControls } from '../model/problem.js';
import { textOf, type Cell, type ReportTable } from './report-table.js';

const SIDES = ['top', 'bottom', 'left', 'mid', 'right'];
const JOINTS = ['', '-mid', '-left', '-right'];

/** A table without lines. */
export const NO_FRAME = {
  middle: '',
  ...Object.fromEntries(SIDES.flatMap((side) => JOINTS.map((joint) => [`${side}${joint}`, '']))),
};

/** Title, table and notes, each line with its end. */
export function formatTerminalTable(
  { title, heads, numbers, rows, notes }: ReportTable,
  colors: Colors,
): string {
  const table = new Table({
    head: [...heads],
    colAligns: heads.map((head) => (numbers.includes(head) ? 'right' : 'left')),
    style: { head: [], border: [] },
    chars: NO_FRAME,
  });
  for (const row of rows) table.push(row.map((cell) => colour(cell, colors)));
  const lines = table.toString().split('\n');
  return [
    colors.bold(escapeControls(title)),
    ...lines.map((line) => line.trimEnd()),
    ...notes.map((note) => ` ${escapeControls(note)}`),
  ]
    .map((line) => `${line}\n`)
    .join('');
}

function colour(cell: Cell, colors: Colors): string {
  const text = escapeControls(textOf(cell));
  switch (typeof cell === 'object' ? cell.tone : undefined) {
    case 'good':
      return colors.green(text);
    case 'bad':
      return colors.red(text);
    case 'dull':
      return colors.dim(text);
    default:
      return text;
  }
}
