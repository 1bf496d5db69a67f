// Takes over what an earlier process of the run submitted: by its files, the engine's queue, and the records of tasks. Reports nothing.
import type { AdoptAnswer, AttemptId, Submission } from '../../model/backend.js';
import type { Clock } from '../../model/clock.js';
import type { ArrayStore, StoredArray } from './array-store.js';
import type { TaskReport } from './engine.js';
import type { Pace } from './pace.js';
import { isHopeless, type QueueWatch } from './queue-watch.js';
import type { Spool, TaskPlace } from './spool.js';
import { placeOf, type ArrayEntry, type TaskEntry, type TaskTable } from './task-table.js';

/** What an {@link Adopter} is made of. */
export interface AdopterParts {
  readonly clock: Clock;
  readonly pace: Pace;
  readonly store: ArrayStore;
  readonly spool: Spool;
  readonly table: TaskTable;
  readonly queue: QueueWatch;
}

/** Answers, in the order of the batch, and the tasks that were taken over. */
export interface Adoption {
  readonly answers: readonly AdoptAnswer[];
  readonly tasks: readonly TaskEntry[];
}

/** Adopts for one run. */
export class Adopter {
  readonly #parts: AdopterParts;
  readonly #arrays = new Map<number, ArrayEntry | null>();

  constructor(parts: AdopterParts) {
    this.#parts = parts;
  }

  /** @throws Error when the files of the earlier process cannot be read. */
  async adopt(batch: readonly Submission[]): Promise<Adoption> {
    const stored = this.#parts.store.readAll();
    const places = indexTasks(stored);
    const reports = batch.some((id) => places.has(keyOf(id))) ? await this.#askAfter(stored) : [];
    const tasks: TaskEntry[] = [];
    const timeOf = this.#parts.spool.readTimes(this.#parts.clock);
    const answers = batch.map((submission): AdoptAnswer => {
      const place = places.get(keyOf(submission));
      if (place === undefined) return { kind: 'gone', message: 'it was never submitted' };
      const array = this.#takeOver(place.array, reports);
      if (array === null) return { kind: 'gone', message: 'its submission did not reach the queue' };
      const task = this.#parts.table.addTask(array, place.number, submission);
      task.hasStarted = this.#hasStarted(task, reports);
      tasks.push(task);
      const startedAtMs = this.#findTimes(task, timeOf);
      return { kind: 'adopted', running: task.hasStarted, ...(startedAtMs !== null && { startedAtMs }) };
    });
    return { answers, tasks };
  }

  /** The array, if the engine has it or had it; otherwise it is revoked, so that it cannot start later. */
  #takeOver(stored: StoredArray, reports: readonly TaskReport[]): ArrayEntry | null {
    const { number, name } = stored;
    let array = this.#arrays.get(number);
    if (array !== undefined) return array;
    const { table, clock, store } = this.#parts;
    const id = stored.id ?? reports.find(({ arrayName }) => arrayName === name)?.id ?? null;
    if (store.isRevoked(number) || (id === null && !this.#hasRecords(number))) {
      array = null;
    } else {
      if (id !== null && stored.id === null) store.noteId(number, id);
      array = table.addArray(number, name);
      array.id = id;
      array.submittedAtMs = clock.now();
    }
    this.#arrays.set(number, array);
    return array;
  }

  /** Whether any task of an array that the engine does not know has begun; none does so afterwards. */
  #hasRecords(number: number): boolean {
    const { store, spool } = this.#parts;
    if (spool.hasRecordsOf(number)) return true;
    store.revoke(number);
    spool.refresh();
    return spool.hasRecordsOf(number);
  }

  /** Notes when a task ended, where its record tells; returns when it started, null where nothing tells. */
  #findTimes(task: TaskEntry, timeOf: (place: TaskPlace) => number | null): number | null {
    const place = placeOf(task);
    const found = this.#parts.spool.read(place);
    const changedAtMs = found === null ? null : timeOf(place);
    if (found === null || changedAtMs === null) return null;
    // Until its end, a record changes only while the job starts.
    if (!found.isComplete) return changedAtMs;
    task.endedAtMs = changedAtMs;
    const { elapsedMs } = found.record;
    return elapsedMs === null ? null : changedAtMs - elapsedMs;
  }

  #hasStarted(task: TaskEntry, reports: readonly TaskReport[]): boolean {
    const { array, number } = task;
    if (this.#parts.spool.read(placeOf(task)) !== null) return true;
    return reports.some(
      ({ id, tasks, state }) => id === array.id && state.kind === 'running' && tasks.includes(number),
    );
  }

  /**
   * What the engine has of the run; it is waited for, and so is a submission that may still be on its way.
   * Nothing where the engine's description fails: records tell the rest.
   */
  async #askAfter(stored: readonly StoredArray[]): Promise<readonly TaskReport[]> {
    const { queue, clock, pace, store } = this.#parts;
    // However the clock of the file server goes.
    const giveUpAtMs = clock.now() + pace.settleMs;
    for (;;) {
      const reply = await queue.ask();
      if (reply.kind === 'answered' && reply.garbled === 0) {
        const names = new Set(reply.reports.map(({ arrayName }) => arrayName));
        const isOnItsWay = ({ number, id, name, writtenAtMs }: StoredArray): boolean =>
          id === null &&
          !names.has(name) &&
          !store.isRevoked(number) &&
          clock.now() - writtenAtMs < pace.settleMs;
        if (clock.now() >= giveUpAtMs || !stored.some(isOnItsWay)) return reply.reports;
      }
      if (isHopeless(reply)) return [];
      await new Promise<void>((resolve) => {
        clock.setTimer(clock.now() + pace.minQueryMs, resolve);
      });
    }
  }
}

function indexTasks(
  arrays: readonly StoredArray[],
): ReadonlyMap<string, { readonly array: StoredArray; readonly number: number }> {
  return new Map(
    arrays.flatMap((array) => array.jobs.map((id, i) => [keyOf(id), { array, number: i + 1 }] as const)),
  );
}

function keyOf({ job, attempt }: AttemptId): string {
  return `${job} ${attempt}`;
}
