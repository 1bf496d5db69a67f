// A stream that remembers what was written and may claim to be a terminal.
import { Writable } from 'node:stream';

/** Collects text; `columns` and `rows` may be changed by the test, which then emits `resize`. */
export class MemoryStream extends Writable {
  columns = 80;
  rows = 24;
  text = '';
  writes = 0;

  constructor(readonly isTTY: boolean) {
    super({ decodeStrings: false });
  }

  override _write(chunk: string, _encoding: string, callback: (error?: Error) => void): void {
    this.text += chunk;
    if (chunk !== '') this.writes++;
    callback();
  }

  /** What was written since the last call. */
  take(): string {
    const { text } = this;
    this.text = '';
    return text;
  }
}
