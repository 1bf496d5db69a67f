// Turns any name into one path component that is safe to create, list and delete. Knows no directory.
import crypto, { createHash } from 'node:crypto';

/** Longest name that is kept, in characters; file systems allow 255 bytes, and suffixes may be added (`.log`, `.1`). */
const MAX_LENGTH = 180;

/** Names the scratch area uses itself: a job called so must not take the place of the directory of links. */
const RESERVED = new Set(['running', 'passed', 'failed', 'killed']);

/** What is kept as it is: no leading dot (hidden, `..`) or dash (an option to many commands), nothing a shell minds. */
const SAFE = /^[A-Za-z0-9_][A-Za-z0-9_.,+=@-]*$/;

/**
 * A path component for `name`: `name` itself when it is harmless, otherwise its harmless characters and a hash.
 *
 * Different names give different components (but for collisions of a 48-bit hash), for only changed names hold a `~`.
 * The result is never empty, `.` or `..`, starts with neither dot nor dash, is ASCII and at most 193 bytes long.
 *
 * @param name - Anything, from a stranger: with `/`, `..`, control characters, of any length.
 */
export function safePathName(name: string): string {
  if (name.length <= MAX_LENGTH && SAFE.test(name) && !RESERVED.has(name)) return name;
  const readable = name
    .slice(0, MAX_LENGTH)
    .replaceAll(/[^A-Za-z0-9_.,+=@-]+/g, '_')
    .replace(/^[.-]+/, '_');
  // UTF-16, because UTF-8 would make one of all lone surrogates.
  const hash = hashBytes(Buffer.from(name, 'utf16le')).slice(0, 12);
  return `${readable === '' ? '_' : readable}~${hash}`;
}

/** SHA-256 in hexadecimal. */
const hashBytes: (bytes: Buffer) => string =
  // In one call, twice as fast, since Node 20.12.
  'hash' in crypto
    ? (bytes) => crypto.hash('sha256', bytes)
    : (bytes) => createHash('sha256').update(bytes).digest('hex');
