// Decides when to draw: soon after a change, but not too often, and never while nothing happens. Draws nothing itself.
import type { Clock, TimerHandle } from '../../model/clock.js';

/** What a pacer needs. Times in milliseconds. */
export interface PacerOptions {
  readonly clock: Clock;
  /** Least time between two frames. */
  readonly intervalMs: number;
  /** When the frame before the first one is held to have been: -Infinity to draw at the first request. */
  readonly lastFrameMs: number;
  /** Draws a frame; returns after how long to draw again without a request, or null for never. */
  readonly draw: () => number | null;
}

/** At most one frame per interval; holds a timer only while a frame is due. */
export class FramePacer {
  readonly #options: PacerOptions;
  #timer: TimerHandle | null = null;
  #lastFrameMs: number;
  #isRequested = false;

  constructor(options: PacerOptions) {
    this.#options = options;
    this.#lastFrameMs = options.lastFrameMs;
  }

  /** Asks for a frame, because something changed. Cheap when one is already asked for. */
  request(): void {
    if (this.#isRequested) return;
    this.#isRequested = true;
    this.#schedule(Math.max(this.#options.clock.now(), this.#lastFrameMs + this.#options.intervalMs));
  }

  /** Draws no more, unless asked again. */
  stop(): void {
    if (this.#timer !== null) this.#options.clock.clearTimer(this.#timer);
    this.#timer = null;
    this.#isRequested = false;
  }

  #schedule(atMs: number): void {
    if (this.#timer !== null) this.#options.clock.clearTimer(this.#timer);
    this.#timer = this.#options.clock.setTimer(atMs, () => {
      this.#fire();
    });
  }

  #fire(): void {
    this.#timer = null;
    this.#isRequested = false;
    this.#lastFrameMs = this.#options.clock.now();
    const againMs = this.#options.draw();
    // A request may have come in while drawing; its timer is the earlier one.
    if (againMs !== null && this.#timer === null) this.#schedule(this.#lastFrameMs + againMs);
  }
}
