// Waits, within bounds, for something only visible by looking. For what can be awaited, await it instead.
import { setTimeout as delay } from 'node:timers/promises';

/** Bounds of a wait. */
export interface EventuallyOptions {
  /** Gives up after this long. Default 30,000 ms. */
  readonly timeoutMs?: number;
  /** Time between two looks. Default 5 ms. */
  readonly intervalMs?: number;
}

/**
 * Looks again and again until the condition holds.
 *
 * @param what - What is awaited, for the error's message: `the child to write its pid`.
 * @param look - Returns the awaited value, or undefined or false for "not yet". What it throws is thrown on.
 * @returns The first value that is neither undefined nor false.
 * @throws Error naming `what` when the time is over.
 */
export async function eventually<T>(
  what: string,
  look: () => T | undefined | false | Promise<T | undefined | false>,
  options: EventuallyOptions = {},
): Promise<T> {
  const { timeoutMs = 30_000, intervalMs = 5 } = options;
  const giveUpAt = performance.now() + timeoutMs;
  for (;;) {
    const seen = await look();
    if (seen !== undefined && seen !== false) return seen;
    if (performance.now() >= giveUpAt) throw new Error(`waited ${timeoutMs} ms in vain for ${what}`);
    await delay(intervalMs);
  }
}
