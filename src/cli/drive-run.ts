// Drives a composed run to its end, under the signals that this process gets. Writes nothing of what came of it.
import { startRun, type RunControl } from '../driver/run.js';
import { watchSignals, watchSuspension, type StopSignal } from '../driver/signals.js';
import { describeThrown } from '../util/message-of.js';
import type { ComposedRun } from './compose.js';

/** Stops the run for what it cannot go on after, which may be before there is anything to stop it by. */
export class Trouble {
  #control: RunControl | null = null;
  #message: string | null = null;

  /** Whether the run is stopped, or will be. */
  get isNoted(): boolean {
    return this.#message !== null;
  }

  readonly note = (message: string): void => {
    this.#message = message;
    this.#act();
  };

  attach(control: RunControl): void {
    this.#control = control;
    this.#act();
  }

  #act(): void {
    if (this.#message !== null) this.#control?.stop('stop', { kind: 'error', message: this.#message });
  }
}

/**
 * Runs to the end, and has what came of it written by `finish`, which is told the signal that stopped the run, if one did.
 * A signal after that changes nothing, but it must not end the process either: the results would be lost. What is thrown where
 * nobody catches it, as in a timer of a plugin, stops the run in order.
 */
export async function driveRun<T>(
  { plan, judge, giveUp }: ComposedRun,
  { trouble, onStart }: { readonly trouble: Trouble; readonly onStart: () => Promise<void> },
  finish: (signal: StopSignal | null) => Promise<T>,
): Promise<T> {
  const onUncaught = (error: unknown): void => {
    if (!trouble.isNoted) giveUp(`nobody caught ${describeThrown(error)}`);
  };
  process.on('uncaughtException', onUncaught);
  try {
    const run = await startRun(plan);
    const signals = watchSignals(run.control);
    const endSuspension = watchSuspension(run.control);
    trouble.attach(run.control);
    const noted = onStart();
    try {
      try {
        await run.ended;
        await noted;
      } finally {
        // What follows has nothing that could stand still.
        endSuspension();
      }
      return await finish(signals.first());
    } finally {
      signals.release();
    }
  } finally {
    await judge.close();
    process.off('uncaughtException', onUncaught);
  }
}
