// Ends processes that must end: SIGTERM, a grace, SIGKILL until none is left, a bounded wait.
// Used by the launcher for jobs and by a run for what a dead launcher leaves. Knows no protocol.
//
//   terminating --(all gone)--> done            killing --(all gone)--> done
//   terminating --(grace over, or force)--> killing   killing --(KILL_WAIT_MS over)--> done, with leftovers
import type { Kin, ProcessInfo } from './process-table.js';
import {
  describeLiving,
  findKin,
  HAS_PROCESS_TABLE,
  identifyProcess,
  signalProcess,
} from './process-table.js';

/** How long SIGKILL may take to show effect before what is left is reported. */
export const KILL_WAIT_MS = 2_000;

/** Time between two looks while waiting, where nothing tells of an end; doubles up to the second figure. */
const FIRST_LOOK_MS = 5;
const LAST_LOOK_MS = 100;

/** How long to chase orphans in one go. */
const CHASE_MS = 20;

/** Rounds of looking and killing in one go, against processes that start others while they are killed. */
const MAX_ROUNDS = 50;

/** One thing to take down. */
export interface Doomed extends Kin {
  /** Its own process is known to have ended. */
  readonly hasEnded: () => boolean;
  /** Called once; `leftovers` are those SIGKILL did not end in time, as `pid command`. */
  readonly onDone: (leftovers: readonly string[]) => void;
}

/** Pids of adopted orphans that have not been reaped. */
export type OrphanLister = () => readonly number[];

interface Entry {
  readonly doomed: Doomed;
  isKilling: boolean;
  /** End of the grace, or of the wait after SIGKILL. */
  deadlineMs: number;
  /** The last look found nothing of it. */
  wasEmpty: boolean;
}

/** Takes down any number of things at once; looks at the process table once for all of them. */
export class TakeDown {
  readonly #entries = new Map<string, Entry>();
  readonly #listOrphans: OrphanLister | null;
  #timer: NodeJS.Timeout | null = null;
  #plannedMs = 0;
  #nextLookMs = FIRST_LOOK_MS;
  /** Orphans that ended since the last look. */
  #orphansEnded = 0;

  /** @param listOrphans - Given where orphans are adopted; every end is then told by `noteEnds`, so a grace can pass without looking. */
  constructor(listOrphans: OrphanLister | null) {
    this.#listOrphans = listOrphans;
  }

  /** Whether anything is being taken down. */
  get isBusy(): boolean {
    return this.#entries.size > 0;
  }

  /** Whether this token is being taken down. */
  has(token: string): boolean {
    return this.#entries.has(token);
  }

  /**
   * Starts on `doomed`; those already on it go on as before, or escalate.
   *
   * @param graceMs - Time between SIGTERM and SIGKILL; 0 sends SIGKILL at once.
   */
  begin(doomed: readonly Doomed[], graceMs: number): void {
    const now = performance.now();
    const fresh: Entry[] = [];
    for (const one of doomed) {
      const known = this.#entries.get(one.token);
      if (known !== undefined) {
        if (graceMs === 0 && !known.isKilling) known.deadlineMs = now;
        continue;
      }
      const entry = { doomed: one, isKilling: false, deadlineMs: now + graceMs, wasEmpty: false };
      this.#entries.set(one.token, entry);
      if (graceMs > 0) fresh.push(entry);
    }
    signalJobs(
      fresh.map((entry) => entry.doomed),
      ['SIGTERM', 'SIGCONT'],
    );
    if (graceMs === 0) this.#look();
    else this.#lookSoon();
  }

  /** Processes have ended, `orphans` of them adopted ones: looks again, soon, once for however many ends. */
  noteEnds(orphans: number): void {
    if (this.#entries.size === 0) return;
    this.#orphansEnded += orphans;
    this.#lookSoon();
  }

  #lookSoon(): void {
    this.#nextLookMs = FIRST_LOOK_MS;
    this.#plan(FIRST_LOOK_MS);
  }

