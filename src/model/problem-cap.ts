// Keeps a long list of problems readable: lets the first of each kind through and counts the rest. Knows no rule.
import type { Problem } from './problem.js';

/** Most problems of one kind that are worded. */
const MAX_PROBLEMS_OF_A_KIND = 20;

/** Counts problems by code. Ask before wording one: finding its place may be slow. */
export class ProblemCap {
  readonly #counts = new Map<string, number>();

  /** Counts one more problem of kind `code`; true if it is to be reported. */
  admits(code: string): boolean {
    const count = (this.#counts.get(code) ?? 0) + 1;
    this.#counts.set(code, count);
    return count <= MAX_PROBLEMS_OF_A_KIND;
  }

  /** For each kind with problems that were not admitted, one that says how many. */
  unworded(): Problem[] {
    return [...this.#counts]
      .filter(([, count]) => count > MAX_PROBLEMS_OF_A_KIND)
      .map(([code, count]) => ({
        code,
        message: `... and ${count - MAX_PROBLEMS_OF_A_KIND} more problems of kind ${code}`,
      }));
  }
}
