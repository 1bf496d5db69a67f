// Shows what went wrong before a run: problems and warnings on stderr. Knows nothing of where they come from.
import { formatProblem, type Problem } from '../model/problem.js';
import type { CliStreams } from './main.js';
import type { RunOptions } from './run-options.js';

/** One line a problem. */
export function formatProblems(level: 'error' | 'warning', problems: readonly Problem[]): string {
  return problems.map((problem) => `regatta: ${level}: ${formatProblem(problem)}\n`).join('');
}

/** Takes warnings to stderr, unless only errors are wanted. */
export function createWarner(
  logLevel: RunOptions['logLevel'],
  streams: CliStreams,
): (problem: Problem) => void {
  return (problem) => {
    if (logLevel !== 'error') streams.stderr.write(formatProblems('warning', [problem]));
  };
}