  #look(): void {
    const now = performance.now();
    for (const entry of this.#entries.values()) {
      if (entry.isKilling || now < entry.deadlineMs) continue;
      entry.isKilling = true;
      entry.deadlineMs = now + KILL_WAIT_MS;
    }
    const isQuiet = this.#orphansEnded === 0;
    this.#orphansEnded = 0;
    const alive = this.#kill();
    for (const [token, entry] of [...this.#entries]) {
      const { doomed, isKilling, deadlineMs } = entry;
      const left = alive.get(doomed) ?? [];
      const isEmpty = left.length === 0 && doomed.hasEnded();
      // A chain of processes, each of which starts the next and ends, can slip through a look. Its ends, heard of only
      // after the look they slipped through, give it away: so two looks must find nothing, and nothing end between them.
      const isGone = isEmpty && (this.#listOrphans === null || (entry.wasEmpty && isQuiet));
      entry.wasEmpty = isEmpty;
      if (!isGone && !(isKilling && performance.now() >= deadlineMs)) continue;
      this.#entries.delete(token);
      doomed.onDone(describeLiving(left.map(({ pid }) => pid)));
    }
    const mustLook =
      this.#listOrphans === null ||
      [...this.#entries.values()].some((entry) => entry.isKilling || entry.wasEmpty);
    this.#plan(mustLook ? this.#nextLookMs : Infinity);
    this.#nextLookMs = Math.min(this.#nextLookMs * 2, LAST_LOOK_MS);
  }

  /** Kills what is due, again while a look finds new processes of it; returns what the last look found. */
  #kill(): Map<Doomed, ProcessInfo[]> {
    const entries = [...this.#entries.values()];
    const all = entries.map((entry) => entry.doomed);
    const due = entries.filter((entry) => entry.isKilling).map((entry) => entry.doomed);
    if (due.length > 0) this.#chase(due);
    const killed = new Set<number>();
    for (let round = 0; ; round++) {
      const alive = findKin(all);
      const targets = due.flatMap((doomed) => alive.get(doomed) ?? []);
      const isNew = targets.some(({ pid }) => !killed.has(pid)) || (round === 0 && !HAS_PROCESS_TABLE);
      if (!isNew || round === MAX_ROUNDS) return alive;
      signalAll(due, alive, ['SIGKILL']);
      for (const { pid } of targets) killed.add(pid);
    }
  }

  /** Kills orphans as they turn up: a few system calls each, where a look at all processes takes milliseconds. */
  #chase(due: readonly Doomed[]): void {
    if (this.#listOrphans === null) return;
    const killed = new Set<number>();
    const giveUpAt = performance.now() + CHASE_MS;
    while (performance.now() < giveUpAt) {
      const targets = this.#listOrphans().filter((pid) => killed.has(pid) || isKinOfAny(pid, due));
      if (targets.length === 0) return;
      for (const pid of targets) {
        if (!killed.has(pid)) signalProcess(pid, 'SIGKILL');
        killed.add(pid);
      }
    }
  }

  /** Plans the next look; one planned for earlier stays. */
  #plan(atMostMs: number): void {
    if (this.#entries.size === 0) return;
    const now = performance.now();
    const deadline = Math.min(...[...this.#entries.values()].map(({ deadlineMs }) => deadlineMs));
    const atMs = Math.min(Math.max(now, deadline), now + atMostMs);
    if (this.#timer !== null && this.#plannedMs <= atMs) return;
    clearTimeout(this.#timer ?? undefined);
    this.#plannedMs = atMs;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.#look();
    }, atMs - now);
  }
}

function isKinOfAny(pid: number, kins: readonly Kin[]): boolean {
  const { token, session } = identifyProcess(pid);
  return kins.some((kin) => kin.token === token || (kin.pid !== null && kin.pid === session));
}

/** Signals all processes of some jobs, as they are found now. */
export function signalJobs(jobs: readonly Doomed[], signals: readonly NodeJS.Signals[]): void {
  signalAll(jobs, findKin(jobs), signals);
}

/** Groups as a whole, for a process that forks meanwhile takes its child along; then those outside of them. */
function signalAll(
  targets: readonly Doomed[],
  alive: ReadonlyMap<Doomed, readonly ProcessInfo[]>,
  signals: readonly NodeJS.Signals[],
): void {
  for (const doomed of targets) {
    const members = alive.get(doomed) ?? [];
    const hasGroup = doomed.pid !== null && members.some(({ group }) => group === doomed.pid);
    const others = members.filter(({ group }) => group !== doomed.pid).map(({ pid }) => pid);
    const isBlind = doomed.pid !== null && !HAS_PROCESS_TABLE && !doomed.hasEnded();
    const pids = hasGroup || isBlind ? [-(doomed.pid ?? 0), ...others] : others;
    for (const pid of pids) for (const signal of signals) signalProcess(pid, signal);
  }
}
