// What a journal holds, one entry at a time. Types only.
import type { AttemptId } from '../model/backend.js';
import type { Limits, RunEvent } from '../model/run-event.js';

/** An event of the run as observers were told it, but for the start, whose jobs are in a file of their own. */
export type RecordedEvent = Exclude<RunEvent, { readonly kind: 'run-started' }>;

/** One entry of a journal, in the order in which things happened. */
export type JournalEntry =
  | { readonly kind: 'begin'; readonly atMs: number; readonly limits: Limits }
  /** Attempts that were about to be submitted. */
  | {
      readonly kind: 'intent';
      readonly atMs: number;
      readonly backend: string;
      readonly attempts: readonly AttemptId[];
    }
  | { readonly kind: 'event'; readonly event: RecordedEvent };
