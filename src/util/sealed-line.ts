// JSON lines that show whether they are what was written: the last field of each is a sum over the rest. Knows no file.
import { hashText } from './random.js';

const BEFORE = ',"sum":';

/** The line of an object that has at least one field, with its newline. */
export function sealLine(value: object): string {
  const text = JSON.stringify(value);
  return `${text.slice(0, -1)}${sealOf(text)}\n`;
}

/**
 * The object of a line, without the sum.
 * @param line - Without its newline.
 * @throws TypeError when it is not what was written: disks and people change single bytes, and what is left may well be JSON.
 */
export function openSealedLine(line: string): unknown {
  const end = line.lastIndexOf(BEFORE);
  const text = `${line.slice(0, Math.max(end, 0))}}`;
  if (line.slice(end) !== sealOf(text)) throw new TypeError('the sum of the line is wrong');
  return JSON.parse(text);
}

function sealOf(text: string): string {
  return `${BEFORE}${hashText(text)}}`;
}
