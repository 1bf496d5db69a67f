// How far away a timer may be.

/** Longest delay that Node's timers take, in milliseconds: 24 days. With a longer one they fire at once. */
export const LONGEST_DELAY_MS = 2 ** 31 - 1;
