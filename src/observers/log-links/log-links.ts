// Keeps links to the jobs' output directories, by status, as an observer. Knows no disk: see link-directory.ts.
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Clock, TimerHandle } from '../../model/clock.js';
import type { JobSpec } from '../../model/job-spec.js';
import type { Observer, RunEvent } from '../../model/run-event.js';
import type { JobStatus } from '../../model/status.js';
import { safePathName } from '../../util/safe-path-name.js';
import { idleClock } from '../idle-clock.js';
import { LINK_STATUSES, LinkDirectory, type LinkStatus } from './link-directory.js';
import { messageOf } from '../../util/message-of.js';

/** Changes are collected this long before links follow: a job that is over sooner gets only its last link. */
const LAG_MS = 200;
/** How long links may keep everything else waiting, in milliseconds. */
const SLICE_MS = 4;
/** Code of "no link" in the tables; other codes are 1 + an index of LINK_STATUSES. */
const NO_LINK = 0;

/** How to keep links. */
export interface LogLinksOptions {
  /** Told, in one line, of the first link that could not be made, and at the end of how many more. */
  readonly report: (message: string) => void;
  /** Whether jobs of a backend leave output worth linking to; default: all do. */
  readonly hasOutput?: (backend: string) => boolean;
  /** Default: a real clock whose timers hold nobody up. */
  readonly clock?: Clock;
}

/** Makes the observer that keeps `running/ passed/ failed/ killed/` of every workspace up to date. */
export function createLogLinks(options: LogLinksOptions): Observer {
  let links: RunLinks | null = null;
  return {
    name: 'log-links',
    notify: (event) => {
      if (event.kind === 'run-started') links = new RunLinks(event, options);
      else if (event.kind === 'job-changed') links?.change(event);
    },
    close: async () => {
      await links?.finish();
    },
  };
}

/**
 * Links of one run. `wanted` says what should be there and is set at once; `made` follows in batches. A batch starts
 * only when the one before it is done, so a job has at most one operation under way.
 */
class RunLinks {
  readonly #jobs: readonly JobSpec[];
  readonly #options: LogLinksOptions;
  readonly #clock: Clock;
  /** Directory of each job, or undefined when it gets no links. */
  readonly #directoryOf: readonly (LinkDirectory | undefined)[];
  readonly #broken = new Set<LinkDirectory>();
  readonly #wanted: Uint8Array;
  readonly #made: Uint8Array;
  readonly #isQueued: Uint8Array;
  #queue: number[] = [];
  #timer: TimerHandle | null = null;
  #work: Promise<void>;
  #isWorking = true;
  #errors = 0;

  constructor(event: Extract<RunEvent, { kind: 'run-started' }>, options: LogLinksOptions) {
    this.#jobs = event.jobs;
    this.#options = options;
    this.#clock = options.clock ?? idleClock;
    this.#wanted = new Uint8Array(event.jobs.length);
    this.#made = new Uint8Array(event.jobs.length);
    this.#isQueued = new Uint8Array(event.jobs.length);
    const byRoot = new Map<string, LinkDirectory>();
    this.#directoryOf = event.jobs.map(({ linksDir }, job) => {
      const backend = event.backends[job];
      if (backend !== undefined && options.hasOutput?.(backend) === false) return undefined;
      const known = byRoot.get(linksDir);
      if (known !== undefined) return known;
      const directory = new LinkDirectory(linksDir);
      byRoot.set(linksDir, directory);
      return directory;
    });
    this.#work = this.#prepare([...byRoot.values()]);
  }

  /** Notes what a job's link should be. Does no I/O. */
  change(event: Extract<RunEvent, { kind: 'job-changed' }>): void {
    const { job } = event;
    if (this.#directoryOf[job] === undefined) return;
    // A job that never got to run has no output to look at.
    const wanted = event.attempts > 0 || event.to === 'failed' ? linkFor(event.to) : NO_LINK;
    if (wanted === this.#wanted[job]) return;
    this.#wanted[job] = wanted;
    if (this.#isQueued[job] === 1) return;
    this.#isQueued[job] = 1;
    this.#queue.push(job);
    this.#schedule();
  }

  /** Brings every link up to date. */
  async finish(): Promise<void> {
    await this.#work;
    while (this.#queue.length > 0) {
      this.#cancelTimer();
      this.#startBatch();
      await this.#work;
    }
    this.#cancelTimer();
    if (this.#errors > 1) this.#options.report(`log links: ${this.#errors - 1} more could not be made`);
  }

  #schedule(): void {
    if (this.#timer !== null || this.#isWorking) return;
    this.#timer = this.#clock.setTimer(this.#clock.now() + LAG_MS, () => {
      this.#timer = null;
      this.#startBatch();
    });
  }

  #cancelTimer(): void {
    if (this.#timer !== null) this.#clock.clearTimer(this.#timer);
    this.#timer = null;
  }

  async #prepare(directories: readonly LinkDirectory[]): Promise<void> {
    for (const directory of directories) {
      try {
        await directory.prepare();
      } catch (error) {
        this.#broken.add(directory);
        this.#fail(error);
      }
    }
    this.#endWork();
  }

  #startBatch(): void {
    const batch = this.#queue;
    this.#queue = [];
    this.#isWorking = true;
    this.#work = this.#workOff(batch).then(() => {
      this.#endWork();
    });
  }

  /** In slices, between which everything else gets its turn. */
  async #workOff(batch: readonly number[]): Promise<void> {
    let pauseAtMs = performance.now() + SLICE_MS;
    for (const job of batch) {
      this.#update(job);
      if (performance.now() < pauseAtMs) continue;
      await nextTurn();
      pauseAtMs = performance.now() + SLICE_MS;
    }
  }

  #endWork(): void {
    this.#isWorking = false;
    if (this.#queue.length > 0) this.#schedule();
  }

  /** Makes one job's link what it should be, in one system call where nobody interferes. */
  #update(job: number): void {
    this.#isQueued[job] = 0;
    const spec = this.#jobs[job];
    const directory = this.#directoryOf[job];
    const wanted = this.#wanted[job] ?? NO_LINK;
    const made = this.#made[job] ?? NO_LINK;
    if (spec === undefined || directory === undefined || wanted === made || this.#broken.has(directory))
      return;
    this.#made[job] = wanted;
    const link = { name: safePathName(spec.qualName), target: spec.odir };
    const from = statusOf(made);
    const to = statusOf(wanted);
    try {
      if (from !== undefined && to !== undefined) directory.move(link, from, to);
      else if (to !== undefined) directory.add(to, link);
      else if (from !== undefined) directory.remove(from, link);
    } catch (error) {
      this.#fail(error);
    }
  }

  #fail(error: unknown): void {
    this.#errors++;
    if (this.#errors > 1) return;
    this.#options.report(`log links: ${messageOf(error)}`);
  }
}

function linkFor(status: JobStatus): number {
  return (LINK_STATUSES as readonly JobStatus[]).indexOf(status) + 1;
}

function statusOf(code: number): LinkStatus | undefined {
  return LINK_STATUSES[code - 1];
}
