// Looks for many patterns at once in a text, and tells which of them a line matches. Knows no files.
import { compilePattern } from '../../model/pattern.js';

/** One compiled pattern. */
export interface LinePattern {
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

/**
 * Compiles the patterns of one job.
 *
 * @throws SyntaxError for a pattern that is no regular expression; validation has refused it long before.
 */
export function compilePatterns(
  failPatterns: readonly string[],
  passPatterns: readonly string[],
): LinePattern[] {
  const all = [
    ...failPatterns.map((pattern) => ({ pattern, kind: 'fail' as const })),
    ...passPatterns.map((pattern) => ({ pattern, kind: 'pass' as const })),
  ];
  return all.map(({ pattern, kind }, index) => {
    const compiled = compilePattern(pattern, `p${index}g`);
    if (compiled.kind === 'invalid') throw new SyntaxError(compiled.message);
    const { source, spansLines } = compiled;
    return { pattern, kind, source, spansLines, expression: new RegExp(source, 'gm') };
  });
}

/** One expression that finds the first place where any of the patterns matches: much faster than one after the other. */
export function joinPatterns(patterns: readonly LinePattern[]): RegExp {
  return new RegExp(patterns.map(({ source }) => `(?:${source})`).join('|'), 'gm');
}

/** Whether the pattern matches from within the line. */
export function matchesLine({ expression }: LinePattern, text: string, line: LineSpan): boolean {
  expression.lastIndex = line.start;
  const match = expression.exec(text);
  return match !== null && match.index <= line.end;
}
