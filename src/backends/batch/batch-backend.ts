// Runs jobs as tasks of a batch engine's arrays. Puts the parts together and reports what they find; the engine's words are in its
// description, and nothing here depends on which engine it is.
import { userInfo } from 'node:os';
import { delimiter, join } from 'node:path';
import type {
  AdoptAnswer,
  Backend,
  BackendSink,
  KillRequest,
  Submission,
  SubmitAnswer,
} from '../../model/backend.js';
import type { Clock, TimerHandle } from '../../model/clock.js';
import type { JobSpec } from '../../model/job-spec.js';
import { UserError } from '../../model/problem.js';
import { unreachable } from '../../util/unreachable.js';
import { isExecutableFile } from '../../util/executable-file.js';
import { PlaceMaker } from '../scratch/place-maker.js';
import { codeOf, describeCode } from '../scratch/system-error.js';
import { Adopter } from './adopter.js';
import { ArrayStore } from './array-store.js';
import { Ender } from './ender.js';
import type { BatchEngine, TaskDemand } from './engine.js';
import { DEFAULT_PACE, type Pace } from './pace.js';
import { Follower } from './follower.js';
import { QueueEmptier } from './queue-emptier.js';
import { QueueWatch } from './queue-watch.js';
import { createCommandRunner, type CommandRunner } from './run-command.js';
import { Spool } from './spool.js';
import { Submitter } from './submitter.js';
import { placeOf, TaskTable, type TaskEntry } from './task-table.js';
import { definedOnly } from '../../util/defined-only.js';

/** Settings of a {@link BatchBackend}. */
export interface BatchBackendOptions {
  readonly engine: BatchEngine;
  /** Marks the arrays of the run; unique among runs; letters, digits and `-`. */
  readonly runId: string;
  /** Directory for this backend's files, absolute, in the run's own directory; visible and writable on every node under this path. */
  readonly directory: string;
  readonly clock: Clock;
  /** What a job asks of the engine. */
  readonly demandOf: (spec: JobSpec) => TaskDemand;
  /** Time between asking a task to end and ending it, in milliseconds, >= 0. Default 10,000. */
  readonly killGraceMs?: number;
  /** Output directories to keep of a job that renews its own, the new one included. Default 5. */
  readonly maxOdirs?: number;
  /** Environment of every job, over what the engine sets; a job's exports are set on top. Default this process's. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Told, in one line, of what went wrong without harming a job. Default: not told. */
  readonly warn?: (message: string) => void;
  /** Times that differ from {@link DEFAULT_PACE}. */
  readonly pace?: Partial<Pace>;
}

/** Most tasks of an array where the engine does not tell. */
const DEFAULT_ARRAY_LIMIT = 1000;

/** How soon the engine is asked what came of a kill. */
const LOOK_AFTER_KILL_MS = 200;

/** See {@link Backend}; its name is the engine's. */
export class BatchBackend implements Backend {
  readonly name: string;
  readonly #engine: BatchEngine;
  readonly #pace: Pace;
  readonly #clock: Clock;
  readonly #killGraceMs: number;
  readonly #warn: (message: string) => void;
  readonly #run: CommandRunner;
  readonly #places: PlaceMaker;
  readonly #store: ArrayStore;
  readonly #spool: Spool;
  readonly #table = new TaskTable();
  readonly #queue: QueueWatch;
  readonly #ender: Ender;
  readonly #submitter: Submitter;
  readonly #adopter: Adopter;
  readonly #follower: Follower;
  readonly #emptier: QueueEmptier;
  readonly #timers = new Set<TimerHandle>();
  #arrayLimit: number | null = null;

