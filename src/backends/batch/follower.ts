// Follows tasks from their submission to their end, by their records and the engine's word, and reports both. Submits and kills nothing
// of its own accord, except what the engine holds in vain.
import type { BackendSink, EndReport } from '../../model/backend.js';
import type { Clock, TimerHandle } from '../../model/clock.js';
import { messageOf } from '../../util/message-of.js';
import type { ArrayStore } from './array-store.js';
import type { Ender } from './ender.js';
import type { BatchEngine, EngineEnd, QueryReply, QueryScope, TaskState, TaskTarget } from './engine.js';
import type { Pace } from './pace.js';
import { CANCELLED, isLaunchFailure, readFindings } from './queue-findings.js';
import type { DatedReply, QueueWatch } from './queue-watch.js';
import { isSignalStatus, resolveEnd } from './resolve-end.js';
import type { CommandRunner } from './run-command.js';
import type { SpoolRecord } from './spool-record.js';
import type { Spool, SpoolSight } from './spool.js';
import { placeOf, type ArrayEntry, type TaskEntry, type TaskTable } from './task-table.js';
import { targetsOf } from './task-targets.js';

/** What a {@link Follower} is made of. */
export interface FollowerParts {
  readonly engine: BatchEngine;
  readonly scope: QueryScope;
  readonly run: CommandRunner;
  readonly clock: Clock;
  readonly pace: Pace;
  readonly store: ArrayStore;
  readonly spool: Spool;
  readonly table: TaskTable;
  readonly queue: QueueWatch;
  readonly ender: Ender;
  readonly warn: (message: string) => void;
}

/** How soon after a submission the queue is looked at: what can never start is told of then. */
const LOOK_AFTER_SUBMIT_MS = 3_000;

/** How soon the engine is asked why a task died. */
const LOOK_AFTER_SIGNAL_MS = 200;

/** Follows the tasks of one run. */
export class Follower {
  readonly #parts: FollowerParts;
  /** Where to report; set when the backend is opened. */
  sink: BackendSink | null = null;
  #lookTimer: TimerHandle | null = null;
  /** Records of arrays whose submission is not answered yet. */
  #early: SpoolSight[] = [];
  /** Tasks that the accounting is being asked about. */
  readonly #inquired = new Set<TaskEntry>();
  /** Whether the engine did not answer the last time. */
  #isAway = false;
  #hasSeenGarbage = false;

  constructor(parts: FollowerParts) {
    this.#parts = parts;
  }

