// Cuts JSON text into tokens with their places, strictly by RFC 8259. Knows no grammar.

type Punctuation = '{' | '}' | '[' | ']' | ',' | ':';

/** One token; `start` and `end` are offsets in the text, `end` is after it. */
export type JsonToken =
  | { readonly kind: 'punctuation'; readonly text: Punctuation; readonly start: number; readonly end: number }
  | { readonly kind: 'string'; readonly start: number; readonly end: number }
  /** A number, true, false or null. */
  | { readonly kind: 'scalar'; readonly start: number; readonly end: number }
  | { readonly kind: 'end'; readonly start: number; readonly end: number }
  | { readonly kind: 'invalid'; readonly message: string; readonly start: number; readonly end: number };

const SPACE = /[ \t\r\n]*/y;
const PLAIN_STRING_PART = /[^"\\\u0000-\u001f]*/y;
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;
const WORD = /[\w.+-]+/y;
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
const MAX_SHOWN = 20;

/** The token that starts at `offset` or after the white space there. */
export function readToken(text: string, offset: number): JsonToken {
  const start = endOfMatch(SPACE, text, offset);
  const char = text.charAt(start);
  switch (char) {
    case '':
      return { kind: 'end', start, end: start };
    case '{':
    case '}':
    case '[':
    case ']':
    case ',':
    case ':':
      return { kind: 'punctuation', text: char, start, end: start + 1 };
    case '"':
      return readString(text, start);
    default:
      return readWord(text, start);
  }
}

function readString(text: string, start: number): JsonToken {
  for (let at = start + 1; ;) {
    at = endOfMatch(PLAIN_STRING_PART, text, at);
    const char = text.charAt(at);
    if (char === '"') return { kind: 'string', start, end: at + 1 };
    if (char === '') return invalid('this string does not end', start, at);
    if (char !== '\\') {
      const what = char === '\n' || char === '\r' ? 'a line break' : 'a control character';
      return invalid(`a string may not hold ${what} as it is`, at, at + 1);
    }
    const end = endOfMatch(ESCAPE, text, at);
    if (end === at) return invalid(`there is no escape ${text.slice(at, at + 2)} in strings`, at, at + 2);
    at = end;
  }
}

function readWord(text: string, start: number): JsonToken {
  const end = endOfMatch(WORD, text, start);
  const word = text.slice(start, end);
  if (['true', 'false', 'null'].includes(word) || NUMBER.test(word)) return { kind: 'scalar', start, end };
  if (/^[-+.]?\d/.test(word)) return invalid(`${shorten(word)} is not a number`, start, end);
  if (text.charAt(start) === '/') return invalid('comments are not allowed', start, start + 1);
  return invalid(`unexpected ${end === start ? charAt(text, start) : shorten(word)}`, start, end);
}

/** A token as it stands in the text, cut to a length that fits a message. */
export function showToken(text: string, token: JsonToken): string {
  return shorten(text.slice(token.start, token.end));
}

function shorten(text: string): string {
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}...` : text;
}

function charAt(text: string, offset: number): string {
  return String.fromCodePoint(text.codePointAt(offset) ?? 0);
}

function invalid(message: string, start: number, end: number): JsonToken {
  return { kind: 'invalid', message, start, end };
}

/** Where a sticky expression that matches at `offset` ends; `offset` when it does not match. */
function endOfMatch(sticky: RegExp, text: string, offset: number): number {
  sticky.lastIndex = offset;
  return sticky.test(text) ? sticky.lastIndex : offset;
}
