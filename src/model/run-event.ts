// What observers are told about a run: plain, read-only, serialisable events in a fixed order.
import type { JobSpec } from './job-spec.js';
import type { EndFacts } from './outcome.js';
import type { Reason, StopCause } from './reason.js';
import type { JobStatus } from './status.js';

/** Limits in force; null is unlimited. */
export interface Limits {
  /** Most jobs at once in the whole run. */
  readonly run: number | null;
  /** Most jobs at once on a backend, by backend name. */
  readonly backends: Readonly<Record<string, number | null>>;
  /** Units of each named resource. */
  readonly resources: Readonly<Record<string, number | null>>;
}

/**
 * Slots of the run's limit that no job holds, by cause: no job is ready; the ready jobs wait for units of a resource, for slots of
 * their backend or the terminal, or for a backend that refused work. A slot that several things keep idle counts for the first
 * of `resource`, `limit`, `backoff`.
 */
export interface IdleSlots {
  readonly noReadyJob: number;
  readonly resource: number;
  readonly limit: number;
  readonly backoff: number;
}

/** No slot is idle, or the run has no limit. */
export const NONE_IDLE: IdleSlots = Object.freeze({ noReadyJob: 0, resource: 0, limit: 0, backoff: 0 });

/** How far a stop goes, in rising severity: start nothing more; also end what runs; end it by force. */
export const STOP_MODES = ['drain', 'stop', 'kill'] as const;
export type StopMode = (typeof STOP_MODES)[number];

/**
 * Events of one run, in order: `run-started` first, `run-ended` last. A run that was interrupted and taken up again tells its past
 * first, as far as it stands, then `run-resumed`. For each job its status changes in the order
 * scheduled -> queued -> running -> end (a job may skip to an end, and goes from `running` or `queued` to `queued`, with
 * a reason, when an attempt was lost and another follows). `job` is an index into the jobs of `run-started`; `atMs` is Unix time on the run's clock.
 */
export type RunEvent =
  | {
      readonly kind: 'run-started';
      readonly atMs: number;
      readonly runId: string;
      readonly jobs: readonly JobSpec[];
      /** Backend of each job, by index, with the default filled in. */
      readonly backends: readonly string[];
      readonly limits: Limits;
    }
  /** The run goes on in another process. */
  | { readonly kind: 'run-resumed'; readonly atMs: number; readonly limits: Limits }
  | {
      readonly kind: 'job-changed';
      readonly atMs: number;
      readonly job: number;
      readonly from: JobStatus;
      readonly to: JobStatus;
      /** Number of times the job was accepted by a backend so far. */
      readonly attempts: number;
      /** Why, for `failed`, `killed` and a return to `queued`; null otherwise. */
      readonly reason: Reason | null;
      /** Facts of the end, for terminal statuses; null otherwise. */
      readonly facts: EndFacts | null;
    }
  /** A kill was sent to the backend of running jobs. */
  | {
      readonly kind: 'kill-sent';
      readonly atMs: number;
      readonly jobs: readonly number[];
      readonly reason: Reason;
      readonly force: boolean;
    }
  | { readonly kind: 'stop-asked'; readonly atMs: number; readonly mode: StopMode; readonly by: StopCause }
  | { readonly kind: 'limits-changed'; readonly atMs: number; readonly limits: Limits }
  /** A backend refused work and gets none until `untilMs`. */
  | {
      readonly kind: 'backend-busy';
      readonly atMs: number;
      readonly backend: string;
      readonly untilMs: number;
      readonly message: string;
    }
  /** Nothing runs and nothing can start under the limits in force; `blocked` names a job of each blocked class. */
  | {
      readonly kind: 'stalled';
      readonly atMs: number;
      readonly blocked: readonly { readonly job: number; readonly count: number; readonly message: string }[];
    }
  /** Slots are idle in other numbers, or for other causes, than was last said; before the first time, none are. */
  | { readonly kind: 'slots-idle'; readonly atMs: number; readonly idle: IdleSlots }
  | { readonly kind: 'run-ended'; readonly atMs: number; readonly stop: StopCause | null };

export type RunEventKind = RunEvent['kind'];

/**
 * Watches a run. Called synchronously, in event order; a promise returned is awaited only at the run's end, for a bounded time.
 * An observer that throws or rejects is named once and not called again; the run goes on.
 */
export interface Observer {
  /** Names it in messages. */
  readonly name: string;
  /** Set when it is not to be told the past of a run that is taken up again, beyond `run-started`. Default: told all. */
  readonly skipsPast?: boolean;
  readonly notify: (event: RunEvent) => void | Promise<void>;
  /** Called once after `run-ended`; finish writing here. */
  readonly close?: () => void | Promise<void>;
}
