// Turns the signals a terminal or an init system sends into stop requests. Knows nothing of jobs.
import type { RunControl } from './run.js';

/** Signals that end a run in good order, as the shell user, init systems and closing terminals send them. */
export const STOP_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
export type StopSignal = (typeof STOP_SIGNALS)[number];

/** Stop signals received so far; undo with `release`. */
export interface SignalWatch {
  /** The first one, which decides the exit code; null: none yet. */
  readonly first: () => StopSignal | null;
  /** Gives the signals back to whoever had them. */
  readonly release: () => void;
}

/**
 * Ctrl-Z: the run, and its jobs where they can, stand still until they are told to go on.
 * @returns Undoes it.
 */
export function watchSuspension(control: Pick<RunControl, 'suspend' | 'resume'>): () => void {
  let isSuspending = false;
  const suspend = async (): Promise<void> => {
    if (isSuspending) return;
    isSuspending = true;
    const fromMs = performance.now();
    await control.suspend();
    // Returns when somebody has sent SIGCONT. What follows runs before any timer that fell due meanwhile.
    process.kill(process.pid, 'SIGSTOP');
    const resumed = control.resume(performance.now() - fromMs);
    isSuspending = false;
    await resumed;
  };
  const handler = (): void => void suspend();
  process.on('SIGTSTP', handler);
  return () => {
    process.off('SIGTSTP', handler);
  };
}

/** The first signal stops the run: nothing new starts, jobs are asked to end. Any further one ends them by force. */
export function watchSignals(control: Pick<RunControl, 'stop'>): SignalWatch {
  let first: StopSignal | null = null;
  const handlers = STOP_SIGNALS.map((signal) => {
    const handler = (): void => {
      control.stop(first === null ? 'stop' : 'kill', { kind: 'signal', signal });
      first ??= signal;
    };
    process.on(signal, handler);
    return [signal, handler] as const;
  });
  return {
    first: () => first,
    release: () => {
      for (const [signal, handler] of handlers) process.off(signal, handler);
    },
  };
}
