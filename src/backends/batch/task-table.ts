// The tasks a batch backend answers for: in which array, how far, what was asked of them. Keeps account; asks and decides nothing.
import type { AttemptId } from '../../model/backend.js';
import type { JobSpec } from '../../model/job-spec.js';
import type { JobEnd } from '../../model/outcome.js';
import type { TaskState } from './engine.js';
import type { TaskPlace } from './spool.js';

/** One array, from its submission until the last of its tasks is reported. */
export interface ArrayEntry {
  /** 1, 2, ...: unique in the run, over all its processes. */
  readonly number: number;
  readonly name: string;
  /** The engine's id; null while it is not known. */
  id: string | null;
  /** When the engine had it for certain; a query that was asked earlier says nothing about it. Null: not yet. */
  submittedAtMs: number | null;
  /** The tasks that are not reported yet, by their numbers. */
  readonly tasks: Map<number, TaskEntry>;
}

/** What a task was asked to end by. */
interface TaskKill {
  readonly force: boolean;
  readonly askedAtMs: number;
  /** Whether its job may have been forked after the signal came, so that only the script heard it. */
  readonly isEarly: boolean;
}

/** One attempt at a job, as a task of an array. */
export interface TaskEntry extends AttemptId {
  readonly spec: JobSpec;
  readonly array: ArrayEntry;
  /** Its number in the array. */
  readonly number: number;
  /** Whether it is said to run, by its record or the engine. */
  hasStarted: boolean;
  /** What was asked of it, and when last; null: to run. */
  kill: TaskKill | null;
  /** Where the engine saw it last; null: not yet. */
  state: TaskState | null;
  /** Since when the engine has not had it, or says it ended; null: it has it. */
  goneSinceMs: number | null;
  /** Since when it is held, or hopeless; null: it is neither. */
  stuckSinceMs: number | null;
  /** Given up while it was in the queue: its end when it is out of it. */
  refusal: Extract<JobEnd, { kind: 'not-launched' | 'lost' }> | null;
  /** When it ended, where its record was complete before this process took it over; null: it was not. */
  endedAtMs: number | null;
  /** Since when its complete record waits for the engine's explanation; null: it does not. */
  unexplainedSinceMs: number | null;
}

/** Where the record of a task is. */
export function placeOf({ array, number }: TaskEntry): TaskPlace {
  return { array: array.number, task: number };
}

/** Every task not yet reported. */
export class TaskTable {
  readonly #arrays = new Map<number, ArrayEntry>();
  readonly #byJob = new Map<number, TaskEntry>();

  /** Number of tasks. */
  get size(): number {
    return this.#byJob.size;
  }

  tasks(): Iterable<TaskEntry> {
    return this.#byJob.values();
  }

  arrays(): Iterable<ArrayEntry> {
    return this.#arrays.values();
  }

  array(number: number): ArrayEntry | undefined {
    return this.#arrays.get(number);
  }

  /** The task that is this attempt at the job. */
  find({ job, attempt }: AttemptId): TaskEntry | undefined {
    const task = this.#byJob.get(job);
    return task?.attempt === attempt ? task : undefined;
  }

  addArray(number: number, name: string): ArrayEntry {
    const array: ArrayEntry = { number, name, id: null, submittedAtMs: null, tasks: new Map() };
    this.#arrays.set(number, array);
    return array;
  }

  addTask(array: ArrayEntry, number: number, what: AttemptId & { readonly spec: JobSpec }): TaskEntry {
    const { job, attempt, spec } = what;
    const task: TaskEntry = {
      job,
      attempt,
      spec,
      array,
      number,
      hasStarted: false,
      kill: null,
      state: null,
      goneSinceMs: null,
      stuckSinceMs: null,
      refusal: null,
      endedAtMs: null,
      unexplainedSinceMs: null,
    };
    array.tasks.set(number, task);
    this.#byJob.set(job, task);
    return task;
  }

  remove(task: TaskEntry): void {
    const { array } = task;
    array.tasks.delete(task.number);
    if (array.tasks.size === 0) this.#arrays.delete(array.number);
    if (this.#byJob.get(task.job) === task) this.#byJob.delete(task.job);
  }

  /** Forgets an array that never came to be. */
  removeArray(array: ArrayEntry): void {
    for (const task of [...array.tasks.values()]) this.remove(task);
    this.#arrays.delete(array.number);
  }
}
