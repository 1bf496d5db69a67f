// Reads the summaries of Cadence's imc (`report -summary -text`): a head of metrics, a line, a row an instance or type.
// Knows no files.
import { eachLine } from '../each-line.js';
import { toPercent } from '../../util/percent.js';
import { countMetric, type CovergroupCoverage, type ParsedCoverage } from './coverage.js';

/** imc's column heads, in small letters -> metrics. */
const METRIC_OF_HEAD: ReadonlyMap<string, string> = new Map([
  ['covergroup', 'group'],
  ['functional', 'group'],
]);

/** A figure in a row: `94.13% (353/375)`, `94.13%` or `n/a`. */
const FIGURE = /(?:\d+(?:\.\d+)?%(?:\s*\((\d+)\/(\d+)[^)]*\))?|\bn\/a\b)/gi;

interface Column {
  readonly metric: string;
  /** False for averages of percentages: only counts can be added up. */
  readonly isCounted: boolean;
}

interface Row {
  readonly depth: number;
  readonly name: string;
  /** Covered and total of each column; null where the figure has no counts. */
  readonly counts: readonly (readonly [number, number] | null)[];
}

/**
 * Adds up the rows. A row below another one in the hierarchy is part of it, as with `-cumulative on`, and counts only where
 * no row above it has figures.
 *
 * @returns Null when the text is no such summary.
 */
export function parseImcSummary(text: string): ParsedCoverage | null {
  let columns: readonly Column[] | null = null;
  const rows: Row[] = [];
  let skipped = 0;
  for (const line of eachLine(text)) {
    if (/^\s*name\s/i.test(line)) columns = readColumns(line);
    else if (columns !== null && !/^[\s-]*$/.test(line)) {
      const row = readRow(line, columns.length);
      if (row === null) skipped++;
      else rows.push(row);
    }
  }
  if (columns === null || columns.length === 0 || rows.length === 0) return null;
  const sums = sumRows(rows, columns);
  const overall = sums.get(OVERALL);
  sums.delete(OVERALL);
  return {
    metrics: [...sums].map(([name, [covered, total]]) => countMetric(name, covered, total)),
    groups: rows.flatMap((row) => readGroup(row) ?? []),
    score_percent: overall === undefined ? scoreOf(sums) : toPercent(...overall),
    damage: skipped === 0 ? null : `${skipped} rows do not fit their heads`,
  };
}

const OVERALL = 'overall';

/** Heads are set apart by two blanks or more, or stand with a star: `Block * Covered`. */
function readColumns(line: string): Column[] {
  const plain = line.trim().replaceAll(/\s*\*\s*Covered/g, '  ');
  const heads = plain.split(/\s{2,}/).filter((head) => head !== '');
  const words = heads.length > 1 ? heads : plain.split(/\s+/);
  return words.slice(1).map((head) => {
    const name = head.replace(/\s+(?:Covered|Average|Grade)$/i, '').toLowerCase();
    const metric = name === 'score' ? OVERALL : (METRIC_OF_HEAD.get(name) ?? name);
    return { metric, isCounted: !/\s(?:Average|Grade)$/i.test(head) };
  });
}

function readRow(line: string, columns: number): Row | null {
  const figures = [...line.matchAll(FIGURE)];
  const [first] = figures;
  if (first === undefined || figures.length !== columns) return null;
  const [, indent = '', name = ''] = /^([\s|]*(?:--)?)(.*?)\s*$/.exec(line.slice(0, first.index)) ?? [];
  return {
    depth: indent.length,
    name,
    counts: figures.map(([, covered, total]) =>
      covered === undefined ? null : ([Number(covered), Number(total)] as const),
    ),
  };
}

function sumRows(rows: readonly Row[], columns: readonly Column[]): Map<string, [number, number]> {
  const sums = new Map<string, [number, number]>();
  columns.forEach(({ metric, isCounted }, column) => {
    if (!isCounted) return;
    const sum: [number, number] = [0, 0];
    let covering = Infinity;
    for (const { depth, counts } of rows) {
      if (depth <= covering) covering = Infinity;
      const count = counts[column] ?? null;
      if (count === null || covering !== Infinity) continue;
      covering = depth;
      sum[0] += count[0];
      sum[1] += count[1];
    }
    if (sum[1] > 0) sums.set(metric, sum);
  });
  return sums;
}

function scoreOf(sums: ReadonlyMap<string, readonly [number, number]>): number | null {
  const all = [...sums.values()];
  return toPercent(
    all.reduce((sum, [covered]) => sum + covered, 0),
    all.reduce((sum, [, total]) => sum + total, 0),
  );
}

/** A covergroup is a type of a name that ends in `_cg`, as testplans want it. */
function readGroup({ name, counts }: Row): CovergroupCoverage | null {
  const own = name.split('::').at(-1) ?? name;
  const count = counts.find((each) => each !== null);
  if (!own.endsWith('_cg') || count === undefined || count === null) return null;
  return { name: own, covered: count[0], total: count[1], percent: toPercent(...count) };
}
