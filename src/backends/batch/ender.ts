// Words and sends what ends tasks, as few commands as it takes, one after the other. Whether it worked is for the next query to tell.
import type { BatchEngine, EngineCommand, TaskTarget } from './engine.js';
import { messageOf } from '../../util/message-of.js';
import type { CommandRunner } from './run-command.js';
import type { TaskEntry } from './task-table.js';
import { targetsOf } from './task-targets.js';

/** Ends tasks of one engine. */
export class Ender {
  readonly #engine: BatchEngine;
  readonly #run: CommandRunner;
  readonly #warn: (message: string) => void;
  #last: Promise<void> = Promise.resolve();
  #hasFailed = false;

  /** @param warn - Told, once, when the engine's description fails to word a command. */
  constructor(engine: BatchEngine, run: CommandRunner, warn: (message: string) => void) {
    this.#engine = engine;
    this.#run = run;
    this.#warn = warn;
  }

  /** Ends tasks that wait, and asks those that run to end. */
  ask(tasks: readonly TaskEntry[]): Promise<void> {
    const targets = targetsOf(tasks);
    const word = this.#engine.askToEnd ?? this.#engine.cancel;
    return this.#send(() => (targets.length === 0 ? [] : word(targets)));
  }

  /** Ends tasks. */
  cancel(tasks: readonly TaskEntry[]): Promise<void> {
    return this.cancelTargets(targetsOf(tasks));
  }

  cancelTargets(targets: readonly TaskTarget[]): Promise<void> {
    return this.#send(() => (targets.length === 0 ? [] : this.#engine.cancel(targets)));
  }

  #send(word: () => readonly EngineCommand[]): Promise<void> {
    this.#last = this.#last.then(async () => {
      for (const command of this.#attempt(word)) await this.#run(command);
    });
    return this.#last;
  }

  #attempt(word: () => readonly EngineCommand[]): readonly EngineCommand[] {
    try {
      return word();
    } catch (error) {
      if (!this.#hasFailed) this.#warn(`jobs on ${this.#engine.title} cannot be ended: ${messageOf(error)}`);
      this.#hasFailed = true;
      return [];
    }
  }
}
