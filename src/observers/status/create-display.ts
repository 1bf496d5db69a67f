// Makes the status display that the options and the terminal ask for.
import pc from 'picocolors';
import type { Clock } from '../../model/clock.js';
import type { JobSpec } from '../../model/job-spec.js';
import { messageOf } from '../../util/message-of.js';
import { unreachable } from '../../util/unreachable.js';
import { idleClock } from '../idle-clock.js';
import { DeferredDisplay } from './deferred-display.js';
import type { LiveDisplayOptions } from './live-display.js';
import { PlainDisplay } from './plain-display.js';
import { SilentDisplay } from './silent-display.js';
import {
  resolveStatusMode,
  wantsColor,
  type StatusDisplay,
  type StatusMode,
  type StatusStream,
} from './status-stream.js';

/** How to show a run. */
export interface StatusDisplayOptions {
  readonly mode: StatusMode;
  /** Least time between two plain reports, in milliseconds, >= 0 (`--print-interval`). */
  readonly printIntervalMs: number;
  /** Where to write; default: stderr. */
  readonly stream?: StatusStream;
  /** TERM, NO_COLOR and FORCE_COLOR are looked at; default: the process's environment. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Unix time in milliseconds on the run's clock, for elapsed times; default: real time. */
  readonly runNow?: () => number;
  /** How long a job is known to run, in milliseconds, for estimates before anything has ended; null: not known. Default: of none. */
  readonly expectedMsOf?: (spec: JobSpec) => number | null;
  /** Paces what is shown, in real time even when the run's clock is virtual; default: an unreferenced real clock. */
  readonly clock?: Clock;
}

/** Makes a status display. It writes nothing before the run starts, unless told to print a line. */
export function createStatusDisplay(options: StatusDisplayOptions): StatusDisplay {
  const { stream = process.stderr, env = process.env, clock = idleClock, runNow = clock.now } = options;
  const { expectedMsOf = () => null } = options;
  const mode = resolveStatusMode(options.mode, stream, env);
  const colors = pc.createColors(wantsColor(stream, env));
  switch (mode) {
    case 'tty':
      return new DeferredDisplay(loadLiveDisplay({ stream, colors, clock, runNow, expectedMsOf }));
    case 'plain':
      return new PlainDisplay({
        ...{ stream, colors, clock, runNow, expectedMsOf },
        intervalMs: options.printIntervalMs,
      });
    case 'none':
      return new SilentDisplay(stream);
    default:
      return unreachable(mode);
  }
}

/** Drawing takes libraries that take long to load: a third of the start of a run, which those without a terminal are spared. */
async function loadLiveDisplay(options: LiveDisplayOptions): Promise<StatusDisplay> {
  try {
    const { LiveDisplay } = await import('./live-display.js');
    return new LiveDisplay(options);
  } catch (error) {
    // Out of open files, for one. Lines that others print are still to be seen.
    const display = new SilentDisplay(options.stream);
    display.printLine(`regatta: warning: cannot show the run live: ${messageOf(error)}`);
    return display;
  }
}
