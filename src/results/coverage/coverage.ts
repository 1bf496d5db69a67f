// What is known of the coverage of a block, whatever tool measured it. Knows no file format.
import { toPercent } from '../../util/percent.js';

/** One kind of coverage. Either the counts or only the percentage are known, as the tool tells. */
export interface CoverageMetric {
  /** `line`, `branch`, `toggle`, `condition`, `expression`, `fsm`, `assertion`, `group`, ...; a tool's own names are kept. */
  readonly name: string;
  readonly covered: number | null;
  readonly total: number | null;
  /** 0 to 100, two digits, rounded down: 100 means everything. Null when there is nothing to cover. */
  readonly percent: number | null;
}

/** Coverage of one covergroup. */
export interface CovergroupCoverage {
  readonly name: string;
  readonly covered: number | null;
  readonly total: number | null;
  readonly percent: number | null;
}

/** What a parser found in one file. */
export interface ParsedCoverage {
  readonly metrics: readonly CoverageMetric[];
  readonly groups: readonly CovergroupCoverage[];
  /** The tool's own total. */
  readonly score_percent: number | null;
  /** What is wrong with the file, in one line; the figures are those of the rest. */
  readonly damage: string | null;
}

/** The coverage of a block, merged over the runs that passed. */
export interface BlockCoverage {
  /** `name`, or `name/variant`. */
  readonly block: string;
  readonly tool: string;
  /** Ended runs that were to write coverage, and those of them that passed: only these are in the figures. */
  readonly runs: { readonly total: number; readonly counted: number };
  readonly score_percent: number | null;
  readonly metrics: readonly CoverageMetric[];
  readonly groups: readonly CovergroupCoverage[];
  /** Files the figures are from. */
  readonly sources: readonly string[];
  /** The tool's own report, where the config names one. */
  readonly report_page: string | null;
  /** What is missing or wrong, one line each. */
  readonly notices: readonly string[];
}

/** The usual order of metrics, as reports show them; others come last, in the tool's order. */
const ORDER = [
  ...['line', 'statement', 'block', 'branch', 'condition', 'expression', 'toggle', 'fsm', 'function'],
  ...['assertion', 'property', 'group'],
];

/** A metric of counted points. */
export function countMetric(name: string, covered: number, total: number): CoverageMetric {
  return { name, covered, total, percent: toPercent(covered, total) };
}

/** Metrics in the usual order. */
export function sortMetrics(metrics: readonly CoverageMetric[]): CoverageMetric[] {
  const rank = ({ name }: CoverageMetric): number => {
    const index = ORDER.indexOf(name);
    return index < 0 ? ORDER.length : index;
  };
  return [...metrics].sort((a, b) => rank(a) - rank(b));
}
