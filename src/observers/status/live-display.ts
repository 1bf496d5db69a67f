// Shows a run on a terminal: counts in a live block, failures scrolling up above it. Knows no layout.
import type { Colors } from 'picocolors/types.js';
import type { Clock } from '../../model/clock.js';
import { escapeControls } from '../../model/problem.js';
import type { JobSpec } from '../../model/job-spec.js';
import type { RunEvent } from '../../model/run-event.js';
import { FailureTicker } from './failure-ticker.js';
import { formatLive } from './format-live.js';
import { FramePacer } from './frame-pacer.js';
import { LiveBlock } from './live-block.js';
import { describeFailure, describeStall, isOwnFailure } from './notices.js';
import { RunTally } from './run-tally.js';
import type { StatusDisplay, StatusStream } from './status-stream.js';

/** Least time between two frames: 10 a second. */
const FRAME_MS = 100;
/** While something runs and nothing changes, elapsed times are brought up to date this often. */
const IDLE_FRAME_MS = 1000;
/** Most failures a frame lets scroll up. */
const FAILURES_PER_FRAME = 5;

/** What a live display needs. */
export interface LiveDisplayOptions {
  readonly stream: StatusStream;
  readonly colors: Colors;
  /** Paces the frames; its timers must not keep the process alive. */
  readonly clock: Clock;
  /** Unix time in milliseconds on the run's clock, for elapsed times. */
  readonly runNow: () => number;
  /** How long a job is known to run, in milliseconds; null: not known. */
  readonly expectedMsOf?: (spec: JobSpec) => number | null;
}

/**
 * The status display of `--status tty`. While an interactive job runs, the terminal is the job's: nothing is drawn.
 */
export class LiveDisplay implements StatusDisplay {
  readonly name = 'status';
  readonly #options: LiveDisplayOptions;
  readonly #block: LiveBlock;
  readonly #pacer: FramePacer;
  readonly #ticker = new FailureTicker(FAILURES_PER_FRAME);
  #failures: string[] = [];
  #tally: RunTally | null = null;
  #interactive = 0;

  constructor(options: LiveDisplayOptions) {
    this.#options = options;
    this.#pacer = new FramePacer({
      clock: options.clock,
      intervalMs: FRAME_MS,
      lastFrameMs: -Infinity,
      draw: () => this.#drawFrame(),
    });
    this.#block = new LiveBlock(options.stream, () => {
      this.#pacer.request();
    });
  }

  readonly notify = (event: RunEvent): void => {
    if (event.kind === 'run-started') this.#tally = new RunTally(event, this.#options.expectedMsOf);
    const tally = this.#tally;
    if (tally === null) return;
    tally.apply(event);
    if (event.kind === 'job-changed') this.#noteChange(event, tally);
    if (event.kind === 'stalled')
      describeStall(event, tally.jobs).forEach((line) => {
        this.printLine(line);
      });
    this.#pacer.request();
  };

  readonly printLine = (text: string): void => {
    this.#block.print([escapeControls(text)]);
    // The block comes back with a frame, so that many lines cost one.
    this.#pacer.request();
  };

  readonly close = async (): Promise<void> => {
    this.#pacer.stop();
    this.#interactive = 0;
    this.#drawFrame();
    this.#tally = null;
    await this.#block.release();
  };

  #noteChange(event: Extract<RunEvent, { kind: 'job-changed' }>, tally: RunTally): void {
    const spec = tally.spec(event.job);
    if (isOwnFailure(event) && this.#ticker.admit()) {
      this.#failures.push(this.#options.colors.red(describeFailure(event, spec)));
    }
    if (!spec.interactive) return;
    if (event.to === 'running') {
      this.#interactive++;
      this.#block.erase();
    } else if (event.from === 'running') {
      this.#interactive--;
    }
  }

  /** Draws what there is to see now. Returns when to look again unasked. */
  #drawFrame(): number | null {
    const tally = this.#tally;
    if (tally === null || this.#interactive > 0) return null;
    const failures = [...this.#failures, ...this.#ticker.endWindow()];
    this.#failures = [];
    if (failures.length > 0) this.#block.print(failures);
    const { columns, rows } = this.#block;
    const snapshot = tally.snapshot(this.#options.runNow());
    this.#block.draw(formatLive(snapshot, { columns, rows, colors: this.#options.colors }));
    return tally.running > 0 ? IDLE_FRAME_MS : null;
  }
}
