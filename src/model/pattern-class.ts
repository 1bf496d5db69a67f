// Translates one character class of a pattern so that it matches no line end, unless it names one.
import { unreachable } from '../util/unreachable.js';
import { readEscape, toSource, WHITE_SPACE } from './pattern-escape.js';

/** A translated class; `end` is the index after its closing bracket. */
export interface TranslatedClass {
  readonly source: string;
  readonly end: number;
  /** The class names a line end. */
  readonly spansLines: boolean;
}

/** One member of a class: a set such as `\w`, or the characters from `low` to `high`. */
type Member =
  | { readonly kind: 'set'; readonly source: string }
  | { readonly kind: 'range'; readonly low: number; readonly high: number };

const LINE_FEED = 10;
const RETURN = 13;

/** What the sets are inside a class; none matches a line end. */
const SETS = {
  s: WHITE_SPACE,
  S: '\\S',
  d: '\\d',
  D: '\\x00-\\x09\\x0b\\x0c\\x0e-\\x2f\\x3a-\\uffff',
  w: '\\w',
  W: '\\x00-\\x09\\x0b\\x0c\\x0e-\\x2f\\x3a-\\x40\\x5b-\\x5e\\x60\\x7b-\\uffff',
} as const;

/**
 * Translates the class that opens at `start`. As in Python, a `]` that comes first is a member.
 *
 * @throws SyntaxError when it never closes, or a range is reversed.
 */
export function translateClass(pattern: string, start: number, ignoreCase: boolean): TranslatedClass {
  const negated = pattern.charAt(start + 1) === '^';
  const first = start + (negated ? 2 : 1);
  const members: Member[] = [];
  let at = first;
  while (at === first || pattern.charAt(at) !== ']') {
    if (at >= pattern.length) throw new SyntaxError('Unterminated character class');
    const { member, end } = readMember(pattern, at);
    members.push(member);
    at = end;
  }
  const body = members.map((member) => sourceOf(member, ignoreCase)).join('');
  if (negated) return { source: `[^${body}\\n\\r]`, end: at + 1, spansLines: false };
  const spansLines = members.some((member) => names(member, LINE_FEED));
  const named = spansLines || members.some((member) => names(member, RETURN));
  const covers = members.some((member) => contains(member, LINE_FEED) || contains(member, RETURN));
  return { source: `${covers && !named ? '(?![\\n\\r])' : ''}[${body}]`, end: at + 1, spansLines };
}

function readMember(pattern: string, start: number): { member: Member; end: number } {
  const low = readAtom(pattern, start);
  const isRange = pattern.charAt(low.end) === '-' && !['', ']'].includes(pattern.charAt(low.end + 1));
  if (low.member.kind === 'set' || !isRange) return low;
  const high = readAtom(pattern, low.end + 1);
  if (high.member.kind === 'set') return low;
  const range = { kind: 'range', low: low.member.low, high: high.member.high } as const;
  if (range.low > range.high) {
    throw new SyntaxError(`bad character range ${pattern.slice(start, high.end)}`);
  }
  return { member: range, end: high.end };
}

function readAtom(pattern: string, start: number): { member: Member; end: number } {
  if (pattern.charAt(start) !== '\\') {
    const code = pattern.charCodeAt(start);
    return { member: { kind: 'range', low: code, high: code }, end: start + 1 };
  }
  const escape = readEscape(pattern, start);
  switch (escape.kind) {
    case 'set':
      return { member: { kind: 'set', source: SETS[escape.letter] }, end: escape.end };
    case 'anchor': {
      if (escape.letter !== 'b') throw new SyntaxError(`unknown escape \\${escape.letter} in a class`);
      return { member: { kind: 'range', low: 8, high: 8 }, end: escape.end };
    }
    case 'char':
      return { member: { kind: 'range', low: escape.code, high: escape.code }, end: escape.end };
    default:
      return unreachable(escape);
  }
}

function sourceOf(member: Member, ignoreCase: boolean): string {
  if (member.kind === 'set') return member.source;
  const ranges = ignoreCase ? [member, ...otherCase(member)] : [member];
  return ranges
    .map(({ low, high }) => (low === high ? toSource(low) : `${toSource(low)}-${toSource(high)}`))
    .join('');
}

/** The other case of the Latin letters in a range, and of a single character of any script. */
function otherCase({ low, high }: { low: number; high: number }): { low: number; high: number }[] {
  if (low === high) {
    const char = String.fromCharCode(low);
    return [char.toLowerCase(), char.toUpperCase()]
      .filter((variant) => variant.length === 1 && variant !== char)
      .map((variant) => ({ low: variant.charCodeAt(0), high: variant.charCodeAt(0) }));
  }
  return [
    { from: 0x41, to: 0x5a, shift: 32 },
    { from: 0x61, to: 0x7a, shift: -32 },
  ].flatMap(({ from, to, shift }) => {
    const start = Math.max(low, from);
    const stop = Math.min(high, to);
    return start <= stop ? [{ low: start + shift, high: stop + shift }] : [];
  });
}

/** Whether the class's author wrote this very character. */
function names(member: Member, code: number): boolean {
  return member.kind === 'range' && (member.low === code || member.high === code);
}

function contains(member: Member, code: number): boolean {
  return member.kind === 'range' && member.low <= code && code <= member.high;
}
