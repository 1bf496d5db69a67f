// Drives one run: feeds the core what happens, performs what it asks for. Decides nothing itself.
import { Core } from '../core/core.js';
import type { CoreOptions } from '../core/core-options.js';
import type { Action, CoreEvent, JudgedEnd, LimitScope } from '../core/messages.js';
import type { JobGraph } from '../graph/graph.js';
import type { AttemptId, Backend, BackendSink, Submission, SubmitAnswer } from '../model/backend.js';
import type { Clock, TimerHandle } from '../model/clock.js';
import type { JobSpec } from '../model/job-spec.js';
import type { StopCause } from '../model/reason.js';
import type { Recovery } from '../model/recovery.js';
import type { Observer, RunEvent, StopMode } from '../model/run-event.js';
import type { RunRecorder } from '../model/run-recorder.js';
import { unreachable } from '../util/unreachable.js';
import { BackendPort } from './backend-port.js';
import { Judging, type JudgeEnd } from './judging.js';
import { ObserverHub } from './observer-hub.js';
import { LONGEST_DELAY_MS } from '../util/longest-delay.js';
import { messageOf } from '../util/message-of.js';

/** What a backend gets beyond the time of a kill to close: it may have to end everything by force first. */
const CLOSE_MARGIN_MS = 30_000;

/** What a backend gets to open: an engine may have to be asked, and be slow to answer. */
const OPEN_TIMEOUT_MS = 90_000;

/** Everything a run is made of. */
export interface RunPlan extends Omit<CoreOptions, 'backends'> {
  readonly runId: string;
  readonly graph: JobGraph;
  readonly backends: readonly Backend[];
  /** Name of the backend of a job; one of `backends`. */
  readonly backendOf: (spec: JobSpec) => string;
  readonly judgeEnd: JudgeEnd;
  readonly observers: readonly Observer[];
  /** Keeps the record that the run can be taken up from. Default: none is kept. */
  readonly recorder?: RunRecorder;
  /** An interrupted run that this one goes on with. Default: a new run. */
  readonly past?: Past;
  readonly clock: Clock;
  /** Check all of the core's state after each step; slow. */
  readonly selfCheck: boolean;
  /** Receives one-line diagnostics: an observer dropped, a backend that failed to kill. */
  readonly report: (message: string) => void;
}

/** What came before a run was taken up again. */
export interface Past {
  /** Events on record that still stand, from `run-started`; gone through once. */
  readonly events: Iterable<RunEvent>;
  readonly recovery: Recovery;
}

/** Handle to change a run while it goes on. Every method may be called at any time, also after its end. */
export interface RunControl {
  /**
   * Changes a limit; null lifts it. Lowering one below what is in use starts nothing new and ends nothing.
   * @throws RangeError unless `limit` is null or a whole number >= 0.
   */
  readonly setLimit: (scope: LimitScope, limit: number | null) => void;
  /** Ends the run early. A milder mode after a stronger one changes nothing. */
  readonly stop: (mode: StopMode, by: StopCause) => void;
  /** Ends jobs, and with them what depends on them. Names that are no job's are ignored. */
  readonly kill: (fullNames: readonly string[], by: StopCause) => void;
  /** Lets the jobs stand still where their backends can, until `resume`; the caller is then to do nothing else. */
  readonly suspend: () => Promise<void>;
  /** Goes on; `byMs`, which the run stood still for, counts for no time limit. */
  readonly resume: (byMs: number) => Promise<void>;
  /** Why a job is not running; undefined when there is no such job. */
  readonly explain: (fullName: string) => readonly string[] | undefined;
}

/** A run under way. */
export interface Run {
  readonly control: RunControl;
  /**
   * Resolves when every job has ended, nothing of the run is left on any backend, and the observers have finished.
   * A backend that does not close is waited for 30 s beyond the time of a kill, and reported.
   * Rejects only when an invariant of the core is broken; the backends are closed first.
   */
  readonly ended: Promise<void>;
}

/**
 * Opens the backends and starts the run.
 * @throws what a backend's `open` throws; the others are closed first, and nothing was run.
 */
export async function startRun(plan: RunPlan): Promise<Run> {
  return new Driver(plan).start();
}

class Driver {
  readonly #plan: RunPlan;
  readonly #core: Core;
  readonly #observers: ObserverHub;
  readonly #ports: ReadonlyMap<string, BackendPort>;
  readonly #judging: Judging;
  readonly #mailbox: CoreEvent[] = [];
  /** Judged ends that wait for the end of this turn, so that ends that come together are handled together. */
  #judged: JudgedEnd[] = [];
  /** Events that come up now wait their turn: one is being handled, or the run has not begun. */
  #isHolding = true;
  #timer: TimerHandle | null = null;
  #alive: NodeJS.Timeout | undefined;
  /** What `run-ended` is followed by; set when the run starts. */
  #settle: { readonly resolve: () => void; readonly reject: (error: unknown) => void } | null = null;

