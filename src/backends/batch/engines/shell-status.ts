// Exit statuses as shells and most engines tell them: 128 and the signal's number for a program that died by one. Knows no engine.
import { nameSignal } from '../../../util/system-names.js';
import type { EngineEnd } from '../engine.js';

const SIGNAL_BASE = 128;

/** Largest number of a signal. */
const MAX_SIGNAL = 64;

/** How a task ended whose status is `status`, >= 0. */
export function endOfStatus(status: number): EngineEnd {
  const signal = status - SIGNAL_BASE;
  return signal >= 1 && signal <= MAX_SIGNAL
    ? { kind: 'signalled', signal: nameSignal(signal) }
    : { kind: 'exited', exitCode: status };
}
