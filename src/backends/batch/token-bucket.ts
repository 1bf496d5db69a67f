// Limits how often something is done: a bucket of tokens that fills at a steady rate. Knows no clock.

/** Starts full. Times are milliseconds of any clock that does not go back. */
export class TokenBucket {
  readonly #perMs: number;
  readonly #size: number;
  #tokens: number;
  #filledAtMs: number | null = null;

  /** @param size - Most tokens, >= 1. */
  constructor(perSecond: number, size: number) {
    this.#perMs = perSecond / 1000;
    this.#size = size;
    this.#tokens = size;
  }

  /** Takes a token, and tells how long to wait before using it; 0: at once. */
  take(nowMs: number): number {
    this.#tokens = Math.min(this.#size, this.#tokens + (nowMs - (this.#filledAtMs ?? nowMs)) * this.#perMs);
    this.#filledAtMs = nowMs;
    this.#tokens -= 1;
    return this.#tokens >= 0 ? 0 : -this.#tokens / this.#perMs;
  }
}
