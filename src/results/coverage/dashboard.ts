// Reads the summary of VCS's text dashboard (urg), which other tools' flows imitate: a heading, metric names, percentages.
// Knows no files.
import { eachLine } from '../each-line.js';
import type { CoverageMetric, CovergroupCoverage, ParsedCoverage } from './coverage.js';

/** urg's column heads -> metrics; the others are the metric's name. */
const METRIC_OF_HEAD: ReadonlyMap<string, string> = new Map([
  ['COND', 'condition'],
  ['ASSERT', 'assertion'],
]);

const HEADING = /^\s*total coverage summary/i;
const HEADS = /^\s*SCORE(\s|$)/;

/** Above the covergroups in a dashboard of the examples; urg has a file of its own for them. */
const COUNTED_GROUPS = /^covergroup\s+bins\s+hit\s+percent\s*$/;

/** @returns Null when the text has no such summary. */
export function parseDashboard(text: string): ParsedCoverage | null {
  let state: 'before' | 'heading' | 'heads' = 'before';
  let heads: readonly string[] = [];
  for (const line of eachLine(text)) {
    if (state === 'before') {
      if (HEADING.test(line)) state = 'heading';
      continue;
    }
    if (/^[\s-]*$/.test(line)) continue;
    if (state === 'heading') {
      if (!HEADS.test(line)) return null;
      heads = line.trim().split(/\s+/);
      state = 'heads';
      continue;
    }
    return readValues(heads, readFigures(line), text);
  }
  return state === 'before' ? null : damaged('the summary is torn');
}

/** A percentage, and the counts it was made of, which urg adds with `-show ratios`. */
interface Figure {
  readonly text: string;
  readonly counts: readonly [covered: number, total: number] | null;
}

function readFigures(line: string): Figure[] {
  const words = line.trim().matchAll(/(\S+)(?:\s+(\d+)\/(\d+)(?!\S))?/g);
  return [...words].map(([, text = '', covered, total]) => ({
    text,
    counts: covered === undefined ? null : [Number(covered), Number(total)],
  }));
}

function readValues(heads: readonly string[], figures: readonly Figure[], text: string): ParsedCoverage {
  const values = figures.slice(0, heads.length);
  if (values.length < heads.length || !values.every(isValue)) {
    return damaged('the summary has other figures than heads');
  }
  const metrics = heads.flatMap((head, i): CoverageMetric[] => {
    const value = values[i];
    if (head === 'SCORE' || value === undefined) return [];
    const name = METRIC_OF_HEAD.get(head) ?? head.toLowerCase();
    const [covered, total] = value.counts ?? [null, null];
    return [{ name, covered, total, percent: readPercent(value.text) }];
  });
  return {
    metrics: metrics.filter(({ percent }) => percent !== null),
    groups: readRows(text, COUNTED_GROUPS, readCountedGroup),
    score_percent: readPercent(values[heads.indexOf('SCORE')]?.text),
    damage: null,
  };
}

function damaged(damage: string): ParsedCoverage {
  return { metrics: [], groups: [], score_percent: null, damage };
}

/** `--` stands for nothing to cover. */
function isValue({ text }: Figure): boolean {
  return text === '--' || readPercent(text) !== null;
}

function readPercent(text: string | undefined): number | null {
  if (text === undefined || !/^\d+(\.\d+)?$/.test(text)) return null;
  const percent = Number(text);
  return percent <= 100 ? percent : null;
}

type GroupReader = (words: readonly string[]) => CovergroupCoverage | null;

/**
 * Covergroups of urg's `groups.txt`: rows below heads that begin with `SCORE`, or with the counts it is made of (newer
 * versions), and end in `NAME`.
 */
export function parseGroupList(text: string): CovergroupCoverage[] {
  return [
    ...readRows(text, /^\s*SCORE\s.*\sNAME\s*$/, (words) => readScoredGroup(words, null)),
    ...readRows(text, /^\s*COVERED\s+EXPECTED\s+SCORE\s.*\sNAME\s*$/, ([covered, expected, ...words]) =>
      readScoredGroup(words, [Number(covered), Number(expected)]),
    ),
  ];
}

/** Rows below a head, up to an empty line after the first. */
function readRows(text: string, head: RegExp, read: GroupReader): CovergroupCoverage[] {
  const groups: CovergroupCoverage[] = [];
  let isBelow = false;
  for (const line of eachLine(text)) {
    if (head.test(line)) isBelow = true;
    else if (/^[\s-]*$/.test(line)) isBelow &&= groups.length === 0;
    else {
      const group = isBelow ? read(line.trim().split(/\s+/)) : null;
      if (group !== null) groups.push(group);
    }
  }
  return groups;
}

function readCountedGroup([name, bins, hit, percent]: readonly string[]): CovergroupCoverage | null {
  const value = readPercent(percent);
  if (name === undefined || value === null) return null;
  return { name, covered: Number(hit), total: Number(bins), percent: value };
}

/** urg names a group by package, class and group: the last is what testplans call it. */
function readScoredGroup(words: readonly string[], counts: Figure['counts']): CovergroupCoverage | null {
  const percent = readPercent(words[0]);
  const path = words.at(-1);
  if (percent === null || path === undefined || words.length < 2 || counts?.some(Number.isNaN) === true) {
    return null;
  }
  const [covered, total] = counts ?? [null, null];
  return { name: path.split('::').at(-1) ?? path, covered, total, percent };
}
