// Finds where a text stands in a file, to point at it in a message. Slow; for problems only.
import { readFileSync } from 'node:fs';
import type { Origin } from '../../model/index.js';

/**
 * The place of a text in the value of a key, with line and column; the file alone where it is not found.
 *
 * @param text - What to point at; undefined: the file alone.
 */
export function locate(file: string, key: string, text: string | undefined): Origin {
  if (text === undefined) return { file };
  const lines = readLines(file);
  const from = Math.max(
    0,
    lines.findIndex((line) => new RegExp(`^[\\s{,]*"?${key}"?\\s*:`).test(line)),
  );
  const has = (line: string): boolean => line.includes(text);
  const below = lines.slice(from).findIndex(has);
  const index = below < 0 ? lines.findIndex(has) : from + below;
  return index < 0 ? { file } : { file, line: index + 1, column: (lines[index] ?? '').indexOf(text) + 1 };
}

function readLines(file: string): string[] {
  try {
    return readFileSync(file, 'utf8').split('\n');
  } catch {
    // The problem is about what the file said when it was loaded; without it, there is only its name.
    return [];
  }
}
