// Runs jobs on this machine, through a launcher process. Keeps account of who was promised what; the launcher starts
// and ends processes. Knows nothing of dependencies, limits or verdicts.
import type {
  AdoptAnswer,
  AttemptId,
  Backend,
  BackendSink,
  EndReport,
  KillRequest,
  Submission,
  SubmitAnswer,
} from '../../model/backend.js';
import type { JobEnd } from '../../model/outcome.js';
import { unreachable } from '../../util/unreachable.js';
import { PlaceMaker } from '../scratch/place-maker.js';
import { codeOf, describeCode, isShortage } from '../scratch/system-error.js';
import { Adopter } from './adopter.js';
import { endCgroup } from './cgroup.js';
import { EndSpoolReader } from './end-spool.js';
import type { InteractiveJob } from './interactive-job.js';
import { startInteractive } from './interactive-job.js';
import type {
  FromLauncher,
  HeadDeathPolicy,
  LauncherFacts,
  LauncherSettings,
  StartAnswer,
  StartOrder,
} from './launcher-messages.js';
import { LauncherProcess, type SpareLauncher } from './launcher-process.js';
import { makeScope, makeToken } from './process-table.js';
import { sweepRun } from './sweep.js';
import type { Doomed } from './take-down.js';
import { KILL_WAIT_MS, TakeDown } from './take-down.js';
import { definedOnly } from '../../util/defined-only.js';

/** Settings of a {@link LocalBackend}. */
export interface LocalBackendOptions {
  /** Marks the processes of the run; unique among runs, without `/`. */
  readonly runId: string;
  /** Number of this process among those that have driven the run, from 1. Default 1. */
  readonly session?: number;
  /** Time between SIGTERM and SIGKILL, in milliseconds, >= 0. Default 10,000. */
  readonly killGraceMs?: number;
  /** What happens to running jobs when this process dies: ended within 2 s, or left to finish. Default `kill`. */
  readonly onHeadDeath?: HeadDeathPolicy;
  /** File for the ends of jobs (see `end-spool.ts`), so that another process can adopt them when this one is dead. Default none. */
  readonly spoolPath?: string;
  /** Where files that jobs share are kept; see {@link PlaceMaker}. Default: jobs share none. */
  readonly sharedDirectory?: string;
  /** Output directories to keep of a job that renews its own, the new one included. Default 5. */
  readonly maxOdirs?: number;
  /** Environment of every job; a job's exports are set on top. Default this process's. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Told, in one line, of what went wrong without harming a job. Default: not told. */
  readonly warn?: (message: string) => void;
  /** A launcher process that is coming up already. Default: one is started by `open`. */
  readonly spare?: SpareLauncher;
}

interface Entry {
  readonly attempt: number;
  /** Resolves the submission; null once it was answered. */
  answer: ((answer: SubmitAnswer) => void) | null;
  /** How to end it, for a job at the terminal; null for one of the launcher's. */
  readonly interactive: Doomed | null;
}

const ACCEPTED: SubmitAnswer = { kind: 'accepted', running: true };

const STUCK: JobEnd = { kind: 'lost', message: `still there ${KILL_WAIT_MS / 1000} s after SIGKILL` };

/** How long a launcher that was told to close may take: its kills are bounded, too. */
const CLOSE_WAIT_MS = 2 * KILL_WAIT_MS + 1_000;

/** See {@link Backend}; its name is `local`. */
export class LocalBackend implements Backend {
  readonly name = 'local';
  readonly #settings: LauncherSettings;
  readonly #warn: (message: string) => void;
  readonly #places: PlaceMaker;
  /** Attempts from submission to report, by job. */
  readonly #entries = new Map<number, Entry>();
  /** Ends what the launcher cannot: jobs at the terminal, and those of a dead launcher. */
  readonly #takeDown = new TakeDown(null);
  readonly #adopter: Adopter | null;
  readonly #spare: SpareLauncher | null;
  #sink: BackendSink | null = null;
  #launcher: LauncherProcess | null = null;
  #opening: Promise<LauncherProcess> | null = null;
  #facts: LauncherFacts | null = null;
  #hasLostLauncher = false;
  /** Control groups of launchers that ended. */
  readonly #lostCgroups = new Set<string>();
  #isClosing = false;
  #onceEmpty: (() => void) | null = null;
  #onPaced: (() => void) | null = null;

