// Things to do at certain times, with one timer for all that fall into the same millisecond. Knows not what they are.
import type { Clock, TimerHandle } from '../../model/clock.js';

interface Appointment<T> {
  readonly timer: TimerHandle;
  /** In the order in which they were added. */
  readonly items: Set<T>;
}

/** Hands out items when they are due, those of one millisecond together. */
export class Agenda<T> {
  readonly #clock: Clock;
  readonly #onDue: (items: readonly T[]) => void;
  readonly #appointments = new Map<number, Appointment<T>>();

  /** @param onDue - Receives at least one item. */
  constructor(clock: Clock, onDue: (items: readonly T[]) => void) {
    this.#clock = clock;
    this.#onDue = onDue;
  }

  /** @param dueMs - A whole number. The item must not be on the agenda yet. */
  add(dueMs: number, item: T): void {
    const appointment = this.#appointments.get(dueMs);
    if (appointment !== undefined) {
      appointment.items.add(item);
      return;
    }
    const timer = this.#clock.setTimer(dueMs, () => {
      this.#keep(dueMs);
    });
    this.#appointments.set(dueMs, { timer, items: new Set([item]) });
  }

  /** Takes an item off; harmless when it is not there. */
  remove(dueMs: number, item: T): void {
    const appointment = this.#appointments.get(dueMs);
    if (appointment?.items.delete(item) !== true || appointment.items.size > 0) return;
    this.#appointments.delete(dueMs);
    this.#clock.clearTimer(appointment.timer);
  }

  /** Takes everything off; no timer is left. */
  clear(): void {
    for (const { timer } of this.#appointments.values()) this.#clock.clearTimer(timer);
    this.#appointments.clear();
  }

  #keep(dueMs: number): void {
    const items = this.#appointments.get(dueMs)?.items ?? [];
    this.#appointments.delete(dueMs);
    this.#onDue([...items]);
  }
}
