// Which ends of an attempt are worth another one. Knows nothing of how often that has happened.
import type { Outcome } from '../model/outcome.js';

/**
 * Whether an outcome is the infrastructure's doing and not the job's: only those are retried.
 * A failing test is never run again to make it pass.
 */
export function isInfrastructureEnd(outcome: Outcome): boolean {
  return outcome.status === 'failed' && outcome.reason.kind === 'lost';
}

/** Back-off of a backend that refuses work, after `refusals` refusals in a row (>= 1): 50 ms doubling to 5 s. */
export function backoffMs(refusals: number): number {
  return Math.min(50 * 2 ** (refusals - 1), 5000);
}
