// Reads one backslash escape of a pattern, in Python's or JavaScript's spelling. Knows nothing of what surrounds it.

/** What an escape stands for; `end` is the index after it. */
export type Escape =
  | { readonly kind: 'char'; readonly code: number; readonly end: number }
  | { readonly kind: 'set'; readonly letter: 's' | 'S' | 'd' | 'D' | 'w' | 'W'; readonly end: number }
  | { readonly kind: 'anchor'; readonly letter: 'A' | 'Z' | 'z' | 'b' | 'B'; readonly end: number };

/** White space without the line ends, as the inside of a character class. */
export const WHITE_SPACE =
  '\\t\\v\\f\\x1c-\\x1f \\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000\\ufeff';

const CONTROLS: Readonly<Record<string, number>> = { a: 7, t: 9, n: 10, v: 11, f: 12, r: 13 };

/**
 * Reads the escape whose backslash is at `start`.
 *
 * @throws SyntaxError for a letter that means nothing, which is nearly always a typing error.
 */
export function readEscape(pattern: string, start: number): Escape {
  const letter = pattern.charAt(start + 1);
  const end = start + 2;
  if (letter === '') throw new SyntaxError('\\ at end of pattern');
  if (/[sSdDwW]/.test(letter)) return { kind: 'set', letter: letter as 's', end };
  if (/[AZzbB]/.test(letter)) return { kind: 'anchor', letter: letter as 'A', end };
  const control = CONTROLS[letter];
  if (control !== undefined) return { kind: 'char', code: control, end };
  const hex = /^(?:x([\da-f]{2})|u([\da-f]{4}))/i.exec(pattern.slice(start + 1, start + 6));
  if (hex !== null) {
    return { kind: 'char', code: parseInt(hex[1] ?? hex[2] ?? '', 16), end: start + 1 + hex[0].length };
  }
  const octal = /^(?:0[0-7]{0,2}|[1-3][0-7]{2})/.exec(pattern.slice(start + 1, start + 4));
  if (octal !== null) return { kind: 'char', code: parseInt(octal[0], 8), end: start + 1 + octal[0].length };
  if (/[a-z\d]/i.test(letter)) throw new SyntaxError(`unknown escape \\${letter}`);
  return { kind: 'char', code: letter.charCodeAt(0), end };
}

/** The character as it may stand in a pattern, inside and outside a class. */
export function toSource(code: number): string {
  const char = String.fromCharCode(code);
  if (/[\w ]/.test(char)) return char;
  const hex = code.toString(16);
  return code < 256 ? `\\x${hex.padStart(2, '0')}` : `\\u${hex.padStart(4, '0')}`;
}
