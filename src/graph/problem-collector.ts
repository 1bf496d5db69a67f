// Collects the problems of a job list with their places, so that all are reported together. Knows no rule itself.
import type { JobSource } from '../model/job-spec.js';
import { UserError, type Problem } from '../model/problem.js';

/** Most problems of one kind that are worded; the rest are counted. */
const MAX_PROBLEMS_OF_A_KIND = 20;

/** Problems found so far. Only those that will be worded are located: looking up a place may be slow. */
export class ProblemCollector {
  readonly #source: JobSource;
  readonly #problems: Problem[] = [];
  readonly #counts = new Map<string, number>();

  constructor(source: JobSource) {
    this.#source = source;
  }

  add(job: number, problem: Omit<Problem, 'origin'>): void {
    const count = (this.#counts.get(problem.code) ?? 0) + 1;
    this.#counts.set(problem.code, count);
    if (count <= MAX_PROBLEMS_OF_A_KIND) {
      this.#problems.push({ ...problem, origin: this.#source.locate(job) });
    }
  }

  /** @throws UserError with all that was added, if anything was. */
  throwIfAny(): void {
    if (this.#problems.length === 0) return;
    for (const [code, count] of this.#counts) {
      const unworded = count - MAX_PROBLEMS_OF_A_KIND;
      if (unworded > 0) {
        this.#problems.push({ code, message: `... and ${unworded} more problems of kind ${code}` });
      }
    }
    throw new UserError(this.#problems);
  }
}
