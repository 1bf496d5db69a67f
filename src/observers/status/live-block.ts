// Keeps a block of lines at the bottom of a terminal, with permanent lines scrolling up above it. Knows no run.
import { createLogUpdate } from 'log-update';
import stringWidth from 'string-width';
import { GuardedStream } from './guarded-stream.js';
import type { StatusStream } from './status-stream.js';

/** Size assumed of a terminal that does not tell, as log-update assumes it. */
const DEFAULT_COLUMNS = 80;
const DEFAULT_ROWS = 24;

/** Terminals disagree about the width of emoji and their kin: what one takes for wider than we do must not wrap, but end at the margin. */
const WRAP_OFF = '\u001b[?7l';
const WRAP_ON = '\u001b[?7h';

/**
 * The live block. The cursor stays visible, below the block, and lines wrap but while a frame is written: there is nothing to
 * restore, however the process ends.
 */
export class LiveBlock {
  readonly #out: GuardedStream;
  readonly #update: ReturnType<typeof createLogUpdate>;
  readonly #onDisturbed: () => void;
  readonly #onResize = (): void => {
    this.#eraseReflowed();
    this.#onDisturbed();
  };
  readonly #onContinue = (): void => {
    // We were stopped and are back: what the shell wrote meanwhile stands below the block.
    this.#forget();
    this.#onDisturbed();
  };
  #lines: readonly string[] = [];

  /**
   * @param stream - A terminal.
   * @param onDisturbed - Called when the block is gone from the screen and should be drawn anew.
   */
  constructor(stream: StatusStream, onDisturbed: () => void) {
    this.#out = new GuardedStream(stream);
    this.#update = createLogUpdate(withoutWrapping(stream), { showCursor: true });
    this.#onDisturbed = onDisturbed;
    stream.on('resize', this.#onResize);
    process.on('SIGCONT', this.#onContinue);
  }

  /** Room for the block, in cells and lines. */
  get columns(): number {
    return this.#out.stream.columns ?? DEFAULT_COLUMNS;
  }

  get rows(): number {
    return this.#out.stream.rows ?? DEFAULT_ROWS;
  }

  /** Shows these lines, none wider than the terminal, instead of those shown before. */
  draw(lines: readonly string[]): void {
    if (!this.#out.isUsable) return;
    if (lines.length === 0) {
      this.erase();
      return;
    }
    this.#lines = lines;
    this.#update(lines.join('\n'));
  }

  /** Takes the block off the screen. */
  erase(): void {
    if (this.#lines.length === 0 || !this.#out.isUsable) return;
    this.#lines = [];
    this.#update.clear();
  }

  /** Takes the block off the screen and writes lines that stay, of any width, in its place. */
  print(lines: readonly string[]): void {
    this.erase();
    this.#out.write(lines.map((line) => `${line}\n`).join(''));
  }

  /** Leaves the block on the screen for good and lets go of the terminal. */
  async release(): Promise<void> {
    this.#out.stream.off('resize', this.#onResize);
    process.off('SIGCONT', this.#onContinue);
    this.#forget();
    await this.#out.release();
  }

  #forget(): void {
    this.#lines = [];
    this.#update.done();
  }

  /**
   * A terminal made narrower wraps the lines it shows, so the block is taller than what was drawn, and log-update
   * would leave its upper part behind.
   */
  #eraseReflowed(): void {
    const height = this.#lines.reduce(
      (sum, line) => sum + Math.max(1, Math.ceil(stringWidth(line) / this.columns)),
      0,
    );
    this.#forget();
    if (height > 0) this.#out.write(`\r\u001b[${height}A\u001b[J`);
  }
}

/** The stream as log-update sees it; each of its writes is one frame. */
function withoutWrapping(stream: StatusStream): NodeJS.WritableStream {
  const frames = {
    get columns() {
      return stream.columns;
    },
    get rows() {
      return stream.rows;
    },
    isTTY: stream.isTTY,
    write: (frame: string) => stream.write(`${WRAP_OFF}${frame}${WRAP_ON}`),
  };
  return frames as unknown as NodeJS.WritableStream;
}
