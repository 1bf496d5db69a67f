// Looks fast over valid JSON text for what JSON.parse hides: doubled keys and halves of surrogate pairs. Knows no job.

/** What a quick look over a text tells. */
export interface JsonFacts {
  /** Number of key-value pairs as written; more than the parsed value has where a key is doubled. */
  readonly members: number;
  /** Some escape names half of a surrogate pair; it may or may not be followed by the other half. */
  readonly hasSurrogateEscapes: boolean;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;

/** Looks over one JSON value in UTF-8, which must be valid, from `start` to before `end`. */
export function readJsonFacts(bytes: Uint8Array, start: number, end: number): JsonFacts {
  let members = 0;
  let hasSurrogateEscapes = false;
  let inString = false;
  for (let at = start; at < end; at++) {
    const byte = bytes[at];
    if (byte === QUOTE) {
      inString = !inString;
    } else if (byte === COLON) {
      if (!inString) members++;
    } else if (byte === BACKSLASH) {
      hasSurrogateEscapes ||= isSurrogateEscape(bytes, at);
      at++;
    }
  }
  return { members, hasSurrogateEscapes };
}

/** `\uD8..` to `\uDF..` at a backslash. */
function isSurrogateEscape(bytes: Uint8Array, at: number): boolean {
  const [letter = 0, first = 0, second = 0] = [bytes[at + 1], bytes[at + 2], bytes[at + 3]];
  return letter === 0x75 && (first | 0x20) === 0x64 && (second >= 0x41 || second === 0x38 || second === 0x39);
}

/** Number of key-value pairs in a value read from JSON, at any depth. */
export function countMembers(value: unknown): number {
  let members = 0;
  const pending = [value];
  while (pending.length > 0) {
    const next = pending.pop();
    if (typeof next !== 'object' || next === null) continue;
    if (Array.isArray(next)) {
      for (const item of next) if (typeof item === 'object' && item !== null) pending.push(item);
      continue;
    }
    for (const name in next) {
      members++;
      const member = (next as Record<string, unknown>)[name];
      if (typeof member === 'object' && member !== null) pending.push(member);
    }
  }
  return members;
}
