// Shows what went wrong before a run: problems and warnings on stderr. Knows nothing of where they come from.
import { formatProblem, type Problem } from '../model/problem.js';

/** One line a problem. */
export function formatProblems(level: 'error' | 'warning', problems: readonly Problem[]): string {
  return problems.map((problem) => `regatta: ${level}: ${formatProblem(problem)}\n`).join('');
}
