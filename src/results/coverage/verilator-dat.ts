// Reads the database of verilator_coverage: one point a line. Knows no files.
import { eachLine } from '../each-line.js';
import { countMetric, type ParsedCoverage } from './coverage.js';
import { reach } from '../../util/reach.js';

/** How every database begins. */
const HEADER = '# SystemC::Coverage-3';

/** Pages of the points -> metrics; others keep the page's name. */
const METRIC_OF_PAGE: ReadonlyMap<string, string> = new Map([
  ['expr', 'expression'],
  ['user', 'property'],
]);

/**
 * A point is `C 'KEYS' COUNT`; keys are `\x01NAME\x02VALUE`, of which `page` names the kind (`v_line/module`) and `s` the
 * hits that make it covered (1 when not given).
 *
 * @returns Null when the text is no such database.
 */
export function parseVerilatorDat(text: string): ParsedCoverage | null {
  if (!text.startsWith(HEADER)) return null;
  const counts = new Map<string, { covered: number; total: number }>();
  let damaged = 0;
  let firstDamaged = 0;
  let number = 0;
  for (const line of eachLine(text)) {
    number++;
    if (line === '' || line.startsWith('#')) continue;
    const point = readPoint(line);
    if (point === null) {
      if (damaged++ === 0) firstDamaged = number;
      continue;
    }
    const count = reach(counts, point.metric, () => ({ covered: 0, total: 0 }));
    count.total++;
    if (point.isCovered) count.covered++;
  }
  return {
    metrics: [...counts].map(([name, { covered, total }]) => countMetric(name, covered, total)),
    groups: [],
    score_percent: null,
    damage: describeDamage(text, { damaged, firstDamaged }),
  };
}

interface Point {
  readonly metric: string;
  readonly isCovered: boolean;
}

function readPoint(line: string): Point | null {
  const match = /^C '(.*)' (\d+)$/.exec(line);
  const [, keys = '', hits = ''] = match ?? [];
  const page = /\x01page\x02v_(\w+)/.exec(keys)?.[1];
  if (page === undefined) return null;
  const threshold = /\x01s\x02(\d+)/.exec(keys)?.[1];
  return { metric: METRIC_OF_PAGE.get(page) ?? page, isCovered: Number(hits) >= Math.max(1, Number(threshold ?? 1)) };
}

function describeDamage(text: string, found: { damaged: number; firstDamaged: number }): string | null {
  if (found.damaged > 0) return `${found.damaged} damaged lines, the first is line ${found.firstDamaged}`;
  return text.endsWith('\n') ? null : 'the end is torn off';
}
