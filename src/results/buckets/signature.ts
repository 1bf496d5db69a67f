// Says under which signature a job's failure is counted. Pure; knows one reason at a time.
import type { Reason } from '../../model/reason.js';
import { describeReason } from '../../model/reason.js';
import { unreachable } from '../../util/unreachable.js';
import { normaliseMessage } from './normalise.js';

const ERROR_WORD =
  /\b(?:error|fatal|fail(?:ed|ure)?|assert(?:ion)?|undefined|exception|traceback|cannot|no such)\b|\*E,|\*F,|%Error/i;

/** What make says after a command has failed: true, but not why. */
const MAKE_ECHO = /^\s*(?:g?make|ninja)\b/;

/**
 * The signature of a failure, or null when the job did not fail by itself: a dependency's failure, or a stop, is
 * counted where it happened.
 */
export function findSignature(reason: Reason): string | null {
  switch (reason.kind) {
    case 'dependency':
    case 'stopped':
      return null;
    case 'fail-pattern':
      return normaliseMessage(reason.text);
    case 'missing-pass-pattern':
    case 'exit-code':
    case 'signal':
      return withErrorLine(describeReason(reason), reason.context);
    case 'timeout':
      return 'ran longer than its limit';
    case 'launch-error':
    case 'log-error':
    case 'lost':
    case 'resource':
    case 'fake':
      return normaliseMessage(reason.message);
    default:
      return unreachable(reason);
  }
}

/** The words, and the first of the log's last lines that looks like the error behind them. */
function withErrorLine(words: string, context: readonly string[]): string {
  const errors = context.filter((line) => ERROR_WORD.test(line));
  const error = errors.find((line) => !MAKE_ECHO.test(line)) ?? errors[0];
  return error === undefined ? words : `${words}: ${normaliseMessage(error)}`;
}
