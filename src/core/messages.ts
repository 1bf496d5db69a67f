// What the core is told (events) and what it asks for (actions). Internal to core and driver; observers get RunEvents.
import type { AdoptAnswer, AttemptId, KillRequest, SubmitAnswer } from '../model/backend.js';
import type { EndFacts, Outcome } from '../model/outcome.js';
import type { StopCause } from '../model/reason.js';
import type { Recovery } from '../model/recovery.js';
import type { RunEvent, StopMode } from '../model/run-event.js';

/** Which limit a change is about. */
export type LimitScope =
  | { readonly kind: 'run' }
  | { readonly kind: 'backend'; readonly name: string }
  | { readonly kind: 'resource'; readonly name: string };

/** The judged end of one attempt. */
export interface JudgedEnd extends AttemptId {
  /** Null: nobody judged it, because its kill had been asked for. */
  readonly outcome: Outcome | null;
  readonly facts: EndFacts;
  /** When it ended, if that was before now. */
  readonly endedAtMs?: number;
}

/** A job's answer to its submission. */
export interface AnsweredSubmission extends AttemptId {
  readonly answer: SubmitAnswer;
}

/** A backend's answer about an attempt of an earlier process. */
export interface AnsweredAdoption extends AttemptId {
  readonly answer: AdoptAnswer;
}

/** Everything that can happen to a run. `start` comes first, once. */
export type CoreEvent =
  /** `recovery`: given when an interrupted run is taken up again; what it says has been published before. */
  | { readonly kind: 'start'; readonly recovery?: Recovery }
  | {
      readonly kind: 'submit-answered';
      readonly backend: string;
      readonly answers: readonly AnsweredSubmission[];
    }
  | {
      readonly kind: 'adopt-answered';
      readonly backend: string;
      readonly answers: readonly AnsweredAdoption[];
    }
  | { readonly kind: 'jobs-started'; readonly attempts: readonly AttemptId[] }
  /** Attempts are over, and what came of them is being found out: no time limit runs for them any more. */
  | { readonly kind: 'jobs-left'; readonly attempts: readonly AttemptId[] }
  | { readonly kind: 'jobs-ended'; readonly ends: readonly JudgedEnd[] }
  /** `limit`: null for unlimited; a whole number >= 0 otherwise. */
  | { readonly kind: 'limit-set'; readonly scope: LimitScope; readonly limit: number | null }
  | { readonly kind: 'stop-asked'; readonly mode: StopMode; readonly by: StopCause }
  | { readonly kind: 'kill-asked'; readonly jobs: readonly number[]; readonly by: StopCause }
  /** The time asked for by `set-timer` has come; harmless when early or late. */
  | { readonly kind: 'timer' }
  /** The run stood still for `byMs` (suspended); running jobs are given that time back. */
  | { readonly kind: 'clock-jumped'; readonly byMs: number };

/** Everything the core can ask for. Actions are performed in order. */
export type Action =
  | { readonly kind: 'submit'; readonly backend: string; readonly attempts: readonly AttemptId[] }
  /** Ask the backend for attempts of an earlier process; comes before any submission. */
  | { readonly kind: 'adopt'; readonly backend: string; readonly attempts: readonly AttemptId[] }
  | { readonly kind: 'kill'; readonly backend: string; readonly requests: readonly KillRequest[] }
  /** Wake me at `atMs`; replaces the time asked for before. Null: no need. */
  | { readonly kind: 'set-timer'; readonly atMs: number | null }
  | { readonly kind: 'publish'; readonly event: RunEvent }
  /** Every job has ended; the last action of a run. */
  | { readonly kind: 'end-run' };