  constructor(plan: RunPlan) {
    this.#plan = plan;
    const names = plan.backends.map(({ name }) => name);
    const of = Int32Array.from(plan.graph.jobs, (spec) => names.indexOf(plan.backendOf(spec)));
    this.#core = new Core(plan.graph, { ...plan, backends: { names, of } });
    this.#judging = new Judging(plan.judgeEnd, (end) => {
      this.#onJudged(end);
    });
    this.#observers = new ObserverHub(plan.observers, plan.report);
    const { report, killTimeoutMs } = plan;
    const portOptions = {
      report,
      openTimeoutMs: OPEN_TIMEOUT_MS,
      closeTimeoutMs: killTimeoutMs + CLOSE_MARGIN_MS,
    };
    this.#ports = new Map(
      plan.backends.map((backend) => [backend.name, new BackendPort(backend, portOptions)]),
    );
  }

  async start(): Promise<Run> {
    await this.#openBackends();
    // A backend that answers nothing, and holds nothing open, would have the process end in the middle of the run.
    this.#alive = setInterval(() => undefined, LONGEST_DELAY_MS);
    const ended = new Promise<void>((resolve, reject) => {
      this.#settle = { resolve, reject };
    }).finally(() => this.#close());
    const { past } = this.#plan;
    // What backends have told of until now is about nothing that was asked of them.
    this.#mailbox.length = 0;
    this.#post(past === undefined ? { kind: 'start' } : { kind: 'start', recovery: past.recovery });
    // Not before the caller has the control of it: a signal that comes while the first jobs start must find somebody to stop the run.
    setImmediate(() => {
      this.#announce();
      this.#deliver();
    });
    return { control: this.#control(), ended };
  }

  #announce(): void {
    const { graph, runId, backendOf, clock, past } = this.#plan;
    const atMs = clock.now();
    const { limits } = this.#core;
    if (past === undefined) {
      const backends = graph.jobs.map(backendOf);
      this.#publish({ kind: 'run-started', atMs, runId, jobs: graph.jobs, backends, limits });
    } else {
      this.#observers.replay(past.events);
      this.#publish({ kind: 'run-resumed', atMs, limits });
    }
  }

  /** The record comes first. What goes wrong with it is the recorder's to tell. */
  #publish(event: RunEvent): void {
    void this.#plan.recorder?.notify(event);
    this.#observers.publish(event);
  }

  async #openBackends(): Promise<void> {
    const opened = await Promise.allSettled(
      [...this.#ports.values()].map((port) => port.open(this.#sinkOf())),
    );
    const failure = opened.find((result) => result.status === 'rejected');
    if (failure === undefined) return;
    await this.#closeBackends();
    throw failure.reason;
  }

  #control(): RunControl {
    const { indexOf } = this.#plan.graph;
    return {
      setLimit: (scope, limit) => {
        if (limit !== null && !(Number.isSafeInteger(limit) && limit >= 0)) {
          throw new RangeError(`a limit is null or a whole number from 0, not ${limit}`);
        }
        this.#post({ kind: 'limit-set', scope, limit });
      },
      stop: (mode, by) => {
        this.#post({ kind: 'stop-asked', mode, by });
      },
      kill: (fullNames, by) => {
        const jobs = fullNames.flatMap((name) => indexOf.get(name) ?? []);
        this.#post({ kind: 'kill-asked', jobs, by });
      },
      suspend: () => this.#pace('suspend'),
      resume: (byMs) => {
        // First: what fell due meanwhile must not be acted upon.
        this.#post({ kind: 'clock-jumped', byMs });
        return this.#pace('resume');
      },
      explain: (fullName) => {
        const job = indexOf.get(fullName);
        return job === undefined ? undefined : this.#core.explain(job);
      },
    };
  }

  #sinkOf(): BackendSink {
    return {
      started: (attempts) => {
        this.#post({ kind: 'jobs-started', attempts });
      },
      ended: (reports) => {
        const limited = reports.filter(({ job }) => this.#hasTimeLimit(job));
        if (limited.length > 0) this.#post({ kind: 'jobs-left', attempts: limited });
        for (const report of reports) {
          const spec = this.#plan.graph.jobs[report.job];
          // A report about a job that is none of this run's means nothing to anybody.
          if (spec !== undefined) void this.#judging.judge(spec, report);
        }
      },
    };
  }

  #hasTimeLimit(job: number): boolean {
    return typeof this.#plan.graph.jobs[job]?.timeoutMins === 'number';
  }

  #onJudged(end: JudgedEnd): void {
    if (this.#judged.push(end) > 1) return;
    queueMicrotask(() => {
      const ends = this.#judged;
      this.#judged = [];
      this.#post({ kind: 'jobs-ended', ends });
    });
  }

  #post(event: CoreEvent): void {
    this.#mailbox.push(event);
    if (!this.#isHolding) this.#deliver();
  }

  /** One event at a time, each to its end. */
  #deliver(): void {
    this.#isHolding = true;
    try {
      for (let next = this.#mailbox.shift(); next !== undefined; next = this.#mailbox.shift()) {
        const actions = this.#core.step(next, this.#plan.clock.now());
        if (this.#plan.selfCheck) this.#core.checkInvariants();
        for (const action of actions) this.#perform(action);
      }
    } catch (error) {
      this.#settle?.reject(error);
    } finally {
      this.#isHolding = false;
    }
  }

  #perform(action: Action): void {
    switch (action.kind) {
      case 'submit':
        void this.#submit(action.backend, action.attempts);
        break;
      case 'adopt':
        void this.#adopt(action.backend, action.attempts);
        break;
      case 'kill':
        this.#plan.recorder?.flush();
        this.#judging.abandon(action.requests);
        void this.#ports.get(action.backend)?.kill(action.requests);
        break;
      case 'set-timer':
        this.#setTimer(action.atMs);
        break;
      case 'publish':
        this.#publish(action.event);
        break;
      case 'end-run':
        this.#settle?.resolve();
        break;
      default:
        unreachable(action);
    }
  }

  async #submit(backend: string, attempts: readonly AttemptId[]): Promise<void> {
    const answers = (await this.#offer(backend, attempts)) ?? [];
    this.#post({ kind: 'submit-answered', backend, answers: pair(attempts, answers) });
  }

  async #offer(
    backend: string,
    attempts: readonly AttemptId[],
  ): Promise<readonly SubmitAnswer[] | undefined> {
    try {
      const recorded = this.#plan.recorder?.recordIntent(backend, attempts, this.#plan.clock.now());
      // Awaited only where there is something to wait for: a turn of the event loop a batch is dear.
      if (recorded !== undefined) await recorded;
    } catch (error) {
      const answer: SubmitAnswer = { kind: 'busy', message: messageOf(error) };
      return attempts.map(() => answer);
    }
    return this.#ports.get(backend)?.submit(this.#submissions(attempts));
  }

  async #adopt(backend: string, attempts: readonly AttemptId[]): Promise<void> {
    const answers = (await this.#ports.get(backend)?.adopt(this.#submissions(attempts))) ?? [];
    this.#post({ kind: 'adopt-answered', backend, answers: pair(attempts, answers) });
  }

  #submissions(attempts: readonly AttemptId[]): Submission[] {
    const { jobs } = this.#plan.graph;
    return attempts.flatMap(({ job, attempt }) => {
      const spec = jobs[job];
      return spec === undefined ? [] : [{ job, attempt, spec }];
    });
  }

  #setTimer(atMs: number | null): void {
    const { clock } = this.#plan;
    if (this.#timer !== null) clock.clearTimer(this.#timer);
    this.#timer =
      atMs === null
        ? null
        : clock.setTimer(atMs, () => {
            this.#timer = null;
            this.#post({ kind: 'timer' });
          });
  }

  async #pace(how: 'suspend' | 'resume'): Promise<void> {
    await Promise.all([...this.#ports.values()].map((port) => port.pace(how)));
  }

  /** Backends first: nothing of the run may be left when its record is closed. */
  async #close(): Promise<void> {
    if (this.#timer !== null) this.#plan.clock.clearTimer(this.#timer);
    await this.#closeBackends();
    await this.#observers.close();
    await this.#plan.recorder?.close?.();
    clearInterval(this.#alive);
  }

  async #closeBackends(): Promise<void> {
    await Promise.all([...this.#ports.values()].map((port) => port.close()));
  }
}

/** Answers with the attempts they are about; both in one order. */
function pair<A>(
  attempts: readonly AttemptId[],
  answers: readonly A[],
): (AttemptId & { readonly answer: A })[] {
  return answers.flatMap((answer, i) => {
    const id = attempts[i];
    return id === undefined ? [] : [{ job: id.job, attempt: id.attempt, answer }];
  });
}
