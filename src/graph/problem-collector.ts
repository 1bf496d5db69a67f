// Collects the problems of a job list with their places, so that all are reported together. Knows no rule itself.
import type { JobSource } from '../model/job-spec.js';
import { ProblemCap } from '../model/problem-cap.js';
import { UserError, type Problem } from '../model/problem.js';

/** Problems found so far. Only those that will be worded are located: looking up a place may be slow. */
export class ProblemCollector {
  readonly #source: JobSource;
  readonly #problems: Problem[] = [];
  readonly #cap = new ProblemCap();

  constructor(source: JobSource) {
    this.#source = source;
  }

  add(job: number, problem: Omit<Problem, 'origin'>): void {
    this.addLazily(job, problem.code, () => problem);
  }

  /** For a problem that takes long to word: `word` is called only if it will be shown. */
  addLazily(job: number, code: string, word: () => Omit<Problem, 'origin' | 'code'>): void {
    if (this.#cap.admits(code)) {
      this.#problems.push({ ...word(), code, origin: this.#source.locate(job) });
    }
  }

  /** @throws UserError with all that was added, if anything was. */
  throwIfAny(): void {
    if (this.#problems.length > 0) throw new UserError([...this.#problems, ...this.#cap.unworded()]);
  }
}
