// Lays a snapshot out as the lines of the live block. Pure: knows the size of the terminal, not the terminal.
import type { Colors, Formatter } from 'picocolors/types.js';
import stringWidth from 'string-width';
import { STATUS_LETTER, type JobStatus } from '../../model/status.js';
import { cutToCells } from '../../util/cut-to-cells.js';
import { formatDuration } from '../../util/format-duration.js';
import { formatUsage } from './format-usage.js';
import { countEnded, percentEnded, type RowSnapshot, type StatusSnapshot } from './snapshot.js';

/** Room for the block, in cells and lines, and the colours to use. */
export interface LiveLayout {
  readonly columns: number;
  readonly rows: number;
  readonly colors: Colors;
}

interface Column {
  readonly title: string;
  readonly cells: readonly string[];
  readonly align: 'left' | 'right';
  /** The column of the highest rank goes first when the terminal is too narrow; 0 never goes. */
  readonly rank: number;
  readonly paint?: Formatter;
}

/** Two columns are this far apart. */
const GAP = 2;
/** The column of running jobs is left out when fewer cells are left for it. */
const NARROWEST_NAMES = 12;
const WIDEST_TARGET = 24;

/** In the order of the columns; the rank says which count is missed least on a narrow terminal. */
const COUNT_COLUMNS: readonly (readonly [JobStatus, rank: number])[] = [
  ['scheduled', 6],
  ['queued', 5],
  ['running', 1],
  ['passed', 2],
  ['failed', 0],
  ['killed', 4],
];

/**
 * The lines of the live block: a header, one row per target, a total when there are several targets, what is in use,
 * and notices. No line is wider than `columns`; there are at most `rows` - 1, because the cursor stands below them.
 */
export function formatLive(snapshot: StatusSnapshot, layout: LiveLayout): string[] {
  const { targets, total, usage, notices } = snapshot;
  const { columns, colors } = layout;
  const room = Math.max(1, layout.rows - 1);
  const below = [...(usage.length === 0 ? [] : [formatUsage(usage)]), ...notices].map((line) =>
    cutToCells(line, columns),
  );
  const totals = targets.length === 1 ? [] : [total];
  const kept = chooseRows(targets, Math.max(0, room - 1 - totals.length - below.length));
  const hidden = targets.length - kept.length;
  const table = formatTable([...kept, ...totals], layout);
  if (hidden > 0)
    table.splice(
      1 + kept.length,
      0,
      cutToCells(colors.dim(`${hidden} more target${hidden === 1 ? '' : 's'}`), columns),
    );
  // Where not even this fits, the last lines say most: the totals and what is wrong.
  return [...table, ...below].slice(-room);
}

/** The targets to show in `room` lines: running ones before waiting ones before finished ones, in declaration order. */
function chooseRows(targets: readonly RowSnapshot[], room: number): readonly RowSnapshot[] {
  if (targets.length <= room) return targets;
  const urgency = (row: RowSnapshot): number =>
    row.counts.running > 0 ? 0 : countEnded(row.counts) < row.total ? 1 : 2;
  // One line is for saying how many are left out.
  const chosen = new Set(
    [...targets].sort((a, b) => urgency(a) - urgency(b)).slice(0, Math.max(0, room - 1)),
  );
  return targets.filter((row) => chosen.has(row));
}

function formatTable(rows: readonly RowSnapshot[], layout: LiveLayout): string[] {
  const { colors } = layout;
  const columns = dropColumns(makeColumns(rows, colors), layout.columns);
  const widths = columns.map(widthOf);
  const namesRoom = layout.columns - totalWidth(columns) - GAP;
  const showsNames = namesRoom >= NARROWEST_NAMES && rows.some((row) => row.running.length > 0);
  const header = joinCells(columns.map((column, i) => pad(column.title, widths[i] ?? 0, column.align)));
  const lines = rows.map((row, r) => {
    const cells = columns.map((column, i) => {
      const cell = column.cells[r] ?? '';
      const padded = pad(cell, widths[i] ?? 0, column.align);
      return column.paint === undefined || cell === '0' ? padded : column.paint(padded);
    });
    if (showsNames) cells.push(fitNames(row, namesRoom));
    return joinCells(cells);
  });
  const title = showsNames ? `${header}${' '.repeat(GAP)}running` : header;
  return [colors.dim(title.trimEnd()), ...lines].map((line) => cutToCells(line, layout.columns));
}

function makeColumns(rows: readonly RowSnapshot[], colors: Colors): Column[] {
  const paints: Partial<Record<JobStatus, Formatter>> = {
    passed: colors.green,
    failed: colors.red,
    killed: colors.yellow,
  };
  const counts = COUNT_COLUMNS.map(([status, rank]): Column => {
    const paint = paints[status];
    return {
      title: STATUS_LETTER[status],
      cells: rows.map((row) => String(row.counts[status])),
      align: 'right',
      rank,
      ...(paint === undefined ? {} : { paint }),
    };
  });
  const right = (title: string, rank: number, cell: (row: RowSnapshot) => string): Column => ({
    title,
    cells: rows.map(cell),
    align: 'right',
    rank,
  });
  return [
    {
      title: 'target',
      cells: rows.map((row) => cutToCells(row.name, WIDEST_TARGET)),
      align: 'left',
      rank: 0,
    },
    ...counts,
    right('T', 3, (row) => String(row.total)),
    right('%', 7, (row) => `${percentEnded(row)}%`),
    right('elapsed', 8, (row) => (row.elapsedMs === null ? '-' : formatDuration(row.elapsedMs))),
    right('ETA', 9, formatEta),
  ];
}

function formatEta(row: RowSnapshot): string {
  if (row.etaMs === null || countEnded(row.counts) === row.total) return '-';
  return `${row.etaIsLeast ? '>' : ''}${formatDuration(row.etaMs)}`;
}

/** Leaves out the columns missed least until the rest fits, or nothing more may go. */
function dropColumns(columns: readonly Column[], room: number): readonly Column[] {
  let kept = columns;
  while (totalWidth(kept) > room) {
    const least = kept.reduce((a, b) => (b.rank > a.rank ? b : a));
    if (least.rank === 0) break;
    kept = kept.filter((column) => column !== least);
  }
  return kept;
}

function widthOf(column: Column): number {
  return Math.max(stringWidth(column.title), ...column.cells.map((cell) => stringWidth(cell)));
}

function totalWidth(columns: readonly Column[]): number {
  return columns.reduce((sum, column) => sum + widthOf(column), GAP * (columns.length - 1));
}

function joinCells(cells: readonly string[]): string {
  return cells.join(' '.repeat(GAP)).trimEnd();
}

function pad(text: string, width: number, align: 'left' | 'right'): string {
  const blank = ' '.repeat(Math.max(0, width - stringWidth(text)));
  return align === 'left' ? text + blank : blank + text;
}

/** As many names as fit, and how many more there are: `uart_smoke.3, uart_smoke.4 +14`. */
function fitNames({ running, counts }: RowSnapshot, width: number): string {
  const [first] = running;
  if (first === undefined) return '';
  let text = '';
  let shown = 0;
  for (const name of running) {
    const next = shown === 0 ? name : `${text}, ${name}`;
    if (stringWidth(next + restOf(counts.running, shown + 1)) > width) break;
    text = next;
    shown++;
  }
  if (shown > 0) return text + restOf(counts.running, shown);
  const rest = restOf(counts.running, 1);
  return cutToCells(first, Math.max(0, width - rest.length)) + rest;
}

function restOf(count: number, shown: number): string {
  return count > shown ? ` +${count - shown}` : '';
}
