// Asks the engine what is in its queue: one query at a time, seldom while nothing happens, never while there is nothing to ask about.
// Knows what to ask and when; what the answers mean is others' business.
import type { Clock, TimerHandle } from '../../model/clock.js';
import { messageOf } from '../../util/message-of.js';
import type { BatchEngine, QueryReply, QueryScope } from './engine.js';
import type { Pace } from './pace.js';
import type { CommandRunner } from './run-command.js';

/** How much longer each wait is than the last. */
const GROWTH = 1.5;

/** An answer, and how it came about. */
export type DatedReply = QueryReply & {
  readonly askedAtMs: number;
  /** Answers in a row, this one included, that the engine's description failed to word or to read; 0: it did not fail. */
  readonly faults: number;
};

/** After so many faults in a row nothing is to be hoped for from another query. */
const HOPELESS_FAULTS = 3;

/** Whether it is no use to ask until an answer comes. */
export function isHopeless({ faults }: DatedReply): boolean {
  return faults >= HOPELESS_FAULTS;
}

/** What a {@link QueueWatch} is made of. */
export interface QueueWatchParts {
  readonly engine: BatchEngine;
  readonly scope: QueryScope;
  readonly run: CommandRunner;
  readonly clock: Clock;
  readonly pace: Pace;
  /** Whether there is anything to ask about. */
  readonly isNeeded: () => boolean;
  readonly onReply: (reply: DatedReply) => void;
}

/** Queries of one run. */
export class QueueWatch {
  readonly #parts: QueueWatchParts;
  #timer: { readonly handle: TimerHandle; readonly atMs: number } | null = null;
  #waitMs: number;
  #asking: Promise<DatedReply> | null = null;
  #isStopped = false;
  #faults = 0;
  /** Queries asked so far. */
  queries = 0;

  constructor(parts: QueueWatchParts) {
    this.#parts = parts;
    this.#waitMs = parts.pace.minQueryMs;
  }

  /** Has the next query come soon, `withinMs` at most, and the waits grow from there again. */
  hurry(withinMs = this.#parts.pace.minQueryMs): void {
    this.#waitMs = Math.min(this.#waitMs, withinMs);
    this.#schedule();
  }

  /** Asks as soon as the query under way is answered, if there is one: the answer is about now or later. */
  async ask(): Promise<DatedReply> {
    while (this.#asking !== null) await this.#asking;
    return this.#ask();
  }

  stop(): void {
    this.#isStopped = true;
    this.#clearTimer();
  }

  #schedule(): void {
    const { clock, isNeeded } = this.#parts;
    if (this.#isStopped || this.#asking !== null || !isNeeded()) return;
    const atMs = clock.now() + this.#waitMs;
    if (this.#timer !== null && this.#timer.atMs <= atMs) return;
    this.#clearTimer();
    const handle = clock.setTimer(atMs, () => {
      this.#timer = null;
      if (isNeeded() && this.#asking === null) void this.#ask();
    });
    this.#timer = { handle, atMs };
  }

  #ask(): Promise<DatedReply> {
    this.#clearTimer();
    const asking = this.#perform();
    this.#asking = asking;
    return asking;
  }

  async #perform(): Promise<DatedReply> {
    const { clock, pace, onReply } = this.#parts;
    this.queries++;
    const askedAtMs = clock.now();
    const reply = await this.#fetch();
    this.#asking = null;
    const dated = { ...reply, askedAtMs, faults: this.#faults };
    this.#waitMs = Math.min(this.#waitMs * GROWTH, pace.maxQueryMs);
    onReply(dated);
    this.#schedule();
    return dated;
  }

  async #fetch(): Promise<QueryReply> {
    const { engine, scope, run } = this.#parts;
    try {
      const result = await run(engine.query(scope));
      const reply: QueryReply =
        result.kind === 'answered'
          ? engine.readQuery(result.answer, scope)
          : { kind: 'unavailable', message: result.message };
      this.#faults = 0;
      return reply;
    } catch (error) {
      this.#faults++;
      return { kind: 'unavailable', message: messageOf(error) };
    }
  }

  #clearTimer(): void {
    if (this.#timer !== null) this.#parts.clock.clearTimer(this.#timer.handle);
    this.#timer = null;
  }
}
