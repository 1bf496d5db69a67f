// Ends every switch over a tagged union: the compiler proves that no case is missing. Knows no union.

/**
 * Marks a place that no value can reach.
 *
 * @param value - The union after all its cases were handled; its type must be `never`.
 * @throws Error, always: reaching this at run time is a broken invariant, not bad input.
 */
export function unreachable(value: never): never {
  throw new Error(`Unreachable case: ${JSON.stringify(value)}`);
}
