// How a job ended: what a backend saw, and what was made of it. Knows nothing of how either is found out.
import type { Reason } from './reason.js';

/** What a backend says of the end of one attempt at a job. */
export type JobEnd =
  /** The job's process ended by itself, or by a signal. */
  | { readonly kind: 'exited'; readonly exitCode: number }
  | { readonly kind: 'signalled'; readonly signal: string }
  /** The backend already knows the outcome (fake jobs, dry runs). */
  | { readonly kind: 'declared'; readonly outcome: Outcome }
  /** It never started: no such program, no memory, no directory. */
  | { readonly kind: 'not-launched'; readonly message: string }
  /** It vanished without a trace of its end; worth another attempt. */
  | { readonly kind: 'lost'; readonly message: string };

/** What a job used, as far as its backend can tell. */
export interface Usage {
  /** User plus system CPU time of the job and its waited-for children, in milliseconds. */
  readonly cpuMs?: number;
  /** Largest resident set of any one process of the job, in KiB. */
  readonly maxRssKib?: number;
}

/** Facts about an ended attempt that accompany its outcome into results and reports. */
export interface EndFacts {
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly usage: Usage;
  /** Simulated time reached, in microseconds, where the log tells. */
  readonly simulatedTimeUs: number | null;
  /** Processes of the job found alive after its end, as `pid command`; they were killed or are reported. */
  readonly leftovers: readonly string[];
}

/** The verdict on a job. */
export type Outcome =
  | { readonly status: 'passed' }
  | { readonly status: 'failed'; readonly reason: Reason }
  | { readonly status: 'killed'; readonly reason: Reason };

/** Facts of a job that never ran, or of which nothing is known. */
export const NO_FACTS: EndFacts = Object.freeze({
  exitCode: null,
  signal: null,
  usage: Object.freeze({}),
  simulatedTimeUs: null,
  leftovers: Object.freeze([]),
});
