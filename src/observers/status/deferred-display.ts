// Stands in for a display whose code is still being loaded: keeps what it is told until then. Knows no stream.
import type { RunEvent } from '../../model/run-event.js';
import type { StatusDisplay } from './status-stream.js';

/** A status display that comes a little late and has missed nothing. */
export class DeferredDisplay implements StatusDisplay {
  readonly name = 'status';
  readonly #arrival: Promise<void>;
  #display: StatusDisplay | null = null;
  #missed: ((display: StatusDisplay) => void)[] = [];

  /** @param loading - Never rejects. */
  constructor(loading: Promise<StatusDisplay>) {
    this.#arrival = loading.then((display) => {
      this.#display = display;
      for (const tell of this.#missed.splice(0)) tell(display);
    });
  }

  readonly notify = (event: RunEvent): void => {
    this.#tell((display) => void display.notify(event));
  };

  readonly printLine = (text: string): void => {
    this.#tell((display) => {
      display.printLine(text);
    });
  };

  readonly close = async (): Promise<void> => {
    await this.#arrival;
    await this.#display?.close();
  };

  #tell(tell: (display: StatusDisplay) => void): void {
    if (this.#display === null) this.#missed.push(tell);
    else tell(this.#display);
  }
}
