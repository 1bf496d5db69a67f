// Bounds how many failures are shown one by one: the first ones of each window in full, the rest as a count.

/** Rations lines about failures. A window is the time between two calls of {@link endWindow}. */
export class FailureTicker {
  readonly #mostLines: number;
  #shown = 0;
  #more = 0;

  /** @param mostLines - Failures to show in full in one window, >= 1. */
  constructor(mostLines: number) {
    this.#mostLines = mostLines;
  }

  /** Whether one more failure may be shown in this window; if not, it is counted. */
  admit(): boolean {
    if (this.#shown < this.#mostLines) {
      this.#shown++;
      return true;
    }
    this.#more++;
    return false;
  }

  /** Starts a new window. Returns the line about the failures that were not shown, or none. */
  endWindow(): string[] {
    const more = this.#more;
    this.#shown = 0;
    this.#more = 0;
    return more === 0 ? [] : [`... and ${more} more failure${more === 1 ? '' : 's'}`];
  }
}
