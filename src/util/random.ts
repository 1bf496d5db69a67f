// Seeded pseudo-random numbers, the same on every machine. Not for secrets.

/** A stream of numbers in [0, 1). */
export type RandomStream = () => number;

/**
 * The mulberry32 generator of Tommy Ettinger (public domain): 32 bits of state, passes gjrand.
 * @param seed - Any integer; its low 32 bits count.
 */
export function createRandom(seed: number): RandomStream {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A 32-bit hash of text (FNV-1a over UTF-16 units), to derive a seed from a name. */
export function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}
