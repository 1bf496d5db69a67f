// The launcher's decisions: starts jobs in the order they come, reports their ends, takes down what must end.
// Knows processes only through its spawner and the process table, and the run only through messages.
import type { AttemptId, EndReport, KillRequest } from '../../model/backend.js';
import type { JobEnd, Usage } from '../../model/outcome.js';
import { describeCode, isShortage } from '../scratch/system-error.js';
import { describeLaunchError } from './launch-error.js';
import type { LauncherSettings, StartAnswer, StartOrder } from './launcher-messages.js';
import { PlainCommandReader } from './plain-command.js';
import { describeLiving, findKin, identifyProcess, makeToken, TOKEN_VARIABLE } from './process-table.js';
import type { ProcessExit, SpawnListener, SpawnOrder, SpawnOutcome, Spawner } from './spawner.js';
import type { Doomed } from './take-down.js';
import { KILL_WAIT_MS, signalJobs, TakeDown } from './take-down.js';

/** SIGTERM to SIGKILL for what a job leaves behind when it ends by itself. */
const LEAK_GRACE_MS = 2_000;

/** With more orders than this at hand, the run need not hear of each end at once to keep jobs coming. */
const PLENTY = 4;

/** How long words then wait for others, so that one message says what many would. */
const HOLD_MS = 4;

interface Job extends AttemptId {
  readonly token: string;
  /** 0 until its process exists. */
  pid: number;
  /** A kill that arrived while its process was being started: the grace to give. */
  killGraceMs: number | null;
  exit: { readonly end: JobEnd; readonly usage: Usage } | null;
}

/** Where the launcher's words go. */
export interface LauncherOutlet {
  readonly answered: (answers: readonly StartAnswer[]) => void;
  /** Processes that now exist; told before anybody is answered. */
  readonly started: (started: readonly (AttemptId & { readonly pid: number })[]) => void;
  /** `own`: those of the reports that are of jobs nobody had asked to end. */
  readonly ended: (reports: readonly EndReport[], own: readonly EndReport[]) => void;
  /** Called once, after `finish`, when all is over and reported. */
  readonly idle: () => void;
}

/** Makes the spawner in force. */
export type SpawnerFactory = (
  environment: Readonly<Record<string, string>>,
  listener: SpawnListener,
) => Spawner;

/** See the head of the file. */
export class Launcher {
  readonly spawner: Spawner;
  readonly #settings: LauncherSettings;
  readonly #outlet: LauncherOutlet;
  readonly #takeDown: TakeDown;
  readonly #commands = new PlainCommandReader();
  /** Orders not yet given to the spawner, oldest first. */
  readonly #waiting = new Map<string, StartOrder>();
  /** Jobs from spawn to report, by token. */
  readonly #jobs = new Map<string, Job>();
  readonly #byPid = new Map<number, Job>();
  readonly #orphans = new Map<number, ReturnType<typeof identifyProcess>>();
  #starting = 0;
  #answers: StartAnswer[] = [];
  #reports: EndReport[] = [];
  #ownEnds: EndReport[] = [];
  #isFlushPlanned = false;
  #holdTimer: NodeJS.Timeout | undefined;
  #isFinishing = false;
  #isSuspended = false;

  constructor(settings: LauncherSettings, outlet: LauncherOutlet, makeSpawner: SpawnerFactory) {
    this.#settings = settings;
    this.#outlet = outlet;
    this.spawner = makeSpawner(settings.environment, {
      onExits: (exits) => {
        this.#onExits(exits);
      },
    });
    this.#takeDown = new TakeDown(this.spawner.adoptsOrphans ? this.spawner.listOrphans : null);
  }

  /** Starts jobs, in order, as fast as processes can be made. */
  start(orders: readonly StartOrder[]): void {
    for (const order of orders) this.#waiting.set(makeToken(this.#settings.scope, order), order);
    this.#startNext();
  }

