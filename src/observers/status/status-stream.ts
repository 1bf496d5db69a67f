// Where a status display writes, and what may be written there. Knows no run.
import type { Writable } from 'node:stream';
import type { Observer } from '../../model/run-event.js';

/** A stream that may be a terminal; `process.stderr` is one. */
export type StatusStream = Writable & {
  readonly isTTY?: boolean;
  /** Size of the terminal, in cells and lines. */
  readonly columns?: number;
  readonly rows?: number;
};

/** How a run's progress is shown; `auto`: live on a capable terminal, plain elsewhere. */
export const STATUS_MODES = ['auto', 'tty', 'plain', 'none'] as const;
export type StatusMode = (typeof STATUS_MODES)[number];

/**
 * An observer that shows progress, and through which everything else that is printed meanwhile must go.
 * Its functions are bound: they may be handed on by themselves.
 */
export interface StatusDisplay extends Observer {
  /**
   * Prints one line that stays, at any time: before, during or after the run. On a terminal it appears above the
   * live block. Control characters, line ends included, are shown as escapes.
   */
  readonly printLine: (text: string) => void;
  readonly close: () => Promise<void>;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** What `auto` means for a stream: `tty` on a terminal that can move its cursor. Other modes stand. */
export function resolveStatusMode(
  mode: StatusMode,
  stream: StatusStream,
  env: Environment,
): Exclude<StatusMode, 'auto'> {
  if (mode !== 'auto') return mode;
  return stream.isTTY === true && env.TERM !== 'dumb' ? 'tty' : 'plain';
}

/** Whether to colour: FORCE_COLOR decides (`0` or `false`: no), else NO_COLOR, else whether it is a capable terminal. */
export function wantsColor(stream: StatusStream, env: Environment): boolean {
  if (env.FORCE_COLOR !== undefined) return env.FORCE_COLOR !== '0' && env.FORCE_COLOR !== 'false';
  if (env.NO_COLOR !== undefined && env.NO_COLOR !== '') return false;
  return stream.isTTY === true && env.TERM !== 'dumb';
}
