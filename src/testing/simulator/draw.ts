// Small draws from a stream of random numbers.
import type { RandomStream } from '../../util/random.js';

/** A whole number from `min` to `max`, both included. */
export function drawInt(random: RandomStream, min: number, max: number): number {
  return min + Math.floor(random() * (max - min + 1));
}

/** One of `items`, of which there is at least one. */
export function pick<T>(random: RandomStream, items: readonly T[]): T {
  return items[drawInt(random, 0, items.length - 1)] as T;
}