  /** Ends jobs; those that are not there have ended. */
  kill(requests: readonly KillRequest[]): void {
    for (const force of [true, false]) {
      const tokens = requests
        .filter((request) => request.force === force)
        .map((request) => makeToken(this.#settings.scope, request));
      this.#endJobs(tokens, force ? 0 : this.#settings.killGraceMs);
    }
  }

  /** Lets all jobs stand still, those that are just being started included, or go on. */
  pace(isSuspended: boolean): void {
    this.#isSuspended = isSuspended;
    const started = [...this.#jobs.values()].filter(({ pid }) => pid !== 0);
    signalJobs(
      started.map((job) => this.#doom(job)),
      [isSuspended ? 'SIGSTOP' : 'SIGCONT'],
    );
  }

  /**
   * Starts nothing more, and calls `idle` when all is over.
   *
   * @param graceMs - Time to give to what runs, between SIGTERM and SIGKILL; null lets it run to its own end, and drops
   *   without a word what was not begun.
   */
  finish(graceMs: number | null): void {
    this.#isFinishing = true;
    if (graceMs === null) this.#waiting.clear();
    else this.#endJobs([...this.#waiting.keys(), ...this.#jobs.keys()], graceMs);
    this.#planFlush();
  }

  #startNext(): void {
    for (const [token, order] of this.#waiting) {
      if (this.#starting >= this.spawner.width) return;
      this.#waiting.delete(token);
      this.#startJob(token, order);
    }
  }

  #startJob(token: string, order: StartOrder): void {
    const { job: index, attempt, cmd, exports, odir, logPath } = order;
    const job: Job = { job: index, attempt, token, pid: 0, killGraceMs: null, exit: null };
    this.#jobs.set(token, job);
    this.#starting++;
    // PWD, because a program started without a shell would find the run's own there.
    const variables = { ...exports, PWD: odir, [TOKEN_VARIABLE]: token };
    const place = { variables, cwd: odir, logPath };
    const viaShell: SpawnOrder = { ...place, program: '/bin/sh', argv: ['sh', '-c', cmd] };
    const plain = this.#commands.read(cmd, exports['PATH'] ?? this.#settings.environment['PATH']);
    const direct = plain === undefined ? viaShell : { ...place, ...plain };
    this.spawner.spawn(direct, (outcome) => {
      // A file that is no program after all, or a script: the shell knows what to do, or leaves a message in the log.
      if (outcome.kind === 'failed' && direct !== viaShell && !isShortage(outcome.code))
        this.spawner.spawn(viaShell, (second) => {
          this.#onSettled(job, viaShell, second);
        });
      else this.#onSettled(job, direct, outcome);
    });
  }

  #onSettled(job: Job, order: SpawnOrder, outcome: SpawnOutcome): void {
    this.#starting--;
    const id = { job: job.job, attempt: job.attempt };
    if (outcome.kind === 'spawned') {
      job.pid = outcome.pid;
      this.#byPid.set(job.pid, job);
      this.#answers.push({ ...id, kind: 'started' });
      this.#outlet.started([{ ...id, pid: job.pid }]);
      if (this.#isSuspended) signalJobs([this.#doom(job)], ['SIGSTOP']);
      if (job.killGraceMs !== null) this.#takeDown.begin([this.#doom(job)], job.killGraceMs);
    } else {
      this.#jobs.delete(job.token);
      this.#answers.push(
        isShortage(outcome.code)
          ? { ...id, kind: 'busy', message: describeCode(outcome.code) }
          : { ...id, kind: 'rejected', message: describeLaunchError(order, outcome.code) },
      );
    }
    this.#startNext();
    this.#planFlush();
  }

  #onExits(exits: readonly ProcessExit[]): void {
    const ended: Job[] = [];
    let orphans = 0;
    for (const { pid, end, usage } of exits) {
      const job = this.#byPid.get(pid);
      if (job === undefined) {
        this.#orphans.delete(pid);
        orphans++;
        continue;
      }
      this.#byPid.delete(pid);
      job.exit = { end, usage };
      if (!this.#takeDown.has(job.token)) ended.push(job);
    }
    if (ended.length > 0) this.#reportOwnEnds(ended);
    if (orphans > 0 || exits.length > orphans + ended.length) this.#takeDown.noteEnds(orphans);
    this.#planFlush();
  }

  /** Reports jobs that ended by themselves, with what they leave behind; that is taken down. */
  #reportOwnEnds(ended: readonly Job[]): void {
    for (const pid of this.spawner.listOrphans())
      if (!this.#orphans.has(pid)) this.#orphans.set(pid, identifyProcess(pid));
    const suspects = ended.filter((job) => this.#mayLeak(job));
    const leaks = suspects.length === 0 ? new Map<Job, []>() : findKin(suspects);
    for (const job of ended) {
      const leaked = leaks.get(job) ?? [];
      this.#ownEnds.push(this.#report(job, describeLiving(leaked.map(({ pid }) => pid))));
      if (leaked.length > 0) this.#takeDown.begin([this.#doomLeak(job)], LEAK_GRACE_MS);
    }
  }

  /** Cheap, and wrong only by suspecting too much: a process of the group may be a zombie. */
  #mayLeak(job: Job): boolean {
    if (this.spawner.hasGroup(job.pid)) return true;
    for (const orphan of this.#orphans.values())
      if (orphan.token === job.token || orphan.session === job.pid) return true;
    return false;
  }

  #endJobs(tokens: readonly string[], graceMs: number): void {
    const doomed: Doomed[] = [];
    for (const token of tokens) {
      const job = this.#jobs.get(token);
      if (job === undefined) this.#withdraw(token);
      else if (job.pid === 0) job.killGraceMs = Math.min(graceMs, job.killGraceMs ?? graceMs);
      else doomed.push(this.#doom(job));
    }
    if (doomed.length > 0) this.#takeDown.begin(doomed, graceMs);
    this.#planFlush();
  }

  /** An order that was not begun ends without a process, and without having started. */
  #withdraw(token: string): void {
    const order = this.#waiting.get(token);
    if (order === undefined) return;
    this.#waiting.delete(token);
    const end = { kind: 'not-launched', message: 'stopped before it was started' } as const;
    this.#reports.push({ job: order.job, attempt: order.attempt, end });
  }

  #doom(job: Job): Doomed {
    return {
      token: job.token,
      pid: job.pid,
      hasEnded: () => job.exit !== null,
      onDone: (leftovers) => {
        this.#byPid.delete(job.pid);
        this.#report(job, leftovers);
        this.#planFlush();
      },
    };
  }

  #doomLeak(job: Job): Doomed {
    const byPid = this.#byPid;
    return {
      token: job.token,
      // While a process is left in the session its number is not given away; once none is, it may be another job's.
      get pid() {
        return byPid.has(job.pid) ? null : job.pid;
      },
      hasEnded: () => true,
      onDone: () => {
        this.#planFlush();
      },
    };
  }

