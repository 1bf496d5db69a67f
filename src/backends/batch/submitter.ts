// Turns submissions into arrays: gathers what is there, prepares each job's place, writes files, sends, and finds out what came of it.
// Knows nothing of what becomes of a task later.
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Submission, SubmitAnswer } from '../../model/backend.js';
import type { Clock, TimerHandle } from '../../model/clock.js';
import type { JobSpec } from '../../model/job-spec.js';
import { unreachable } from '../../util/unreachable.js';
import type { PlaceMaker } from '../scratch/place-maker.js';
import { codeOf, describeCode } from '../scratch/system-error.js';
import type { ArrayStore } from './array-store.js';
import type { BatchEngine, SubmitReply, TaskDemand } from './engine.js';
import type { Pace } from './pace.js';
import { isHopeless, type QueueWatch } from './queue-watch.js';
import type { CommandRunner } from './run-command.js';
import type { Spool } from './spool.js';
import type { ArrayEntry, TaskTable } from './task-table.js';
import { TokenBucket } from './token-bucket.js';

/** What a {@link Submitter} is made of. */
export interface SubmitterParts {
  readonly engine: BatchEngine;
  readonly run: CommandRunner;
  readonly clock: Clock;
  readonly pace: Pace;
  readonly places: PlaceMaker;
  readonly store: ArrayStore;
  readonly spool: Spool;
  readonly table: TaskTable;
  readonly queue: QueueWatch;
  /** What the names of the run's arrays begin with. */
  readonly namePrefix: string;
  readonly demandOf: (spec: JobSpec) => TaskDemand;
  /** Most tasks of an array; asks the engine if that is not known yet. */
  readonly arrayLimit: () => Promise<number>;
  /** An array is in the queue; its tasks' records count from now on. */
  readonly onSubmitted: (array: ArrayEntry) => void;
}

/** A submission that waits to be sent. */
interface Waiting {
  readonly submission: Submission;
  readonly demand: TaskDemand;
  /** The demand as text: those that share it may share an array. */
  readonly key: string;
  readonly answer: (answer: SubmitAnswer) => void;
}

/** Places prepared before others get their turn. */
const PLACES_AT_ONCE = 50;

const ACCEPTED: SubmitAnswer = { kind: 'accepted', running: false };

const CLOSING: SubmitAnswer = { kind: 'busy', message: 'the backend is being closed' };

/** Submits for one run. */
export class Submitter {
  readonly #parts: SubmitterParts;
  readonly #tokens: TokenBucket;
  #waiting: Waiting[] = [];
  #sending: Promise<void> | null = null;
  /** Jobs whose place is ready since a submission that was refused for now: it must not be renewed once more. */
  readonly #prepared = new Set<number>();
  /** Most tasks of an array, beside the engine's own limit: a full queue refuses large ones. */
  #mostAtOnce = Infinity;
  #isClosing = false;
  #pause: { readonly timer: TimerHandle; readonly wake: () => void } | null = null;

  constructor(parts: SubmitterParts) {
    this.#parts = parts;
    this.#tokens = new TokenBucket(parts.pace.submitsPerSecond, parts.pace.submitBurst);
  }

  async submit(batch: readonly Submission[]): Promise<readonly SubmitAnswer[]> {
    const answers: Promise<SubmitAnswer>[] = [];
    for (const [i, submission] of batch.entries()) {
      answers.push(this.#take(submission));
      if (i % PLACES_AT_ONCE === PLACES_AT_ONCE - 1) await nextTurn();
    }
    this.#sending ??= this.#sendAll();
    return Promise.all(answers);
  }

  /** Answers what waits, and resolves when what is being sent has been answered. */
  async close(): Promise<void> {
    this.#isClosing = true;
    this.#pause?.wake();
    await this.#sending;
  }

  #take(submission: Submission): Promise<SubmitAnswer> {
    const { engine, places, demandOf } = this.#parts;
    const { spec, job } = submission;
    if (spec.interactive) {
      return Promise.resolve({
        kind: 'rejected',
        message: `an interactive job cannot run on ${engine.title}`,
      });
    }
    const place = this.#prepared.has(job) ? ({ kind: 'ready' } as const) : places.prepare(spec);
    switch (place.kind) {
      case 'busy':
        return Promise.resolve({ kind: 'busy', message: place.message });
      case 'failed':
        return Promise.resolve({ kind: 'rejected', message: place.message });
      case 'ready':
        this.#prepared.add(job);
        return new Promise((answer) => {
          const demand = demandOf(spec);
          this.#waiting.push({ submission, demand, key: JSON.stringify(demand), answer });
        });
      default:
        return unreachable(place);
    }
  }

  async #sendAll(): Promise<void> {
    // What was submitted in the same turn goes out together.
    await nextTurn();
    while (this.#waiting.length > 0) {
      if (this.#isClosing) this.#answerAll(CLOSING);
      else await this.#sendNext();
    }
    this.#sending = null;
  }

  /** Sends one array, when the rate allows it: what comes in until then goes with it. */
  async #sendNext(): Promise<void> {
    const { clock, arrayLimit } = this.#parts;
    await this.#sleep(this.#tokens.take(clock.now()));
    const limit = await arrayLimit();
    if (this.#isClosing) return;
    const group = this.#takeGroup(Math.min(limit, this.#mostAtOnce));
    const answer = await this.#send(group).catch(refuse);
    for (const { submission, answer: say } of group) {
      if (answer.kind !== 'busy') this.#prepared.delete(submission.job);
      say(answer);
    }
    if (answer.kind === 'busy') {
      // A queue that has no room for the whole array may have some for half of it. What waits behind it would fare no better now.
      this.#mostAtOnce = Math.max(1, Math.floor(group.length / 2));
      this.#answerAll(answer);
    } else {
      this.#mostAtOnce *= 2;
    }
  }

