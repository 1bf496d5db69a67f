// Goes on after bad input, so that all problems of a step are reported together. Knows no input.
import { formatProblem, UserError, type Problem } from '../model/index.js';

/**
 * Maps every item, whatever is wrong with some.
 *
 * @throws UserError with the problems of all items, each once; anything else at once.
 */
export function collectEach<T, R>(items: readonly T[], act: (item: T) => R): R[] {
  const problems: Problem[] = [];
  const results: R[] = [];
  for (const item of items) {
    try {
      results.push(act(item));
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      problems.push(...error.problems);
    }
  }
  throwProblems(problems);
  return results;
}

/** Like {@link collectEach} for promises: waits for all of them. */
export async function collectAll<R>(promises: readonly Promise<R>[]): Promise<R[]> {
  const settled = await Promise.allSettled(promises);
  return collectEach(settled, (one) => {
    if (one.status === 'fulfilled') return one.value;
    throw one.reason;
  });
}

function throwProblems(problems: readonly Problem[]): void {
  if (problems.length === 0) return;
  const once = new Map(problems.map((problem) => [formatProblem(problem), problem]));
  throw new UserError([...once.values()]);
}
