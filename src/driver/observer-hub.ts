// Hands events to observers and keeps the run safe from them. Knows nothing of what they do.
import type { Observer, RunEvent } from '../model/run-event.js';
import { messageOf } from '../util/message-of.js';

/** Longest the end of a run waits for one observer to finish its writing, in milliseconds. */
const CLOSE_TIMEOUT_MS = 30_000;

/** The observers of a run. One that throws or rejects is reported once and dropped; none can stop or delay the run. */
export class ObserverHub {
  readonly #observers: Set<Observer>;
  readonly #report: (message: string) => void;
  readonly #pending = new Map<Observer, Set<Promise<void>>>();

  /** @param report - Receives one line for each observer that is dropped. */
  constructor(observers: readonly Observer[], report: (message: string) => void) {
    this.#observers = new Set(observers);
    this.#report = report;
  }

  publish(event: RunEvent): void {
    this.#tell(event, this.#observers);
  }

  /** Tells what happened before the run was taken up again. */
  replay(past: Iterable<RunEvent>): void {
    const told = [...this.#observers].filter(({ skipsPast }) => skipsPast !== true);
    for (const event of past) this.#tell(event, event.kind === 'run-started' ? this.#observers : told);
  }

  #tell(event: RunEvent, observers: Iterable<Observer>): void {
    for (const observer of observers) {
      try {
        const answer = observer.notify(event);
        if (answer instanceof Promise) this.#track(observer, answer);
      } catch (error) {
        this.#drop(observer, error);
      }
    }
  }

  /** Lets every observer finish, for a bounded time. Never rejects. */
  async close(): Promise<void> {
    await Promise.all([...this.#observers].map((observer) => this.#closeOne(observer)));
  }

  async #closeOne(observer: Observer): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const tooLate = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        reject(new Error(`did not finish within ${CLOSE_TIMEOUT_MS / 1000} s`));
      }, CLOSE_TIMEOUT_MS);
    });
    const finish = async (): Promise<void> => {
      await Promise.all([...(this.#pending.get(observer) ?? [])]);
      await observer.close?.();
    };
    try {
      await Promise.race([finish(), tooLate]);
    } catch (error) {
      this.#drop(observer, error);
    } finally {
      clearTimeout(timer);
    }
  }

  #track(observer: Observer, answer: Promise<void>): void {
    const pending = this.#pending.get(observer) ?? new Set();
    this.#pending.set(observer, pending);
    const settled = answer.then(
      () => {
        pending.delete(settled);
      },
      (error: unknown) => {
        pending.delete(settled);
        this.#drop(observer, error);
      },
    );
    pending.add(settled);
  }

  #drop(observer: Observer, error: unknown): void {
    if (!this.#observers.delete(observer)) return;
    const message = messageOf(error);
    this.#report(`observer ${observer.name} failed and is ignored from now on: ${message}`);
  }
}
