// Writes a list of texts that begin alike in little space, and reads it back. Pure; knows nothing of what they name.
import type { SharedTexts } from './page-wire.js';

/** The list, in the same order. */
export function packTexts(texts: readonly string[]): SharedTexts {
  const shared: number[] = [];
  const rest: string[] = [];
  let before = '';
  for (const text of texts) {
    const length = countShared(before, text);
    shared.push(length);
    rest.push(text.slice(length));
    before = text;
  }
  return { shared, rest };
}

/** The texts that were packed. */
export function unpackTexts({ shared, rest }: SharedTexts): string[] {
  let before = '';
  return rest.map((text, i) => (before = before.slice(0, shared[i]) + text));
}

function countShared(a: string, b: string): number {
  const most = Math.min(a.length, b.length);
  let length = 0;
  while (length < most && a.charCodeAt(length) === b.charCodeAt(length)) length++;
  return length;
}
