// Bad input as data: problems with place and advice, collected and thrown together.
import type { JobSource, Origin } from './job-spec.js';

/** One thing wrong with what the user gave us. */
export interface Problem {
  /** Stable kebab-case name of the kind of problem, e.g. `unknown-dependency`. */
  readonly code: string;
  /** What is wrong, naming the job, file, key or option; one line. */
  readonly message: string;
  readonly origin?: Origin | undefined;
  /** What to do about it. */
  readonly hint?: string | undefined;
}

/**
 * The user's input cannot be used; nothing was run. The command line prints every problem and exits with code 2.
 * Thrown with at least one problem.
 */
export class UserError extends Error {
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[] | Problem, options?: ErrorOptions) {
    const list = Array.isArray(problems) ? (problems as readonly Problem[]) : [problems as Problem];
    super(list.map(formatProblem).join('\n'), options);
    this.name = 'UserError';
    this.problems = list;
  }
}

/** Some jobs of the input cannot be used; the others are at hand, so that what is wrong with them can be told with it. */
export class PartialInputError extends UserError {
  /** @param readable - The jobs that can be used, in order. */
  constructor(
    problems: readonly Problem[],
    readonly readable: JobSource,
  ) {
    super(problems);
  }
}

/** `file:line:column: message (hint)`, with control characters made visible so that a name cannot forge lines. */
export function formatProblem(problem: Problem): string {
  const { origin, hint } = problem;
  const place = origin === undefined ? '' : `${formatOrigin(origin)}: `;
  return escapeControls(`${place}${problem.message}${hint === undefined ? '' : ` (${hint})`}`);
}

/** `file`, `file:line` or `file:line:column`. */
export function formatOrigin(origin: Origin): string {
  return [origin.file, origin.line, origin.column].filter((part) => part !== undefined).join(':');
}

/** Text with control characters, and those that turn the order of others around, written as JSON escapes. */
export function escapeControls(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g, (char) => {
    const named: Record<string, string> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };
    return named[char] ?? `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}
