// What running one failure of a bucket again tells of the bucket. Pure; runs nothing.
import type { Reason, ReasonKind } from '../../model/reason.js';
import type { TerminalStatus } from '../../model/status.js';
import { findSignature } from './signature.js';

/**
 * What a second try makes of a bucket:
 * - `deterministic`: the job failed again in the same bucket.
 * - `flaky`: it passed, or failed in another bucket.
 * - `infrastructure`: the first or the second try tells nothing of the job: it was lost, never started, its program was not
 *   found, or what it needs could not be made.
 */
export const REPRO_OUTCOMES = ['deterministic', 'flaky', 'infrastructure'] as const;
export type ReproOutcome = (typeof REPRO_OUTCOMES)[number];

/** What came of the second try; by the field names of results.json. The job itself stays failed, whatever it is. */
export interface BucketRepro {
  readonly outcome: ReproOutcome;
  /** Full name of the job that was run again, with the seed it had. */
  readonly job: string;
  readonly seed: number | null;
  /** How it ended the second time. */
  readonly status: TerminalStatus;
  /** The bucket it would be in now; null when it is in none. */
  readonly signature: string | null;
  /** Why it ended so, in one line; null when it passed. */
  readonly message: string | null;
  /** The second log; the first one is as it was. */
  readonly log_path: string;
  /** File or directory with the waves of the second try; null when there are none. */
  readonly waves: string | null;
}

/** Kinds of reasons that lie with what a job needs, not with the job. */
const NOT_OF_THE_JOB: ReadonlySet<ReasonKind> = new Set([
  ...(['lost', 'launch-error', 'log-error', 'resource', 'dependency'] as const),
]);

/** What a shell exits with when it finds no such program, or may not run it. */
const NO_PROGRAM: ReadonlySet<number> = new Set([126, 127]);

function isOfInfrastructure(reason: Reason): boolean {
  return NOT_OF_THE_JOB.has(reason.kind) || (reason.kind === 'exit-code' && NO_PROGRAM.has(reason.exitCode));
}

/**
 * Compares both ends of a job.
 *
 * @param second - Null when it passed.
 * @returns Null when the second try was stopped before it could tell.
 */
export function judgeRepro(first: Reason, second: Reason | null): ReproOutcome | null {
  if (second?.kind === 'stopped') return null;
  if (isOfInfrastructure(first) || (second !== null && isOfInfrastructure(second))) return 'infrastructure';
  return second !== null && findSignature(second) === findSignature(first) ? 'deterministic' : 'flaky';
}

/** Buckets with what came of second tries, by signature. */
export function labelBuckets<B extends { readonly signature: string; readonly repro?: BucketRepro }>(
  buckets: readonly B[],
  repros: ReadonlyMap<string, BucketRepro>,
): B[] {
  return buckets.map((bucket) => {
    const repro = repros.get(bucket.signature);
    return repro === undefined ? bucket : { ...bucket, repro };
  });
}
