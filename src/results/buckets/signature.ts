// Says under which signature a job's failure is counted. Pure; knows one reason at a time.
import type { Reason, ReasonKind } from '../../model/reason.js';
import { describeReason } from '../../model/reason.js';
import { normaliseMessage } from './normalise.js';

const ERROR_WORD =
  /\b(?:error|fatal|fail(?:ed|ure)?|assert(?:ion)?|undefined|exception|traceback|cannot|no such)\b|\*E,|\*F,|%Error/i;

/** A message of UVM's, behind the sign that Questa puts before each line; not a line of the counts that end its log. */
const UVM_ERROR = /^[#\s]*UVM_(?:ERROR|FATAL)\b(?!\s*:\s*\d+\s*$)/;

/** What make says after a command has failed: true, but not why. */
const MAKE_ECHO = /^\s*(?:g?make|ninja)\b/;

/** What a signature is made of: a reason put into words, as results.json has it too. */
export interface WordedReason {
  readonly kind: ReasonKind;
  readonly message: string;
  /** Lines of the log. */
  readonly context?: readonly string[];
}

/** The signature of a failure, or null; see {@link findWordedSignature}. */
export function findSignature(reason: Reason): string | null {
  return findWordedSignature({ ...reason, message: describeReason(reason) });
}

/**
 * The signature of a failure, or null when the job did not fail by itself: a dependency's failure, or a stop, is
 * counted where it happened.
 */
export function findWordedSignature({ kind, message, context = [] }: WordedReason): string | null {
  switch (kind) {
    case 'dependency':
    case 'stopped':
      return null;
    case 'missing-pass-pattern':
    case 'exit-code':
    case 'signal':
      return withErrorLine(message, context);
    case 'timeout':
      return 'ran longer than its limit';
    default:
      // Of these, and of kinds that only a later version's record has, the message says all.
      return normaliseMessage(message);
  }
}

/** The words, and the first of the log's last lines that looks like the error behind them. */
function withErrorLine(words: string, context: readonly string[]): string {
  const errors = context.filter((line) => UVM_ERROR.test(line) || ERROR_WORD.test(line));
  const error = errors.find((line) => !MAKE_ECHO.test(line)) ?? errors[0];
  return error === undefined ? words : `${words}: ${normaliseMessage(error)}`;
}
