// Reads a log of any size in bounded pieces: forwards, its end, or the lines after a place. Knows no patterns.
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { READ_AT_ONCE } from '../../util/read-at-once.js';

/** Size of the one buffer a log is read through; also the longest line that is seen in one piece. */
const PIECE_BYTES = 512 * 1024;

/** How much of a piece is seen again at the start of the next one, where a match might lie across the cut. */
const OVERLAP_BYTES = 64 * 1024;

/** Longest line, in characters, that is kept of a log. */
const MAX_LINE_CHARS = 1000;

/** How far a line end is looked for, in pieces. */
const MAX_SKIPPED_PIECES = 4;

const LINE_FEED = 10;

/** A part of the log. */
export interface Piece {
  /** Decoded; `\r\n` is `\n`; ends in `\n` unless it is cut inside a line. */
  readonly text: string;
  /** Where it starts, in bytes from the start of the log. */
  readonly offset: number;
  readonly startsLine: boolean;
  /** Index in `text` from which on the next piece shows the same again, with more after it. The length, when it does not. */
  readonly overlapFrom: number;
}

/** How {@link LogFile.pieces} cuts. */
export interface PieceOptions {
  /** Overlap all pieces, not only those cut inside a line; for patterns that span lines. */
  readonly overlap: boolean;
  /** Sizes other than 512 KiB and 64 KiB, for tests; a piece is at least four times its overlap. */
  readonly pieceBytes?: number;
  readonly overlapBytes?: number;
}

/** An open log. What is appended after it was opened is not looked at. */
export class LogFile {
  readonly sizeBytes: number;
  readonly #fd: number;