  stop(): void {
    if (this.#lookTimer !== null) this.#parts.clock.clearTimer(this.#lookTimer);
    this.#lookTimer = null;
    this.sink = null;
  }

  // What happens

  /** An array is in the queue. */
  onSubmitted(array: ArrayEntry): void {
    const early = this.#early.filter((sight) => sight.array === array.number);
    this.#early = this.#early.filter((sight) => sight.array !== array.number);
    this.#parts.queue.hurry(LOOK_AFTER_SUBMIT_MS);
    this.#scheduleLook();
    if (early.length > 0) this.onSights(early);
  }

  /** Tasks of an earlier process were taken over. */
  onAdopted(tasks: readonly TaskEntry[]): void {
    this.#reportEnded(tasks.flatMap((task) => this.#takeRecord(task) ?? []));
    this.#parts.queue.hurry();
    this.#scheduleLook();
  }

  onSights(sights: readonly SpoolSight[]): void {
    const started: TaskEntry[] = [];
    const ended: EndReport[] = [];
    for (const sight of sights) {
      const array = this.#parts.table.array(sight.array);
      if (array === undefined) continue;
      if (array.submittedAtMs === null) {
        this.#early.push(sight);
        continue;
      }
      const task = array.tasks.get(sight.task);
      if (task === undefined) continue;
      // Its start and its end may be told of together.
      if (!task.hasStarted) started.push(task);
      task.hasStarted = true;
      const report = sight.isComplete ? this.#takeRecord(task) : null;
      if (report !== null) ended.push(report);
    }
    this.#reportStarted(started);
    this.#reportEnded(ended);
  }

  onReply(reply: DatedReply): void {
    if (reply.kind === 'unavailable') {
      this.noteAway(reply.message, reply.faults > 0);
      return;
    }
    this.noteAnswered();
    this.#noteGarbage(reply.garbled);
    const { spool, table, clock, pace, engine } = this.#parts;
    // What has left the queue has left its record before; so the records are looked at after the queue.
    spool.look();
    const nowMs = clock.now();
    const query = {
      askedAtMs: reply.askedAtMs,
      nowMs,
      isComplete: reply.garbled === 0,
      forgetsCancelled: engine.forgetsCancelled === true,
    };
    const { started, gone, stuck, resisting, unexplained } = readFindings(table, reply.reports, {
      query,
      pace,
    });
    for (const task of started) task.hasStarted = true;
    this.#reportStarted(started);
    this.#settle(gone, nowMs);
    this.#reportEnded(unexplained.map((task) => this.#conclude(task)));
    this.#refuse(stuck);
    this.#endAgain(resisting);
    this.#cancelRevoked(reply);
    this.#scheduleLook();
  }

  /** The engine answered. */
  noteAnswered(): void {
    this.#isAway = false;
  }

  /** The engine did not answer, or its description failed; said once, until it does. */
  noteAway(message: string, isFault = false): void {
    if (this.#isAway) return;
    const { engine, warn } = this.#parts;
    warn(
      isFault
        ? `jobs on ${engine.title} are watched by their records alone: ${message}`
        : `${engine.title} does not answer, its jobs are waited for: ${message}`,
    );
    this.#isAway = true;
  }

  /** Reports what is left as lost, and names it. */
  giveUp(message: string): void {
    const { table, engine } = this.#parts;
    const reports = [...table.tasks()].map((task): EndReport => {
      const { job, attempt, array, number } = task;
      table.remove(task);
      const leftover = `${engine.name} ${array.id ?? array.name} task ${number}`;
      return { job, attempt, end: { kind: 'lost', message }, leftovers: [leftover] };
    });
    const named = reports.slice(0, 5).flatMap(({ leftovers = [] }) => leftovers);
    const more = reports.length > named.length ? ` and ${reports.length - named.length} more` : '';
    this.#parts.warn(
      named.length === 0
        ? `could not see whether anything is left in the queue of ${engine.title}: ${message}`
        : `could not empty the queue of ${engine.title}: ${message}; left: ${named.join(', ')}${more}`,
    );
    this.#reportEnded(reports);
  }

  // Ends

  /** The report of a task whose record is complete; null: it is not, or the engine is to be asked about it first. */
  #takeRecord(task: TaskEntry): EndReport | null {
    const record = this.#readComplete(task);
    if (record === null || task.unexplainedSinceMs !== null) return null;
    if (task.state?.kind === 'ended' || !isRiddle(task, record)) return this.#conclude(task);
    task.unexplainedSinceMs = this.#parts.clock.now();
    this.#parts.queue.hurry(LOOK_AFTER_SIGNAL_MS);
    return null;
  }

