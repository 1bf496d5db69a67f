// Takes over jobs of an earlier process of the run: those that its launcher goes on with, and those that ended meanwhile.
// Starts nothing; knows nothing of the launcher of this process.
import { watch, type FSWatcher } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { AdoptAnswer, AttemptId, EndReport, KillRequest } from '../../model/backend.js';
import type { JobEnd } from '../../model/outcome.js';
import { findProcessState } from '../../util/process-identity.js';
import { endCgroup } from './cgroup.js';
import type { EndSpoolReader, SpooledLauncher, StartedProcess } from './end-spool.js';
import { makeScope, makeToken, signalProcess } from './process-table.js';
import { sweepRun } from './sweep.js';
import type { Doomed, TakeDown } from './take-down.js';
import { KILL_WAIT_MS } from './take-down.js';

/** How long an old launcher may take to notice that its run's process is dead and to act on it. */
const SETTLE_MS = 5_000;
const SETTLE_LOOK_MS = 20;

/** How often the old launcher is looked at while its jobs run: nothing tells of the death of another's child. */
const LOOK_MS = 1_000;

const LOST: JobEnd = {
  kind: 'lost',
  message: `its launcher is dead, or it outlived SIGKILL by ${KILL_WAIT_MS / 1000} s`,
};

/** What an adopter works with. */
export interface AdopterParts {
  readonly runId: string;
  /** Number of this session of the run, from 1. */
  readonly session: number;
  readonly spool: EndSpoolReader;
  readonly takeDown: TakeDown;
  /** Receives the end of each adopted attempt, once. */
  readonly report: (reports: readonly EndReport[]) => void;
  readonly warn: (message: string) => void;
}

/** See the head of the file. */
export class Adopter {
  readonly #parts: AdopterParts;
  /** Attempts that an old launcher goes on with, by job. */
  readonly #running = new Map<number, StartedProcess>();
  /** What taking them down has left of those that were told to end, by job. */
  readonly #left = new Map<number, readonly string[]>();
  #onceEmpty: (() => void) | null = null;
  #watcher: FSWatcher | null = null;
  #timer: NodeJS.Timeout | null = null;

  constructor(parts: AdopterParts) {
    this.#parts = parts;
  }