  constructor(options: LocalBackendOptions) {
    const environment = definedOnly(options.environment ?? process.env);
    this.#warn = options.warn ?? (() => undefined);
    this.#settings = {
      scope: makeScope(options.runId, options.session ?? 1),
      environment,
      killGraceMs: options.killGraceMs ?? 10_000,
      onHeadDeath: options.onHeadDeath ?? 'kill',
      spoolPath: options.spoolPath ?? null,
    };
    this.#spare = options.spare ?? null;
    const { runId, session = 1, spoolPath } = options;
    this.#adopter =
      spoolPath === undefined
        ? null
        : new Adopter({
            runId,
            session,
            spool: new EndSpoolReader(spoolPath),
            takeDown: this.#takeDown,
            report: (reports) => this.#sink?.ended(reports),
            warn: this.#warn,
          });
    this.#places = new PlaceMaker({
      environment,
      warn: this.#warn,
      ...(options.sharedDirectory === undefined ? {} : { sharedDirectory: options.sharedDirectory }),
      ...(options.maxOdirs === undefined ? {} : { maxOdirs: options.maxOdirs }),
    });
  }

  /** How jobs are started and their processes found, for the record of the run; null before `open`. */
  get facts(): LauncherFacts | null {
    return this.#facts;
  }

  /** Pid of the launcher process now in service; null when there is none. */
  get launcherPid(): number | null {
    return this.#launcher?.pid ?? null;
  }

  readonly open = async (sink: BackendSink): Promise<void> => {
    this.#sink = sink;
    await this.#getLauncher();
  };

  readonly submit = async (batch: readonly Submission[]): Promise<readonly SubmitAnswer[]> => {
    let launcher: LauncherProcess;
    try {
      launcher = this.#launcher ?? (await this.#getLauncher());
    } catch (error) {
      const message = `the launcher process cannot be started: ${describeCode(codeOf(error))}`;
      return batch.map(() => ({ kind: 'busy', message }));
    }
    const orders: StartOrder[] = [];
    const answers = batch.map(async (submission): Promise<SubmitAnswer> => {
      const place = this.#places.prepare(submission.spec);
      switch (place.kind) {
        case 'busy':
          return { kind: 'busy', message: place.message };
        case 'failed':
          return { kind: 'rejected', message: place.message };
        case 'ready':
          break;
        default:
          return unreachable(place);
      }
      const order = makeOrder(submission);
      if (submission.spec.interactive) return this.#startInteractive(order);
      orders.push(order);
      return new Promise<SubmitAnswer>((answer) => {
        this.#entries.set(order.job, { attempt: order.attempt, answer, interactive: null });
      });
    });
    if (orders.length > 0) launcher.send({ kind: 'start', orders });
    return Promise.all(answers);
  };

  readonly adopt = async (batch: readonly Submission[]): Promise<readonly AdoptAnswer[]> => {
    if (this.#adopter !== null) return this.#adopter.adopt(batch);
    return batch.map(() => ({ kind: 'gone', message: 'no record was kept of jobs that outlived their run' }));
  };

  readonly kill = async (batch: readonly KillRequest[]): Promise<void> => {
    this.#adopter?.kill(batch, this.#settings.killGraceMs);
    const requests: KillRequest[] = [];
    for (const request of batch) {
      const entry = this.#entries.get(request.job);
      if (entry?.attempt !== request.attempt) continue;
      if (entry.interactive === null) requests.push(request);
      else this.#takeDown.begin([entry.interactive], request.force ? 0 : this.#settings.killGraceMs);
    }
    // Without a launcher its jobs are being ended by force already.
    if (requests.length > 0) this.#launcher?.send({ kind: 'kill', requests });
  };

  readonly suspend = async (): Promise<void> => this.#pace('suspend');

  readonly resume = async (): Promise<void> => this.#pace('resume');

  readonly close = async (): Promise<void> => {
    this.#isClosing = true;
    const terminals = [...this.#entries.values()].flatMap(({ interactive }) => interactive ?? []);
    this.#takeDown.begin(terminals, 0);
    await this.#adopter?.close();
    const launcher = await this.#opening?.catch(() => null);
    launcher?.send({ kind: 'close' });
    await launcher?.waitForExit(CLOSE_WAIT_MS);
    if (this.#entries.size > 0) await new Promise<void>((resolve) => (this.#onceEmpty = resolve));
    // A launcher sweeps before it ends; one that died could not.
    const cgroups = [...this.#lostCgroups];
    if (this.#hasLostLauncher) await sweepRun(this.#settings.scope, { cgroups });
    cgroups.forEach(endCgroup);
    await this.#places.settle();
    this.#sink = null;
  };

  /** Resolves when the launcher has done it, or is dead, and its jobs with it. */
  async #pace(kind: 'suspend' | 'resume'): Promise<void> {
    const launcher = this.#launcher;
    if (launcher === null) return;
    await new Promise<void>((resolve) => {
      this.#onPaced = resolve;
      launcher.send({ kind });
    });
    this.#onPaced = null;
  }

  /** The launcher in service; a new one after the death of the last. */
  #getLauncher(): Promise<LauncherProcess> {
    this.#opening ??= this.#startLauncher();
    return this.#opening;
  }

  async #startLauncher(): Promise<LauncherProcess> {
    try {
      const listener = {
        onMessage: this.#onMessage.bind(this),
        onExit: this.#onLauncherExit.bind(this),
      };
      const launcher = await LauncherProcess.start(this.#settings, listener, this.#spare);
      this.#launcher = launcher;
      this.#facts = launcher.facts;
      return launcher;
    } catch (error) {
      this.#opening = null;
      throw error;
    }
  }

  #onMessage(message: FromLauncher): void {
    switch (message.kind) {
      case 'answers':
        this.#onAnswers(message.answers);
        return;
      case 'ends':
        this.#report(message.reports);
        return;
      case 'paced':
        this.#onPaced?.();
        return;
      case 'warning':
        this.#warn(message.message);
        return;
      case 'ready':
        return;
      default:
        unreachable(message);
    }
  }

  /** A batch is answered as a whole, so starts are told apart: a job may end before the rest of its batch has started. */
  #onAnswers(answers: readonly StartAnswer[]): void {
    const started = answers.filter((answer) => this.#takeAnswer(answer) && answer.kind === 'started');
    if (started.length > 0) this.#sink?.started(started.map(({ job, attempt }) => ({ job, attempt })));
    this.#noteEmpty();
  }

  /** Whether the answer was waited for. */
  #takeAnswer(answer: StartAnswer): boolean {
    const entry = this.#entries.get(answer.job);
    if (entry?.attempt !== answer.attempt || entry.answer === null) return false;
    if (answer.kind !== 'started') this.#entries.delete(answer.job);
    entry.answer(
      answer.kind === 'started'
        ? { kind: 'accepted', running: false }
        : { kind: answer.kind, message: answer.message },
    );
    entry.answer = null;
    return true;
  }

  /** Tells of ends, each attempt's once. */
  #report(reports: readonly EndReport[]): void {
    const known = reports.filter(({ job, attempt, end }) => {
      const entry = this.#entries.get(job);
      if (entry?.attempt !== attempt) return false;
      this.#entries.delete(job);
      // Not answered yet: it was stopped on its way to a process, or the launcher died before it could say.
      entry.answer?.({ kind: 'accepted', running: end.kind !== 'not-launched' });
      return true;
    });
    if (known.length > 0) this.#sink?.ended(known);
    this.#noteEmpty();
  }

  #noteEmpty(): void {
    if (this.#entries.size === 0) this.#onceEmpty?.();
  }

  /** Ends the launcher's jobs by their tokens, and reports them lost when their processes are gone. */
  #onLauncherExit(message: string): void {
    this.#launcher = null;
    this.#opening = null;
    this.#onPaced?.();
    if (!this.#isClosing) this.#hasLostLauncher = true;
    const cgroup = this.#facts?.cgroup ?? null;
    if (cgroup !== null) this.#lostCgroups.add(cgroup);
    const doomed: Doomed[] = [];
    for (const [job, { attempt, interactive }] of this.#entries) {
      if (interactive !== null) continue;
      doomed.push({
        token: makeToken(this.#settings.scope, { job, attempt }),
        pid: null,
        hasEnded: () => true,
        onDone: (leftovers) => {
          const end = { kind: 'lost', message } as const;
          this.#report([{ job, attempt, end, ...(leftovers.length === 0 ? {} : { leftovers }) }]);
        },
      });
    }
    if (doomed.length > 0) this.#takeDown.begin(doomed, 0);
  }

  async #startInteractive(order: StartOrder): Promise<SubmitAnswer> {
    const id: AttemptId = { job: order.job, attempt: order.attempt };
    const token = makeToken(this.#settings.scope, id);
    const { environment } = this.#settings;
    const setting = { environment, token, stdout: process.stdout, stderr: process.stderr };
    let job: InteractiveJob;
    try {
      job = await startInteractive(order, setting);
    } catch (error) {
      const code = codeOf(error);
      const message = `cannot run /bin/sh in ${order.odir}: ${describeCode(code)}`;
      return { kind: isShortage(code) ? 'busy' : 'rejected', message };
    }
    const takenDown = new Promise<readonly string[]>((onDone) => {
      // Its group is our own: only what carries its token, and descendants, may be signalled.
      const interactive = { token, pid: null, hasEnded: job.hasEnded, onDone };
      this.#entries.set(order.job, { attempt: order.attempt, answer: null, interactive });
    });
    const afterTakeDown = takenDown.then(async (leftovers): Promise<EndReport> => {
      const end = job.hasEnded() ? await job.end : STUCK;
      return { ...id, end, ...(leftovers.length === 0 ? {} : { leftovers }) };
    });
    const afterEnd = job.end.then((end): EndReport | Promise<EndReport> =>
      this.#takeDown.has(token) ? afterTakeDown : { ...id, end },
    );
    void Promise.race([afterEnd, afterTakeDown]).then((report) => {
      this.#report([report]);
    });
    // At once, before it can say a word: whatever else writes to the terminal must have made room. Its batch is answered later.
    this.#sink?.started([id]);
    return ACCEPTED;
  }
}

function makeOrder({ job, attempt, spec }: Submission): StartOrder {
  const { cmd, exports, odir, logPath } = spec;
  return { job, attempt, cmd, exports, odir, logPath };
}
