// Matches names against shell globs, the way items are given on the command line. Knows no kinds of item.

/**
 * The names that each pattern matches, pattern by pattern, in the order of the names; a name once.
 *
 * @param patterns - Names or globs: `*`, `?`, `[abc]`, `[!a-z]`.
 */
export function matchItems(
  names: Iterable<string>,
  patterns: readonly string[],
): { hits: string[]; matched: Set<string> } {
  const all = [...names];
  const hits = new Set<string>();
  const matched = new Set<string>();
  for (const pattern of patterns) {
    const expression = globExpression(pattern);
    for (const name of all) {
      if (!expression.test(name)) continue;
      hits.add(name);
      matched.add(pattern);
    }
  }
  return { hits: [...hits], matched };
}

/** A regular expression that matches exactly what a glob does. */
function globExpression(glob: string): RegExp {
  let source = '';
  for (let i = 0; i < glob.length; i++) {
    const char = glob.charAt(i);
    if (char === '*') source += '.*';
    else if (char === '?') source += '.';
    else if (char === '[') {
      const end = closingBracket(glob, i);
      if (end < 0) source += '\\[';
      else {
        source += classSource(glob.slice(i + 1, end));
        i = end;
      }
    } else source += escapeChar(char);
  }
  return new RegExp(`^(?:${source})$`, 's');
}

/** Where the class that opens at `start` closes; a `]` right behind the `[` or `[!` belongs to the class. */
function closingBracket(glob: string, start: number): number {
  const first = glob.charAt(start + 1) === '!' ? start + 2 : start + 1;
  return glob.indexOf(']', first + 1);
}

function classSource(inside: string): string {
  const isNegated = inside.startsWith('!');
  const members = (isNegated ? inside.slice(1) : inside).replace(/[\\\]^[]/g, '\\$&');
  // A range that runs backwards matches nothing; the regular expression would be refused.
  if (hasBackwardRange(members)) return isNegated ? '.' : '(?!)';
  return `[${isNegated ? '^' : ''}${members}]`;
}

function hasBackwardRange(members: string): boolean {
  return [...members.matchAll(/(.)-(.)/gs)].some(([, from = '', to = '']) => from > to);
}

function escapeChar(char: string): string {
  return /[\\^$.*+?()[\]{}|/]/.test(char) ? `\\${char}` : char;
}
