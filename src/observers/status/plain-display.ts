// Shows a run as plain lines, for pipes, files and CI: what changed at each interval, ends of targets, failures.
import type { Colors } from 'picocolors/types.js';
import type { Clock } from '../../model/clock.js';
import { escapeControls } from '../../model/problem.js';
import type { JobSpec } from '../../model/job-spec.js';
import type { RunEvent } from '../../model/run-event.js';
import { FailureTicker } from './failure-ticker.js';
import { formatPlainRow } from './format-plain.js';
import { formatUsage } from './format-usage.js';
import { FramePacer } from './frame-pacer.js';
import { GuardedStream } from './guarded-stream.js';
import { describeFailure, describeStall, describeStop, isOwnFailure } from './notices.js';
import { RunTally } from './run-tally.js';
import type { StatusDisplay, StatusStream } from './status-stream.js';

/** Failures shown at once between two interval lines; later ones are counted with the next. */
const FAILURES_PER_INTERVAL = 10;

/** What a plain display needs. */
export interface PlainDisplayOptions {
  readonly stream: StatusStream;
  readonly colors: Colors;
  readonly clock: Clock;
  readonly runNow: () => number;
  /** How long a job is known to run, in milliseconds; null: not known. */
  readonly expectedMsOf?: (spec: JobSpec) => number | null;
  /** Least time between two reports of progress, in milliseconds, >= 0. */
  readonly intervalMs: number;
}

/** The status display of `--status plain`. */
export class PlainDisplay implements StatusDisplay {
  readonly name = 'status';
  readonly #options: PlainDisplayOptions;
  readonly #out: GuardedStream;
  readonly #pacer: FramePacer;
  readonly #ticker = new FailureTicker(FAILURES_PER_INTERVAL);
  /** Targets, by index, of which something changed since their last line. */
  readonly #changed = new Set<number>();
  #tally: RunTally | null = null;

  constructor(options: PlainDisplayOptions) {
    this.#options = options;
    this.#out = new GuardedStream(options.stream);
    this.#pacer = new FramePacer({
      clock: options.clock,
      intervalMs: options.intervalMs,
      lastFrameMs: options.clock.now(),
      draw: () => {
        this.#report();
        return null;
      },
    });
  }

  readonly notify = (event: RunEvent): void => {
    if (event.kind === 'run-started') this.#tally = new RunTally(event, this.#options.expectedMsOf);
    const tally = this.#tally;
    if (tally === null) return;
    tally.apply(event);
    if (event.kind === 'job-changed') this.#noteChange(event, tally);
    if (event.kind === 'stop-asked') this.#write([describeStop(event)]);
    if (event.kind === 'stalled') this.#write(describeStall(event, tally.jobs));
  };

  readonly printLine = (text: string): void => {
    this.#write([escapeControls(text)]);
  };

  readonly close = async (): Promise<void> => {
    this.#pacer.stop();
    this.#report();
    await this.#out.release();
  };

  #noteChange(event: Extract<RunEvent, { kind: 'job-changed' }>, tally: RunTally): void {
    if (isOwnFailure(event) && this.#ticker.admit()) {
      this.#write([this.#options.colors.red(describeFailure(event, tally.spec(event.job)))]);
    }
    const index = tally.targetOf(event.job);
    this.#changed.add(index);
    if (tally.target(index).isDone) this.#writeRows([index], tally);
    else this.#pacer.request();
  }

  /** Writes the lines of an interval: of targets that changed, of failures left out, of what is in use. */
  #report(): void {
    const tally = this.#tally;
    if (tally === null) return;
    this.#write(this.#ticker.endWindow());
    if (this.#changed.size === 0) return;
    this.#writeRows(
      [...this.#changed].sort((a, b) => a - b),
      tally,
    );
    const { usage, notices } = tally.snapshot(this.#options.runNow());
    this.#write([...(usage.length === 0 ? [] : [`  in use: ${formatUsage(usage)}`]), ...notices]);
  }

  #writeRows(indices: readonly number[], tally: RunTally): void {
    const nowMs = this.#options.runNow();
    const { targets, total } = tally.snapshot(nowMs);
    for (const index of indices) {
      const row = targets[index];
      if (row !== undefined) this.#write([formatPlainRow(row, total.elapsedMs ?? 0)]);
      this.#changed.delete(index);
    }
  }

  #write(lines: readonly string[]): void {
    for (const line of lines) this.#out.write(`${line}\n`);
  }
}
