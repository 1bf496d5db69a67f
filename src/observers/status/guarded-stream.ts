// Writes to a stream that may go away: a closed pipe or a hung-up terminal silences it and harms nobody.
import type { StatusStream } from './status-stream.js';

/** A status stream whose failures are swallowed on purpose: there is nowhere left to report them. */
export class GuardedStream {
  #isLost = false;
  readonly #onError = (): void => {
    this.#isLost = true;
  };

  constructor(readonly stream: StatusStream) {
    stream.on('error', this.#onError);
  }

  /** Whether writing still makes sense. */
  get isUsable(): boolean {
    return !this.#isLost && this.stream.writable;
  }

  write(text: string): void {
    if (this.isUsable) this.stream.write(text);
  }

  /** Waits for what was written, then lets go of the stream; it stays open. */
  async release(): Promise<void> {
    if (this.isUsable)
      await new Promise<void>((resolve) =>
        this.stream.write('', () => {
          resolve();
        }),
      );
    this.stream.off('error', this.#onError);
  }
}