  #answerAll(answer: SubmitAnswer): void {
    for (const { answer: say } of this.#waiting) say(answer);
    this.#waiting = [];
  }

  /** The submission that waits longest and those like it, at most `limit`. */
  #takeGroup(limit: number): readonly Waiting[] {
    const key = this.#waiting[0]?.key;
    const group: Waiting[] = [];
    const rest: Waiting[] = [];
    for (const one of this.#waiting) (one.key === key && group.length < limit ? group : rest).push(one);
    this.#waiting = rest;
    return group;
  }

  async #send(group: readonly Waiting[]): Promise<SubmitAnswer> {
    const { store, table, namePrefix } = this.#parts;
    const number = store.next();
    const name = `${namePrefix}${number}`;
    const submissions = group.map(({ submission }) => submission);
    try {
      await store.write(number, name, submissions);
    } catch (error) {
      await store.discard(number);
      return {
        kind: 'rejected',
        message: `cannot write ${store.pathOf(number)}: ${describeCode(codeOf(error))}`,
      };
    }
    const array = table.addArray(number, name);
    for (const [i, submission] of submissions.entries()) table.addTask(array, i + 1, submission);
    const reply = await this.#sendArray(array, group).catch(refuse);
    if (reply.kind === 'submitted') {
      array.id = reply.id;
      array.submittedAtMs = this.#parts.clock.now();
      this.#parts.onSubmitted(array);
      if (reply.id !== null) store.noteId(number, reply.id);
      return ACCEPTED;
    }
    table.removeArray(array);
    // A revoked one must stay: the engine may yet start what it never told of.
    if (!store.isRevoked(number)) await store.discard(number);
    return reply;
  }

  async #sendArray(array: ArrayEntry, group: readonly Waiting[]): Promise<FinalReply> {
    const { engine, run, store } = this.#parts;
    const [first] = group;
    if (first === undefined) throw new Error('an array without tasks');
    const { command, files = {} } = engine.submit({
      name: array.name,
      taskCount: group.length,
      script: store.scriptOf(array.number),
      directory: store.pathOf(array.number),
      demand: first.demand,
    });
    for (const [name, text] of Object.entries(files)) store.writeFile(array.number, name, text);
    const result = await run(command);
    switch (result.kind) {
      case 'absent':
        return { kind: 'busy', message: result.message };
      case 'cut-short':
        return this.#findOut(array, result.message);
      case 'answered': {
        const reply: SubmitReply = engine.readSubmit(result.answer);
        return reply.kind === 'unclear' ? this.#findOut(array, reply.message) : reply;
      }
      default:
        return unreachable(result);
    }
  }

  /**
   * Looks for an array whose answer was lost. One that is not there is revoked, so that it does no harm if it comes later, and looked
   * for once more: a task that began before the revocation left a record.
   */
  async #findOut(array: ArrayEntry, message: string): Promise<FinalReply> {
    const look = await this.#look(array);
    if (look.kind === 'found') return { kind: 'submitted', id: look.id };
    const { store, spool } = this.#parts;
    store.revoke(array.number);
    spool.refresh();
    if (spool.hasRecordsOf(array.number)) {
      const again = await this.#look(array);
      return { kind: 'submitted', id: again.kind === 'found' ? again.id : null };
    }
    if (look.kind === 'missing') return { kind: 'busy', message };
    return { kind: 'rejected', message: `${message}; nor can it be looked for: ${look.message}` };
  }

  /** Looks for an array by its name, until the engine answers. */
  async #look(array: ArrayEntry): Promise<Look> {
    const { queue, pace } = this.#parts;
    for (;;) {
      const reply = await queue.ask();
      if (reply.kind === 'answered') {
        const report = reply.reports.find(({ arrayName }) => arrayName === array.name);
        if (report !== undefined) return { kind: 'found', id: report.id };
        if (reply.garbled === 0) return { kind: 'missing' };
      } else if (isHopeless(reply)) {
        return { kind: 'unknowable', message: reply.message };
      }
      if (this.#isClosing) return { kind: 'missing' };
      await this.#sleep(pace.minQueryMs);
    }
  }

  async #sleep(ms: number): Promise<void> {
    if (ms <= 0 || this.#isClosing) return;
    const { clock } = this.#parts;
    await new Promise<void>((wake) => {
      this.#pause = { timer: clock.setTimer(clock.now() + ms, wake), wake };
    });
    if (this.#pause !== null) clock.clearTimer(this.#pause.timer);
    this.#pause = null;
  }
}

/** What a disk, or an engine's description, that fails in the middle of a submission comes to. */
function refuse(error: unknown): Extract<FinalReply, { kind: 'rejected' }> {
  return { kind: 'rejected', message: `cannot submit the job: ${describeCode(codeOf(error))}` };
}

/** What came of looking for an array by its name. */
type Look =
  | { readonly kind: 'found'; readonly id: string }
  /** It is not in the queue, or we are closing. */
  | { readonly kind: 'missing' }
  /** The engine's description fails again and again. */
  | { readonly kind: 'unknowable'; readonly message: string };

/** What came of an array for certain; `id` null: it is in the queue, and its id is not known yet. */
type FinalReply =
  | { readonly kind: 'submitted'; readonly id: string | null }
  | Extract<SubmitReply, { kind: 'busy' | 'rejected' }>;
