// The status display of `--status none`: shows no progress, still prints the lines others hand it.
import { escapeControls } from '../../model/problem.js';
import { GuardedStream } from './guarded-stream.js';
import type { StatusDisplay, StatusStream } from './status-stream.js';

/** Prints lines and ignores the run. */
export class SilentDisplay implements StatusDisplay {
  readonly name = 'status';
  readonly #out: GuardedStream;

  constructor(stream: StatusStream) {
    this.#out = new GuardedStream(stream);
  }

  readonly notify = (): void => {
    // Nothing of the run is shown.
  };

  readonly printLine = (text: string): void => {
    this.#out.write(`${escapeControls(text)}\n`);
  };

  readonly close = async (): Promise<void> => {
    await this.#out.release();
  };
}