  /** Answers for each attempt, in order; ends that are on record are reported after the answers. */
  async adopt(batch: readonly AttemptId[]): Promise<readonly AdoptAnswer[]> {
    const { spool } = this.#parts;
    spool.read();
    for (const launcher of this.#oldLaunchers()) await this.#settle(launcher);
    spool.read();
    const isKept = this.#oldLaunchers().some(isAlive);
    const answers = batch.map((id): AdoptAnswer => {
      if (spool.endOf(id) !== undefined) return { kind: 'adopted', running: true };
      const started = isKept ? spool.processOf(id) : undefined;
      if (started === undefined) return { kind: 'gone', message: 'it ended with the process that ran it' };
      this.#running.set(id.job, started);
      return { kind: 'adopted', running: true };
    });
    // Where a launcher goes on, it cleans up after itself.
    if (!isKept) await this.#sweepOldSessions();
    const ended = batch.flatMap((id) => spool.endOf(id) ?? []);
    if (ended.length > 0) setImmediate(() => this.#parts.report(ended));
    this.#watch();
    return answers;
  }

  /** Whether a job is one of those taken over. */
  has({ job, attempt }: AttemptId): boolean {
    return this.#running.get(job)?.attempt === attempt;
  }

  /** Ends jobs that were taken over; the old launcher reports their ends. */
  kill(requests: readonly KillRequest[], graceMs: number): void {
    for (const force of [true, false]) {
      const doomed = requests
        .filter((request) => request.force === force && this.has(request))
        .flatMap((request) => this.#doom(request));
      if (doomed.length > 0) this.#parts.takeDown.begin(doomed, force ? 0 : graceMs);
    }
  }

  /** Ends by force what is still running of them; resolves when all ends are reported. */
  async close(): Promise<void> {
    if (this.#running.size === 0) return;
    const emptied = new Promise<void>((resolve) => (this.#onceEmpty = resolve));
    this.kill(
      [...this.#running.values()].map(({ job, attempt }) => ({ job, attempt, force: true })),
      0,
    );
    await emptied;
    // Nothing is left for its launcher to do but to clean up; then whatever it may have missed ends with its group.
    for (const launcher of this.#oldLaunchers()) await this.#settle({ ...launcher, policy: 'kill' });
    await this.#sweepOldSessions();
  }

  #oldLaunchers(): readonly SpooledLauncher[] {
    const own = makeScope(this.#parts.runId, this.#parts.session);
    return this.#parts.spool.launchers.filter(({ scope }) => scope !== own);
  }

  /** Waits until an old launcher has done what it does at the death of its run's process; ends it when it does not. */
  async #settle(launcher: SpooledLauncher): Promise<void> {
    const giveUpAt = performance.now() + SETTLE_MS;
    while (isAlive(launcher) && !(launcher.policy === 'keep' && launcher.isHeadless)) {
      if (performance.now() > giveUpAt) {
        signalProcess(launcher.identity.pid, 'SIGKILL');
        return;
      }
      await delay(SETTLE_LOOK_MS);
      this.#parts.spool.read();
    }
  }

  async #sweepOldSessions(): Promise<void> {
    const { runId, session, warn } = this.#parts;
    const launchers = this.#oldLaunchers();
    for (let old = 1; old < session; old++) {
      const scope = makeScope(runId, old);
      const cgroups = launchers.flatMap((one) =>
        one.scope === scope && one.cgroup !== null ? [one.cgroup] : [],
      );
      const left = await sweepRun(scope, { cgroups });
      cgroups.forEach(endCgroup);
      if (left.length > 0) warn(`processes of the run could not be ended: ${left.join(', ')}`);
    }
  }

  #watch(): void {
    if (this.#running.size === 0 || this.#timer !== null) return;
    this.#watcher = watch(this.#parts.spool.path, () => {
      this.#look();
    });
    this.#timer = setInterval(() => {
      this.#look();
    }, LOOK_MS);
  }

  #look(): void {
    const { spool, takeDown, report } = this.#parts;
    const hasLauncher = this.#oldLaunchers().some(isAlive);
    // After that: what a launcher wrote before it died counts.
    spool.read();
    const ended: EndReport[] = [];
    for (const adopted of this.#running.values()) {
      // What was left when its own process ended is being taken down.
      if (takeDown.has(tokenOf(adopted))) continue;
      const end = spool.endOf(adopted);
      const leftovers = this.#left.get(adopted.job) ?? end?.leftovers;
      if (end !== undefined) ended.push({ ...end, ...(leftovers === undefined ? {} : { leftovers }) });
      else if (!hasLauncher) takeDown.begin(this.#doom(adopted), 0);
    }
    for (const { job } of ended) this.#running.delete(job);
    if (ended.length > 0) report(ended);
    if (this.#running.size === 0) this.#finish();
  }

  /** None is left. */
  #finish(): void {
    this.#onceEmpty?.();
    this.#watcher?.close();
    this.#watcher = null;
    clearInterval(this.#timer ?? undefined);
    this.#timer = null;
  }

  #doom(id: AttemptId): Doomed[] {
    const started = this.#running.get(id.job);
    if (started?.attempt !== id.attempt) return [];
    return [
      {
        token: tokenOf(started),
        pid: started.pid,
        hasEnded: () => true,
        onDone: (leftovers) => {
          this.#left.set(id.job, leftovers);
          // Its launcher, if it lives, spools the end.
          this.#look();
          const isReported = !this.has(id);
          if (isReported || (leftovers.length === 0 && this.#oldLaunchers().some(isAlive))) return;
          this.#running.delete(id.job);
          if (this.#running.size === 0) this.#finish();
          this.#parts.report([{ job: id.job, attempt: id.attempt, end: LOST, leftovers }]);
        },
      },
    ];
  }
}

function tokenOf(started: StartedProcess): string {
  return makeToken(started.scope, started);
}

function isAlive({ identity }: SpooledLauncher): boolean {
  return findProcessState(identity) === 'alive';
}