  constructor(options: BatchBackendOptions) {
    const { engine, clock, directory } = options;
    this.name = engine.name;
    this.#engine = engine;
    this.#clock = clock;
    this.#pace = { ...DEFAULT_PACE, ...options.pace };
    this.#killGraceMs = options.killGraceMs ?? 10_000;
    this.#warn = options.warn ?? (() => undefined);
    this.#run = createCommandRunner(engine, this.#pace.commandMs);
    const environment = definedOnly(options.environment ?? process.env);
    this.#places = new PlaceMaker({
      environment,
      warn: this.#warn,
      ...(options.maxOdirs === undefined ? {} : { maxOdirs: options.maxOdirs }),
    });
    const { ownVariables, taskVariable } = engine;
    this.#store = new ArrayStore({
      ...{ directory, environment, ownVariables, taskVariable },
      umask: process.umask(),
    });
    this.#spool = new Spool(join(directory, 'spool'), {
      onSights: (sights) => {
        this.#follower.onSights(sights);
      },
      warn: this.#warn,
    });
    const scope = { namePrefix: `rgt-${options.runId}-`, user: nameOfUser() };
    this.#queue = new QueueWatch({
      engine,
      scope,
      run: this.#run,
      clock,
      pace: this.#pace,
      isNeeded: () => this.#table.size > 0,
      onReply: (reply) => {
        this.#follower.onReply(reply);
      },
    });
    this.#ender = new Ender(engine, this.#run, this.#warn);
    const parts = {
      engine,
      scope,
      run: this.#run,
      clock,
      pace: this.#pace,
      store: this.#store,
      spool: this.#spool,
      table: this.#table,
      queue: this.#queue,
    };
    this.#follower = new Follower({ ...parts, ender: this.#ender, warn: this.#warn });
    this.#adopter = new Adopter(parts);
    this.#emptier = new QueueEmptier({ ...parts, ender: this.#ender, namePrefix: scope.namePrefix });
    this.#submitter = new Submitter({
      ...parts,
      places: this.#places,
      namePrefix: scope.namePrefix,
      demandOf: options.demandOf,
      // It was set up when the backend was opened; if it is not any more, that is waited for like any other failure.
      arrayLimit: () => this.#findArrayLimit().catch(() => DEFAULT_ARRAY_LIMIT),
      onSubmitted: (array) => {
        this.#follower.onSubmitted(array);
      },
    });
  }

  /** Queries sent to the engine so far, for benchmarks and tests. */
  get queries(): number {
    return this.#queue.queries;
  }

  /** @throws UserError when the engine's programs are not there or not set up, or the directory cannot be written. */
  readonly open = async (sink: BackendSink): Promise<void> => {
    this.#follower.sink = sink;
    this.#requirePrograms();
    try {
      this.#store.open();
      this.#spool.open();
    } catch (error) {
      throw new UserError(
        {
          code: 'unwritable-scratch',
          message: `${this.name}: cannot write the run directory: ${describeCode(codeOf(error))}`,
        },
        { cause: error },
      );
    }
    await this.#findArrayLimit();
  };

  readonly submit = (batch: readonly Submission[]): Promise<readonly SubmitAnswer[]> =>
    this.#submitter.submit(batch);

  readonly adopt = async (batch: readonly Submission[]): Promise<readonly AdoptAnswer[]> => {
    const { answers, tasks } = await this.#adopter.adopt(batch);
    // After the answers: an end is of interest only of what is known to be adopted.
    setImmediate(() => {
      this.#follower.onAdopted(tasks);
    });
    return answers;
  };

  readonly kill = async (batch: readonly KillRequest[]): Promise<void> => {
    const gently: TaskEntry[] = [];
    const forcibly: TaskEntry[] = [];
    for (const request of batch) {
      const task = this.#table.find(request);
      if (task === undefined || task.array.submittedAtMs === null) continue;
      if (request.force || this.#engine.askToEnd === null) {
        if (task.kill?.force !== true) forcibly.push(task);
      } else if (task.kill === null) {
        gently.push(task);
      }
    }
    this.#mark(gently, false);
    this.#mark(forcibly, true);
    if (gently.length > 0) {
      this.#setTimer(this.#killGraceMs, () => {
        this.#force(gently);
      });
    }
    await Promise.all([this.#ender.ask(gently), this.#ender.cancel(forcibly)]);
    if (gently.length + forcibly.length > 0) this.#queue.hurry(LOOK_AFTER_KILL_MS);
  };

  readonly close = async (): Promise<void> => {
    await this.#submitter.close();
    const remains = this.#store.isUsed ? await this.#emptier.empty() : null;
    if (remains !== null) this.#follower.giveUp(remains);
    this.#queue.stop();
    this.#spool.close();
    for (const timer of this.#timers) this.#clock.clearTimer(timer);
    this.#timers.clear();
    this.#follower.stop();
    await this.#places.settle();
    if (remains === null) await this.#store.removeAll();
    else this.#store.removeEnvironment();
  };

  // Opening

  #requirePrograms(): void {
    const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
    const isThere = (program: string): boolean =>
      folders.some((folder) => isExecutableFile(join(folder, program)));
    const missing = this.#engine.programs.filter((program) => !isThere(program));
    if (missing.length === 0) return;
    throw new UserError({
      code: 'engine-absent',
      message: `backend ${this.name} needs ${missing.join(', ')} on PATH`,
      hint: `load the environment of ${this.#engine.title}, or choose another backend with --backend`,
    });
  }

  async #findArrayLimit(): Promise<number> {
    if (this.#arrayLimit !== null) return this.#arrayLimit;
    const result = await this.#run(this.#engine.probe);
    const reply =
      result.kind === 'answered'
        ? this.#engine.readProbe(result.answer)
        : ({ kind: 'unavailable', message: result.message } as const);
    switch (reply.kind) {
      case 'answered':
        this.#follower.noteAnswered();
        this.#arrayLimit = reply.arrayLimit ?? DEFAULT_ARRAY_LIMIT;
        return this.#arrayLimit;
      case 'unusable':
        throw new UserError({
          code: 'engine-unusable',
          message: `backend ${this.name} cannot be used: ${reply.message}`,
          hint: `load the environment of ${this.#engine.title}, or choose another backend with --backend`,
        });
      case 'unavailable':
        this.#follower.noteAway(reply.message);
        return DEFAULT_ARRAY_LIMIT;
      default:
        return unreachable(reply);
    }
  }

  // Ending

  #mark(tasks: readonly TaskEntry[], force: boolean): void {
    const askedAtMs = this.#clock.now();
    for (const task of tasks) {
      const isEarly = !force && !this.#spool.isLaunched(placeOf(task));
      task.kill = { force, askedAtMs, isEarly };
    }
  }

  /** Ends by force what is left of tasks that were asked to end. */
  #force(tasks: readonly TaskEntry[]): void {
    const left = tasks.filter((task) => this.#table.find(task) === task && task.kill?.force === false);
    if (left.length === 0) return;
    this.#mark(left, true);
    void this.#ender.cancel(left);
    this.#queue.hurry(LOOK_AFTER_KILL_MS);
  }

  #setTimer(ms: number, callback: () => void): void {
    const timer = this.#clock.setTimer(this.#clock.now() + ms, () => {
      this.#timers.delete(timer);
      callback();
    });
    this.#timers.add(timer);
  }
}

function nameOfUser(): string {
  try {
    return userInfo().username;
  } catch {
    // A uid without an entry in the user database, as in containers.
    return String(process.getuid?.() ?? '');
  }
}
