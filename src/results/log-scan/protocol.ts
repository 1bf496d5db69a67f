// Words between the thread that judges jobs and the threads that read their logs: plain, structured-cloneable data.

/** One log to read. */
export interface ScanRequest {
  readonly path: string;
  readonly failPatterns: readonly string[];
  readonly passPatterns: readonly string[];
  /** Bring the last lines although nothing is wrong with the log. */
  readonly wantsLastLines: boolean;
  /** Name of the tool whose report of the simulated time to look for; null: none. */
  readonly tool: string | null;
  /** Read it whatever its size; otherwise a log above {@link LARGE_LOG_BYTES} is answered `too-large`. */
  readonly evenLarge: boolean;
}

/** Logs above this size are read on a lane of their own, so that short logs never wait behind them. */
export const LARGE_LOG_BYTES = 16 * 1024 * 1024;

/** What a log says about its job. */
export type Finding =
  /** Some line matches a fail pattern; this is the first such line, and the first pattern of the list that it matches. */
  | {
      readonly kind: 'fail-pattern';
      readonly pattern: string;
      readonly text: string;
      /** Counts from 1. */
      readonly line: number;
      /** The lines after it. */
      readonly context: readonly string[];
    }
  /** No line matches a fail pattern; no line matches these pass patterns. */
  | { readonly kind: 'missing-pass-pattern'; readonly patterns: readonly string[] }
  | { readonly kind: 'nothing-wrong' };

/** Answer to a {@link ScanRequest}. */
export type ScanReply =
  | {
      readonly kind: 'scanned';
      readonly finding: Finding;
      /** The last lines, when a pass pattern is missing or they were asked for; otherwise empty. */
      readonly lastLines: readonly string[];
      readonly simulatedTimeUs: number | null;
    }
  | { readonly kind: 'too-large' }
  | { readonly kind: 'unreadable'; readonly message: string };

/** Shared between a lane and its thread, so that the lane can tell a slow disk from a pattern that never ends. */
export interface Heartbeat {
  /** Goes up before each piece of a log is matched, and after. Odd: a match is being tried. */
  readonly beats: Int32Array;
}

/** A heartbeat that can be sent to a thread. */
export function createHeartbeat(): Heartbeat {
  return { beats: new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)) };
}