  #report(job: Job, leftovers: readonly string[]): EndReport {
    this.#jobs.delete(job.token);
    const exit = job.exit ?? {
      end: { kind: 'lost', message: `still there ${KILL_WAIT_MS / 1000} s after SIGKILL` },
      usage: {},
    };
    const report = {
      job: job.job,
      attempt: job.attempt,
      ...exit,
      ...(leftovers.length === 0 ? {} : { leftovers }),
    };
    this.#reports.push(report);
    return report;
  }

  /** What there is to say is said at once where the run may be waiting for it, else with what else comes up soon. */
  #planFlush(): void {
    if (this.#isFlushPlanned) return;
    if (this.#waiting.size > PLENTY) {
      this.#holdTimer ??= setTimeout(() => {
        this.#flush();
      }, HOLD_MS);
      return;
    }
    this.#isFlushPlanned = true;
    setImmediate(() => {
      this.#flush();
    });
  }

  #flush(): void {
    this.#isFlushPlanned = false;
    clearTimeout(this.#holdTimer);
    this.#holdTimer = undefined;
    const answers = this.#answers.splice(0);
    const reports = this.#reports.splice(0);
    const own = this.#ownEnds.splice(0);
    if (answers.length > 0) this.#outlet.answered(answers);
    if (reports.length > 0) this.#outlet.ended(reports, own);
    if (!this.#isFinishing || this.#jobs.size > 0 || this.#takeDown.isBusy) return;
    this.#isFinishing = false;
    this.#outlet.idle();
  }
}
