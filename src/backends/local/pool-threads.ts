// How many threads a launcher's pool has, and what they do. A page of its own, because the run sets the number in the
// launcher's environment without loading what uses it.

/** Threads that start processes. */
export const SPAWN_THREADS = 2;

/** Those, and the one that waits for processes to end. */
export const POOL_THREADS = SPAWN_THREADS + 1;
