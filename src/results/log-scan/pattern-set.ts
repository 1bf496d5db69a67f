// Looks for many patterns at once in a text, and tells which of them a line matches. Knows no files.
import { compilePattern } from '../../model/pattern.js';

/** One compiled pattern. */
export interface LinePattern {
  /** Its place in the set. */
  readonly index: number;
  /** As the user wrote it. */
  readonly pattern: string;
  readonly kind: 'fail' | 'pass';
  readonly source: string;
  readonly spansLines: boolean;
  /** The pattern alone, global and by lines. */
  readonly expression: RegExp;
}

/** Where a line lies in a text; a match belongs to the line in which it starts. */
export interface LineSpan {
  /** First index at which a match may start. */
  readonly start: number;
  /** Last such index: that of the line's end. */
  readonly end: number;
}

/** How many jobs' pattern lists are kept compiled; the jobs of a run share a few. */
const MAX_KEPT_SETS = 32;

const keptSets = new Map<string, PatternSet>();

/** The patterns of one job, compiled. */
export class PatternSet {
  readonly patterns: readonly LinePattern[];
  readonly #joined = new Map<string, RegExp>();

  /** @throws SyntaxError for a pattern that is no regular expression; validation has refused it long before. */
  constructor(failPatterns: readonly string[], passPatterns: readonly string[]) {
    const all = [
      ...failPatterns.map((pattern) => ({ pattern, kind: 'fail' as const })),
      ...passPatterns.map((pattern) => ({ pattern, kind: 'pass' as const })),
    ];
    this.patterns = all.map(({ pattern, kind }, index) => {
      const compiled = compilePattern(pattern, `p${index}g`);
      if (compiled.kind === 'invalid') throw new SyntaxError(compiled.message);
      const { source, spansLines } = compiled;
      return { index, pattern, kind, source, spansLines, expression: new RegExp(source, 'gm') };
    });
  }

  /** The same set as long as a few other ones are asked for in between. */
  static of(failPatterns: readonly string[], passPatterns: readonly string[]): PatternSet {
    const key = JSON.stringify([failPatterns, passPatterns]);
    const kept = keptSets.get(key);
    if (kept !== undefined) return kept;
    const set = new PatternSet(failPatterns, passPatterns);
    if (keptSets.size >= MAX_KEPT_SETS) keptSets.clear();
    keptSets.set(key, set);
    return set;
  }

  /** One expression that finds the first place where any of these patterns of the set matches: faster than one by one. */
  join(patterns: readonly LinePattern[]): RegExp {
    const key = patterns.map(({ index }) => index).join();
    let joined = this.#joined.get(key);
    if (joined === undefined) {
      joined = new RegExp(patterns.map(({ source }) => `(?:${source})`).join('|'), 'gm');
      // Found in another order in each log, many pass patterns leave many different rests.
      if (this.#joined.size >= MAX_KEPT_SETS) this.#joined.clear();
      this.#joined.set(key, joined);
    }
    return joined;
  }
}

/** Whether the pattern matches from within the line. */
export function matchesLine({ expression }: LinePattern, text: string, line: LineSpan): boolean {
  expression.lastIndex = line.start;
  const match = expression.exec(text);
  return match !== null && match.index <= line.end;
}