  /** @throws a system error, or an Error saying that the path is not a regular file. */
  constructor(path: string) {
    this.#fd = openSync(path, READ_AT_ONCE);
    const stats = fstatSync(this.#fd);
    if (!stats.isFile()) {
      closeSync(this.#fd);
      throw new Error('it is not a regular file');
    }
    this.sizeBytes = stats.size;
  }

  close(): void {
    closeSync(this.#fd);
  }

  /** All of the log, in order. A piece ends at a line's end wherever one is near enough. */
  *pieces(options: PieceOptions): Generator<Piece> {
    const { pieceBytes = PIECE_BYTES, overlapBytes = OVERLAP_BYTES } = options;
    const buffer = Buffer.allocUnsafeSlow(Math.min(pieceBytes, this.sizeBytes + 1));
    let offset = 0;
    let filled = 0;
    let startsLine = true;
    for (;;) {
      filled += this.#read(buffer.subarray(filled), offset + filled);
      if (filled === 0) return;
      const last = filled < buffer.length || offset + filled >= this.sizeBytes;
      if (last) {
        const rest = decode(buffer, 0, filled);
        const text = rest.endsWith('\n') ? rest : `${rest}\n`;
        yield { text, offset, startsLine, overlapFrom: text.length };
        return;
      }
      const lineEnd = buffer.lastIndexOf(LINE_FEED) + 1;
      // An overlap needs pieces that are longer than it, or the log would be crept through.
      const cutsLine = lineEnd === 0 || (options.overlap && lineEnd < pieceBytes / 2);
      const end = cutsLine ? charStart(buffer, pieceBytes - 1) : lineEnd;
      const next =
        cutsLine || options.overlap
          ? overlapStart(buffer, end - overlapBytes)
          : { at: end, startsLine: true };
      const text = decode(buffer, 0, end);
      yield { text, offset, startsLine, overlapFrom: text.length - overlapChars(buffer, next, end) };
      buffer.copy(buffer, 0, next.at, filled);
      offset += next.at;
      filled -= next.at;
      startsLine = next.startsLine;
    }
  }

  /** Number of line ends before a place. Reads all that lies before it. */
  countLines(beforeOffset: number): number {
    const buffer = Buffer.allocUnsafeSlow(Math.min(PIECE_BYTES, Math.max(beforeOffset, 1)));
    let lines = 0;
    for (let offset = 0; offset < beforeOffset;) {
      const got = this.#read(buffer, offset);
      if (got === 0) break;
      const end = Math.min(got, beforeOffset - offset);
      for (let i = 0; i < end; i++) if (buffer[i] === LINE_FEED) lines++;
      offset += got;
    }
    return lines;
  }

  /** Up to `count` lines, after `skip` line ends from `offset` on, each cut; none when those line ends lie far apart. */
  linesAfter(offset: number, { skip, count }: { readonly skip: number; readonly count: number }): string[] {
    const start = this.#skipLines(offset, skip);
    if (start === undefined) return [];
    const buffer = Buffer.allocUnsafeSlow(OVERLAP_BYTES);
    const end = this.#read(buffer, start);
    return splitLines(decode(buffer, 0, end))
      .slice(0, count)
      .map(cutLine);
  }

  /** The last lines of the log, as many as lie in its last 64 KiB; the first may be the end (`…`) of a longer line. */
  tail(): string[] {
    const buffer = Buffer.allocUnsafeSlow(Math.min(OVERLAP_BYTES, this.sizeBytes));
    const offset = Math.max(0, this.sizeBytes - buffer.length);
    const end = this.#read(buffer, offset);
    const text = decode(buffer, 0, end);
    return splitLines(offset === 0 ? text : `…${text}`);
  }

  /** The place after so many line ends, if it is within a few pieces. */
  #skipLines(offset: number, count: number): number | undefined {
    const buffer = Buffer.allocUnsafeSlow(PIECE_BYTES);
    let left = count;
    for (let piece = 0; piece < MAX_SKIPPED_PIECES; piece++) {
      const start = offset + piece * PIECE_BYTES;
      const end = this.#read(buffer, start);
      for (let i = 0; i < end; i++) if (buffer[i] === LINE_FEED && --left === 0) return start + i + 1;
    }
    return undefined;
  }

  /** Fills `target` from a place in the log, short only at its end. */
  #read(target: Buffer, position: number): number {
    let filled = 0;
    for (;;) {
      const wanted = Math.min(target.length - filled, this.sizeBytes - position - filled);
      const got = wanted <= 0 ? 0 : readSync(this.#fd, target, filled, wanted, position + filled);
      if (got === 0) return filled;
      filled += got;
    }
  }
}

/** A line as it is kept: without its line end, and cut when very long. */
export function cutLine(line: string): string {
  return line.length <= MAX_LINE_CHARS ? line : `${line.slice(0, MAX_LINE_CHARS)}…`;
}

/** The line, cut around `index` when very long. */
export function cutLineAround(line: string, index: number): string {
  if (line.length <= MAX_LINE_CHARS) return line;
  const start = Math.max(0, Math.min(index - MAX_LINE_CHARS / 5, line.length - MAX_LINE_CHARS));
  return start === 0 ? cutLine(line) : `…${cutLine(line.slice(start))}`;
}

function decode(buffer: Buffer, start: number, end: number): string {
  const text = buffer.toString('utf8', start, end);
  return text.includes('\r') ? text.replaceAll('\r\n', '\n') : text;
}

function splitLines(text: string): string[] {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

/** The nearest place at or before `at` that does not cut a UTF-8 sequence in two. */
function charStart(buffer: Buffer, at: number): number {
  for (let start = at; start > at - 4 && start > 0; start--) {
    if (((buffer[start] ?? 0) & 0xc0) !== 0x80) return start;
  }
  return at;
}

/** The start of the next piece, at or before `wanted`: the start of a line if there is one. */
function overlapStart(buffer: Buffer, wanted: number): { at: number; startsLine: boolean } {
  const newline = buffer.lastIndexOf(LINE_FEED, wanted - 1);
  if (newline >= 0) return { at: newline + 1, startsLine: true };
  return { at: charStart(buffer, wanted), startsLine: false };
}

/** How many characters of the piece the next one shows again. Its first one does not count when it may not start a match. */
function overlapChars(buffer: Buffer, next: { at: number; startsLine: boolean }, end: number): number {
  const shown = decode(buffer, next.at, end).length;
  // Bytes that are no UTF-8 may decode to one character more or less beside a cut.
  return next.startsLine ? shown : Math.max(0, shown - 4);
}
