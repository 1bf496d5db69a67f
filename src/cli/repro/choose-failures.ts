// Chooses which failures of a run are worth running again: the first of each bucket that history does not know. Pure.
import { findSignature } from '../../results/buckets/signature.js';
import type { Triage } from '../../results/history/triage.js';
import type { RunRecord } from '../../results/run-record.js';

/** A failed job that stands for its bucket. */
export interface ChosenFailure {
  /** Of the bucket. */
  readonly signature: string;
  /** Full name. */
  readonly job: string;
}

/**
 * Of each new bucket the failure that came first; of two at once, the one that was declared first.
 *
 * @param tried - Signatures of buckets that had their turn.
 * @param most - So many buckets at most, the largest first.
 */
export function chooseFailures(
  { specs, jobs }: RunRecord,
  { buckets }: Triage,
  { tried, most }: { readonly tried: ReadonlySet<string>; readonly most: number },
): ChosenFailure[] {
  const wanted = buckets.filter(({ state, signature }) => state === 'new' && !tried.has(signature));
  const firstOf = new Map<string, { readonly failure: ChosenFailure; readonly endedAtMs: number }>();
  for (const { job, reason, endedAtMs } of jobs.ended()) {
    const signature = reason === null ? null : findSignature(reason);
    const spec = specs[job];
    if (signature === null || spec === undefined) continue;
    if (endedAtMs >= (firstOf.get(signature)?.endedAtMs ?? Infinity)) continue;
    firstOf.set(signature, { failure: { signature, job: spec.fullName }, endedAtMs });
  }
  return wanted.flatMap(({ signature }) => firstOf.get(signature)?.failure ?? []).slice(0, Math.max(0, most));
}
