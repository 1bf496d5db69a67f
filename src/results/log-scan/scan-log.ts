// Judges one log by its patterns, synchronously and in constant memory; runs in a thread of its own. Knows no jobs.
import type { Piece, PieceOptions } from './log-file.js';
import { cutLine, cutLineAround, LogFile } from './log-file.js';
import type { LinePattern, LineSpan } from './pattern-set.js';
import { matchesLine, PatternSet } from './pattern-set.js';
import type { Finding, ScanReply, ScanRequest } from './protocol.js';
import { LARGE_LOG_BYTES } from './protocol.js';
import { findSimulatedTime } from './simulated-time.js';

const LINES_AFTER_FAILURE = 4;
const LAST_LINES = 10;

/** What tests and the thread may set. */
export interface ScanOptions extends Omit<PieceOptions, 'overlap'> {
  /** Called before and after each attempt to match a piece. */
  readonly beat?: () => void;
}

/** Reads the log and says what it says. Never throws for what the log is or holds. */
export function scanLog(request: ScanRequest, options: ScanOptions = {}): ScanReply {
  let log: LogFile;
  try {
    log = new LogFile(request.path);
  } catch (error) {
    return { kind: 'unreadable', message: describeError(error) };
  }
  try {
    if (log.sizeBytes > LARGE_LOG_BYTES && !request.evenLarge) return { kind: 'too-large' };
    const finding = new LogScan(
      log,
      PatternSet.of(request.failPatterns, request.passPatterns),
      options,
    ).run();
    const wantsLastLines = request.wantsLastLines || finding.kind === 'missing-pass-pattern';
    const tail = wantsLastLines || request.tool !== null ? log.tail() : [];
    return {
      kind: 'scanned',
      finding,
      lastLines: wantsLastLines ? tail.slice(-LAST_LINES).map(cutLine) : [],
      simulatedTimeUs: request.tool === null ? null : findSimulatedTime(request.tool, tail),
    };
  } catch (error) {
    return { kind: 'unreadable', message: describeError(error) };
  } finally {
    log.close();
  }
}

/** A fail pattern and the place in the piece where it matches. */
interface Failure {
  readonly pattern: LinePattern;
  readonly at: number;
}

class LogScan {
  readonly #log: LogFile;
  readonly #set: PatternSet;
  readonly #options: ScanOptions;
  /** Patterns still looked for: all fail patterns, and the pass patterns not found yet. */
  #wanted: readonly LinePattern[];
  /** Finds any of the wanted patterns. */
  #joined: RegExp;

  constructor(log: LogFile, set: PatternSet, options: ScanOptions) {
    this.#log = log;
    this.#set = set;
    this.#options = options;
    this.#wanted = set.patterns;
    this.#joined = set.join(set.patterns);
  }

  run(): Finding {
    const overlap = this.#wanted.some(({ spansLines }) => spansLines);
    if (this.#wanted.length > 0) {
      for (const piece of this.#log.pieces({ ...this.#options, overlap })) {
        const failure = this.#tryPiece(piece);
        if (failure !== undefined) return this.#describeFailure(piece, failure);
        if (this.#wanted.length === 0) break;
      }
    }
    const missing = this.#wanted.filter(({ kind }) => kind === 'pass').map(({ pattern }) => pattern);
    return missing.length === 0
      ? { kind: 'nothing-wrong' }
      : { kind: 'missing-pass-pattern', patterns: missing };
  }

  #tryPiece(piece: Piece): Failure | undefined {
    this.#options.beat?.();
    try {
      return this.#scanPiece(piece);
    } finally {
      this.#options.beat?.();
    }
  }

  /** Finds the first line that fails the job; strikes off the pass patterns found on the way. */
  #scanPiece({ text, startsLine, overlapFrom }: Piece): Failure | undefined {
    // A piece that starts inside a line must not let `^` match there.
    let from = startsLine ? 0 : 1;
    while (this.#wanted.length > 0) {
      this.#joined.lastIndex = from;
      const match = this.#joined.exec(text);
      if (match === null || match.index >= overlapFrom) return undefined;
      const lineEnd = text.indexOf('\n', match.index);
      const line = { start: from, end: Math.min(lineEnd < 0 ? text.length : lineEnd, overlapFrom - 1) };
      const found = this.#wanted.filter((pattern) => matchesLine(pattern, text, line));
      const failed = found.find(({ kind }) => kind === 'fail');
      if (failed !== undefined) return { pattern: failed, at: matchStart(failed, text, line) };
      this.#wanted = this.#wanted.filter((pattern) => !found.includes(pattern));
      this.#joined = this.#set.join(this.#wanted);
      if (lineEnd < 0) return undefined;
      from = lineEnd + 1;
    }
    return undefined;
  }

  #describeFailure({ text, offset }: Piece, { pattern, at }: Failure): Finding {
    const lineStart = text.slice(0, at).lastIndexOf('\n') + 1;
    const linesBefore = countChars(text.slice(0, lineStart), '\n');
    const line = text.slice(lineStart, indexOrEnd(text, '\n', at));
    return {
      kind: 'fail-pattern',
      pattern: pattern.pattern,
      text: cutLineAround(line, at - lineStart),
      line: this.#log.countLines(offset) + linesBefore + 1,
      context: this.#log.linesAfter(offset, { skip: linesBefore + 1, count: LINES_AFTER_FAILURE }),
    };
  }
}

function matchStart({ expression }: LinePattern, text: string, line: LineSpan): number {
  expression.lastIndex = line.start;
  return expression.exec(text)?.index ?? line.start;
}

function indexOrEnd(text: string, char: string, from: number): number {
  const index = text.indexOf(char, from);
  return index < 0 ? text.length : index;
}

function countChars(text: string, char: string): number {
  let count = 0;
  for (let at = text.indexOf(char); at >= 0; at = text.indexOf(char, at + 1)) count++;
  return count;
}

/** Node ends its messages with the call and the path, which our own message names. */
function describeError(error: unknown): string {
  return error instanceof Error
    ? error.message.replace(/, (?:open|read|fstat)(?: '.*')?$/s, '')
    : String(error);
}
