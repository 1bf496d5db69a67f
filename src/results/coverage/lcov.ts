// Reads tracefiles of LCOV (`.info`), as verilator_coverage --write-info writes them too. Knows no files.
import { eachLine } from '../each-line.js';
import { countMetric, type CoverageMetric, type ParsedCoverage } from './coverage.js';

/** Hits of lines, branches and functions of one source file; a file may have several records, whose hits add up. */
interface SourceHits {
  readonly lines: Map<string, number>;
  readonly branches: Map<string, number>;
  readonly functions: Map<string, number>;
  /** Sums the tool gives (`LF`, `LH`, ...); for tools that write nothing but these. */
  readonly sums: Map<string, number>;
}

/** @returns Null when the text is no tracefile. */
export function parseLcov(text: string): ParsedCoverage | null {
  const sources = new Map<string, SourceHits>();
  let current: SourceHits | null = null;
  for (const line of eachLine(text)) {
    const colon = line.indexOf(':');
    const key = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1);
    if (key === 'SF') current = sourceOf(sources, value);
    else if (key === 'end_of_record') current = null;
    else if (current !== null) readEntry(current, key, value);
  }
  if (sources.size === 0) return null;
  const metrics = [
    metricOf('line', sources, { hits: 'lines', found: 'LF', hit: 'LH' }),
    metricOf('branch', sources, { hits: 'branches', found: 'BRF', hit: 'BRH' }),
    metricOf('function', sources, { hits: 'functions', found: 'FNF', hit: 'FNH' }),
  ];
  return {
    metrics: metrics.filter(({ total }) => total !== 0),
    groups: [],
    score_percent: null,
    damage: current === null ? null : 'the last record has no end',
  };
}

function sourceOf(sources: Map<string, SourceHits>, path: string): SourceHits {
  const known = sources.get(path);
  if (known !== undefined) return known;
  const fresh = { lines: new Map(), branches: new Map(), functions: new Map(), sums: new Map() };
  sources.set(path, fresh);
  return fresh;
}

function readEntry({ lines, branches, functions, sums }: SourceHits, key: string, value: string): void {
  const fields = value.split(',');
  switch (key) {
    case 'DA':
      addHits(lines, fields[0], fields[1]);
      return;
    case 'BRDA':
      addHits(branches, fields.slice(0, 3).join(','), fields[3]);
      return;
    case 'FNDA':
      addHits(functions, fields.slice(1).join(','), fields[0]);
      return;
    case 'LF':
    case 'LH':
    case 'BRF':
    case 'BRH':
    case 'FNF':
    case 'FNH':
      addHits(sums, key, value);
      return;
    default:
      // Names, checksums, function lines: nothing to count.
      return;
  }
}

/** A branch that was never reached has `-` for its hits. */
function addHits(hits: Map<string, number>, key: string | undefined, text: string | undefined): void {
  if (key === undefined || text === undefined) return;
  const count = Number(text);
  hits.set(key, (hits.get(key) ?? 0) + (Number.isFinite(count) ? count : 0));
}

function metricOf(
  name: string,
  sources: ReadonlyMap<string, SourceHits>,
  keys: { readonly hits: 'lines' | 'branches' | 'functions'; readonly found: string; readonly hit: string },
): CoverageMetric {
  let covered = 0;
  let total = 0;
  for (const source of sources.values()) {
    const hits = source[keys.hits];
    if (hits.size === 0) {
      total += source.sums.get(keys.found) ?? 0;
      covered += source.sums.get(keys.hit) ?? 0;
      continue;
    }
    total += hits.size;
    for (const count of hits.values()) if (count > 0) covered++;
  }
  return countMetric(name, covered, total);
}