  #readComplete(task: TaskEntry): SpoolRecord | null {
    const found = this.#parts.spool.read(placeOf(task));
    return found?.isComplete === true ? found.record : null;
  }

  /** Ends tasks that are out of the queue: at once where nothing more is to be learnt, else when it is late for a record. */
  #settle(gone: readonly TaskEntry[], nowMs: number): void {
    const { spool, queue } = this.#parts;
    if (gone.length === 0) return;
    spool.refresh();
    const ended: EndReport[] = [];
    const late: TaskEntry[] = [];
    for (const task of gone) {
      const record = this.#readComplete(task);
      const isLate = nowMs - (task.goneSinceMs ?? nowMs) >= this.#patienceWith(task);
      const isClear =
        record === null
          ? isExpected(task)
          : isLate || task.state?.kind === 'ended' || !isRiddle(task, record);
      if (isClear) ended.push(this.#conclude(task));
      else if (isLate) late.push(task);
    }
    this.#reportEnded(ended);
    this.#concludeLate(late);
    if (gone.length > ended.length) queue.hurry();
  }

  /** How long a task may be gone without a record; one that never ran, as far as is known, until the accounting would know it if it had. */
  #patienceWith({ hasStarted }: TaskEntry): number {
    const { pace, engine } = this.#parts;
    return hasStarted ? pace.settleMs : Math.max(pace.settleMs, engine.history?.completeAfterMs ?? 0);
  }

  /** Ends tasks without a record by the engine's word; asks its accounting where the queue shows nothing any more. */
  #concludeLate(late: readonly TaskEntry[]): void {
    const { history } = this.#parts.engine;
    const isKnown = ({ state }: TaskEntry): boolean => history === null || state?.kind === 'ended';
    this.#reportEnded(late.filter(isKnown).map((task) => this.#conclude(task)));
    const unknown = late.filter((task) => !isKnown(task) && !this.#inquired.has(task));
    if (unknown.length > 0 && history !== null) void this.#inquire(unknown, history);
  }

  async #inquire(tasks: readonly TaskEntry[], history: NonNullable<BatchEngine['history']>): Promise<void> {
    const { table, engine, warn } = this.#parts;
    for (const task of tasks) this.#inquired.add(task);
    const ends = new Map<string, EngineEnd>();
    let isComplete = false;
    try {
      isComplete = await this.#askHistory(history, { targets: targetsOf(tasks), ends });
    } catch (error) {
      warn(`the accounting of ${engine.title} cannot be asked: ${messageOf(error)}`);
    }
    for (const task of tasks) this.#inquired.delete(task);
    // One may have ended meanwhile, by a record that came at last.
    const left = tasks.filter((task) => table.find(task) === task);
    this.#reportEnded(
      left.map((task) => {
        const silence = isComplete && !task.hasStarted ? CANCELLED : null;
        return this.#conclude(task, ends.get(`${task.array.id} ${task.number}`) ?? silence);
      }),
    );
  }

  /**
   * Adds the ends that are known to `ends`.
   * @returns Whether a task that is not among them never ran.
   * @throws what the engine's description throws.
   */
  async #askHistory(
    history: NonNullable<BatchEngine['history']>,
    { targets, ends }: { readonly targets: readonly TaskTarget[]; readonly ends: Map<string, EngineEnd> },
  ): Promise<boolean> {
    const { run, scope } = this.#parts;
    let isComplete = history.completeAfterMs !== undefined;
    for (const command of history.command(targets, scope)) {
      const result = await run(command);
      const reply: QueryReply | null = result.kind === 'answered' ? history.read(result.answer, scope) : null;
      isComplete &&= reply?.kind === 'answered' && reply.garbled === 0;
      for (const { id, tasks, state } of reply?.kind === 'answered' ? reply.reports : []) {
        if (state.kind === 'ended') for (const number of tasks) ends.set(`${id} ${number}`, state.end);
      }
    }
    return isComplete;
  }

  /** Takes a task off the table. `engineEnd`: what the accounting says; by default what the queue said last. */
  #conclude(task: TaskEntry, engineEnd: EngineEnd | null = endIn(task.state)): EndReport {
    const { table, spool, engine } = this.#parts;
    const place = placeOf(task);
    const record = spool.read(place)?.record ?? null;
    table.remove(task);
    spool.setAside(place);
    return resolveEnd(task, { record, engineEnd, title: engine.title });
  }

  // What the engine holds

  /** Gives up tasks that would wait for ever. Their jobs end when they are out of the queue. */
  #refuse(stuck: readonly TaskEntry[]): void {
    if (stuck.length === 0) return;
    const { engine, ender, queue } = this.#parts;
    for (const task of stuck) {
      task.refusal = refusalOf(task.state, engine.title);
    }
    void ender.cancel(stuck);
    queue.hurry();
  }

  #endAgain(resisting: readonly TaskEntry[]): void {
    if (resisting.length === 0) return;
    const { ender, queue, clock, spool } = this.#parts;
    const askedAtMs = clock.now();
    const gently: TaskEntry[] = [];
    const forcibly: TaskEntry[] = [];
    for (const task of resisting) {
      if (task.kill !== null) {
        const { force, isEarly } = task.kill;
        task.kill = { force, askedAtMs, isEarly: isEarly && !spool.isLaunched(placeOf(task)) };
      }
      (task.kill?.force === false ? gently : forcibly).push(task);
    }
    void ender.ask(gently);
    void ender.cancel(forcibly);
    queue.hurry();
  }

  /** Cancels what came into the queue after it had been given up: its tasks would do nothing, but take slots to do so. */
  #cancelRevoked(reply: DatedReply): void {
    if (reply.kind !== 'answered') return;
    const { table, store, ender, scope } = this.#parts;
    const known = new Set(Array.from(table.arrays(), ({ name }) => name));
    const targets = reply.reports.flatMap(({ id, arrayName, state }): TaskTarget[] => {
      if (arrayName === null || state.kind === 'ended' || known.has(arrayName)) return [];
      return store.isRevoked(Number(arrayName.slice(scope.namePrefix.length))) ? [{ id, tasks: null }] : [];
    });
    void ender.cancelTargets(targets);
  }

  #noteGarbage(lines: number): void {
    if (lines > 0 && !this.#hasSeenGarbage) {
      const { engine, warn } = this.#parts;
      warn(
        `${lines} lines of what ${engine.title} says of its queue make no sense; its jobs are watched by their records`,
      );
    }
    this.#hasSeenGarbage = lines > 0;
  }

  // Reporting

  #reportStarted(tasks: readonly TaskEntry[]): void {
    if (tasks.length === 0) return;
    this.sink?.started(tasks.map(({ job, attempt }) => ({ job, attempt })));
  }

  #reportEnded(reports: readonly EndReport[]): void {
    if (reports.length > 0) this.sink?.ended(reports);
  }

  /** Where changes come unannounced, looks in between the queries. */
  #scheduleLook(): void {
    const { spool, table, clock, pace } = this.#parts;
    if (!spool.isBlind || this.#lookTimer !== null || table.size === 0) return;
    this.#lookTimer = clock.setTimer(clock.now() + pace.blindLookMs, () => {
      this.#lookTimer = null;
      spool.look();
      this.#scheduleLook();
    });
  }
}

/** The end of a task that its state keeps from starting. */
function refusalOf(state: TaskState | null, title: string): TaskEntry['refusal'] {
  const reason = state?.kind === 'held' || state?.kind === 'hopeless' ? state.reason : '';
  if (isLaunchFailure(state)) return { kind: 'lost', message: `${title}: ${reason}` };
  const verb = state?.kind === 'held' ? 'holds' : 'cannot start';
  return { kind: 'not-launched', message: `${title} ${verb} it: ${reason}` };
}

function endIn(state: TaskState | null): EngineEnd | null {
  return state?.kind === 'ended' ? state.end : null;
}

/** Whether a job died by a signal that nobody here sent: the engine may know why. */
function isRiddle({ kill }: TaskEntry, record: SpoolRecord): boolean {
  return kill === null && isSignalStatus(record.status);
}

/** Whether a task was told to end in a way that leaves no record. */
function isExpected({ kill, refusal, hasStarted }: TaskEntry): boolean {
  return kill?.force === true || (!hasStarted && (kill !== null || refusal !== null));
}
