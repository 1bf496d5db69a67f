// The contract between a run and whatever executes its jobs. Backends implement it; the driver calls it.
import type { JobSpec } from './job-spec.js';
import type { JobEnd, Usage } from './outcome.js';

/** One attempt at a job; every message about it carries both numbers, so a late one can be told from a current one. */
export interface AttemptId {
  /** Index of the job in the run. */
  readonly job: number;
  /** 1, 2, ...: counts submissions of the job, refused ones included. */
  readonly attempt: number;
}

/** A job handed to a backend. */
export interface Submission extends AttemptId {
  readonly spec: JobSpec;
}

/** What a backend says to one submission. */
export type SubmitAnswer =
  /** Taken. `running`: it counts as started now; otherwise `sink.started` will say when it does. */
  | { readonly kind: 'accepted'; readonly running: boolean }
  /** Not now: the backend is full or unreachable. The job keeps its place and is offered again after a back-off. */
  | { readonly kind: 'busy'; readonly message: string }
  /** Never: this job cannot be run here. It fails with reason `launch-error`. */
  | { readonly kind: 'rejected'; readonly message: string };

/** What a backend says of one attempt that an earlier process of the run submitted. */
export type AdoptAnswer =
  /** It runs, waits for a slot, or ended and left a record: the sink will tell, as of a submission that was accepted. */
  | {
      readonly kind: 'adopted';
      readonly running: boolean;
      /** Of one that runs or has run: when it started, in Unix milliseconds, where a record tells. Default: what the run knows. */
      readonly startedAtMs?: number;
    }
  /** Nothing of it is left and nothing of it can start any more; the job is submitted again. */
  | { readonly kind: 'gone'; readonly message: string };

/** A job to end. `force`: at once; otherwise the job gets a chance to end in good order, then is forced. */
export interface KillRequest extends AttemptId {
  readonly force: boolean;
}

/** Report of an attempt's end. */
export interface EndReport extends AttemptId {
  readonly end: JobEnd;
  readonly usage?: Usage;
  /** When it ended, in Unix milliseconds, where that was some time ago: a record told of it. Default: now. */
  readonly endedAtMs?: number;
  /** Processes of the job still there after its end, as `pid command`. */
  readonly leftovers?: readonly string[];
}

/** Where a backend reports to. May be called at any time between `open` and the end of `close`; never throws. */
export interface BackendSink {
  readonly started: (attempts: readonly AttemptId[]) => void;
  readonly ended: (reports: readonly EndReport[]) => void;
}

/**
 * Runs jobs somewhere. The contract, which the conformance suite in `src/testing` checks:
 *
 * - `open` is called once, first; `close` once, last. Nothing is reported after `close` has resolved.
 * - `submit` answers every submission of its batch, in order. It never starts a job it answers `busy` or `rejected`.
 *   A rejected promise means that none of the batch was started.
 * - A job has one attempt at a time: another is submitted only after the last was refused or reported `ended`.
 * - Every accepted attempt is reported `ended` exactly once, killed or not. The end may be reported before `submit` resolves.
 * - `adopt` takes over what an earlier process of the same run submitted, or was about to submit, when it died. It is called after
 *   `open`, at most once for an attempt, and answers in order. It resolves when the answers are certain: an engine that cannot be
 *   reached is waited for. An adopted attempt is then as any accepted one. A rejected promise counts as `gone` for all.
 * - `kill` asks; the answer is the `ended` report. It is harmless for attempts that have ended, are unknown, or were killed before;
 *   `force` after a plain kill escalates. A killed job's end is reported within the backend's grace plus a bounded wait.
 * - A backend does not judge: exit status goes into `JobEnd`, logs are read by others.
 * - A backend enforces no time limits of its own and keeps no queue where it can avoid it; the core decides what runs when.
 * - `suspend` lets the jobs stand still until `resume`, because the run does; a backend whose jobs go on meanwhile leaves both out.
 * - `close` leaves nothing of the run behind: whatever still runs is ended by force, and reported, first.
 */
export interface Backend {
  /** Name jobs refer to, e.g. `local`. */
  readonly name: string;
  readonly open: (sink: BackendSink) => Promise<void>;
  readonly submit: (batch: readonly Submission[]) => Promise<readonly SubmitAnswer[]>;
  readonly adopt: (batch: readonly Submission[]) => Promise<readonly AdoptAnswer[]>;
  readonly kill: (batch: readonly KillRequest[]) => Promise<void>;
  readonly suspend?: () => Promise<void>;
  readonly resume?: () => Promise<void>;
  readonly close: () => Promise<void>;
}
