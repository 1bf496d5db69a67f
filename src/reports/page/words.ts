// Puts numbers and texts of a run into the words of the page. Pure.
import { formatDuration } from '../../util/format-duration.js';

/** Seconds as people read them, to two digits or more. */
export function formatSeconds(seconds: number | null): string {
  if (seconds === null) return '';
  if (seconds >= 60) return formatDuration(seconds * 1000);
  return `${seconds.toFixed(seconds < 10 ? 2 : 1)}s`;
}

/** A share of a whole; empty where there is nothing to share. */
export function formatShare(part: number, whole: number): string {
  if (whole === 0) return '';
  // Nothing but all is 100 %, and nothing but none is 0 %.
  const percent = Math.min(99.9, Math.max(0.1, (100 * part) / whole));
  return part === whole ? '100 %' : part === 0 ? '0 %' : `${percent.toFixed(1)} %`;
}

/** A count with its noun. */
export function formatCount(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** ISO 8601 in UTC of a time given in milliseconds after another. */
export function formatTime(startedAt: string, afterMs: number): string {
  return new Date(Date.parse(startedAt) + afterMs).toISOString();
}

/** Text in which what has no shape is shown by a sign: control characters, line ends, and what turns the order of letters. */
export function showControls(text: string): string {
  return text.replaceAll(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g, (char) => {
    const code = char.charCodeAt(0);
    return code === 9 ? '  ' : code < 32 ? String.fromCharCode(0x2400 + code) : '\ufffd';
  });
}
