// Why a job failed or was killed, as data, and the one place that puts it into words.
import { unreachable } from '../util/unreachable.js';

/** Who asked for a job, or the whole run, to stop. */
export type StopCause =
  | { readonly kind: 'signal'; readonly signal: string }
  | { readonly kind: 'fail-fast'; readonly failures: number }
  | { readonly kind: 'user'; readonly by: string }
  | { readonly kind: 'error'; readonly message: string };

/**
 * Reason of an outcome other than passed. `line` is the 1-based number of the log line at fault;
 * `context` holds log lines, verbatim, bounded in number and length.
 */
export type Reason =
  | { readonly kind: 'exit-code'; readonly exitCode: number; readonly context: readonly string[] }
  | { readonly kind: 'signal'; readonly signal: string; readonly context: readonly string[] }
  | {
      readonly kind: 'fail-pattern';
      readonly pattern: string;
      readonly text: string;
      readonly line: number;
      readonly context: readonly string[];
    }
  | {
      readonly kind: 'missing-pass-pattern';
      readonly patterns: readonly string[];
      readonly context: readonly string[];
    }
  | { readonly kind: 'timeout'; readonly limitMins: number; readonly leftovers?: readonly string[] }
  | {
      readonly kind: 'dependency';
      /** The dependency that decided it. */
      readonly job: string;
      readonly status: 'failed' | 'killed';
      /** The job whose own end (not a dependency's) started it all; equals `job` for a direct dependency. */
      readonly culprit: string;
      /** The culprit's own reason, in words. */
      readonly because: string;
    }
  | { readonly kind: 'stopped'; readonly by: StopCause; readonly leftovers?: readonly string[] }
  | { readonly kind: 'launch-error'; readonly message: string }
  | { readonly kind: 'log-error'; readonly message: string }
  | { readonly kind: 'lost'; readonly message: string }
  | { readonly kind: 'resource'; readonly message: string }
  /** What the fake backend was told to pretend. */
  | { readonly kind: 'fake'; readonly message: string };

export type ReasonKind = Reason['kind'];

/** Words for who stopped a job or a run. */
export function describeStopCause(cause: StopCause): string {
  switch (cause.kind) {
    case 'signal':
      return cause.signal;
    case 'fail-fast':
      return `--fail-fast after ${cause.failures} failure${cause.failures === 1 ? '' : 's'}`;
    case 'user':
      return cause.by;
    case 'error':
      return cause.message;
    default:
      return unreachable(cause);
  }
}

function describeLeftovers(leftovers: readonly string[] | undefined): string {
  return leftovers === undefined || leftovers.length === 0 ? '' : `; still alive: ${leftovers.join(', ')}`;
}

/** One line, without a full stop, that says why; for people and for `reason.message` of results.json. */
export function describeReason(reason: Reason): string {
  switch (reason.kind) {
    case 'exit-code':
      return `exit code ${reason.exitCode}`;
    case 'signal':
      return `ended by ${reason.signal}`;
    case 'fail-pattern':
      return reason.text;
    case 'missing-pass-pattern':
      return `no line matches ${reason.patterns.map((pattern) => `/${pattern}/`).join(', ')}`;
    case 'timeout':
      return `ran longer than its limit of ${reason.limitMins} min${describeLeftovers(reason.leftovers)}`;
    case 'dependency':
      return reason.job === reason.culprit
        ? `dependency ${reason.job} ${reason.status === 'failed' ? 'failed' : 'was killed'}: ${reason.because}`
        : `dependency ${reason.job} was killed because of ${reason.culprit}: ${reason.because}`;
    case 'stopped':
      return `stopped by ${describeStopCause(reason.by)}${describeLeftovers(reason.leftovers)}`;
    case 'launch-error':
    case 'log-error':
    case 'lost':
    case 'resource':
    case 'fake':
      return reason.message;
    default:
      return unreachable(reason);
  }
}
