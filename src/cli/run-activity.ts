// Whether anybody is driving a run, and how far it got. Reads locks; knows no job.
import { findHolder, stateOf } from '../journal/run-lock.js';
import { describeStopCause } from '../model/reason.js';
import type { RunRecord } from './run-record.js';

/** `running`: a process drives it; `interrupted`: none does, and there is something left to do; `ended`: neither. */
export interface RunActivity {
  readonly state: 'running' | 'interrupted' | 'ended';
  /** The process that drives it, or did last; null when that is not known. */
  readonly pid: number | null;
  /** One line, for people. */
  readonly words: string;
}

/** Whether a process drives the run of a directory, as far as can be told from here. */
export function isDriven(directory: string): boolean {
  const holder = findHolder(directory);
  return holder !== null && stateOf(holder) !== 'dead';
}

/** What is going on with a recorded run. */
export function findActivity({ directory, state }: RunRecord): RunActivity {
  const holder = findHolder(directory.path);
  const pid = holder?.pid ?? null;
  const life = holder === null ? 'dead' : stateOf(holder);
  if (holder !== null && life !== 'dead') {
    const doubt = life === 'unknown' ? ', as far as can be told from here' : '';
    return { state: 'running', pid, words: `driven by process ${holder.pid} on ${holder.host}${doubt}` };
  }
  if (state.isComplete) return { state: 'ended', pid, words: 'ended' };
  const how = state.stop === null ? 'its process died' : `stopped by ${describeStopCause(state.stop)}`;
  return { state: 'interrupted', pid, words: `interrupted: ${how}; regatta resume goes on with it` };
}
