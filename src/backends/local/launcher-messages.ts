// What a run and its launcher say to each other: one JSON object a line, each carrying a batch. Knows no transport.
import type { AttemptId, EndReport, KillRequest } from '../../model/backend.js';
import type { SpawnMode } from './spawner.js';

/** What the launcher does with running jobs when the run's process dies. */
export type HeadDeathPolicy = 'kill' | 'keep';

/** First message to a launcher. */
export interface LauncherSettings {
  /** Of the tokens of its jobs; unique among launchers. */
  readonly scope: string;
  /** Environment of every job; a job's exports are set on top. */
  readonly environment: Readonly<Record<string, string>>;
  /** Time between SIGTERM and SIGKILL. */
  readonly killGraceMs: number;
  readonly onHeadDeath: HeadDeathPolicy;
  /** File that ends are appended to before they are reported (see `end-spool.ts`); null: none. */
  readonly spoolPath: string | null;
}

/** A job to start; its directories exist. */
export interface StartOrder extends AttemptId {
  readonly cmd: string;
  readonly exports: Readonly<Record<string, string>>;
  readonly odir: string;
  readonly logPath: string;
}

export type ToLauncher =
  | { readonly kind: 'settings'; readonly settings: LauncherSettings }
  | { readonly kind: 'start'; readonly orders: readonly StartOrder[] }
  | { readonly kind: 'kill'; readonly requests: readonly KillRequest[] }
  /** Let the jobs stand still, or go on. */
  | { readonly kind: 'suspend' }
  | { readonly kind: 'resume' }
  /** End all by force, report, exit. */
  | { readonly kind: 'close' };

/** What became of one start order. */
export type StartAnswer = AttemptId &
  (
    | { readonly kind: 'started' }
    | { readonly kind: 'busy'; readonly message: string }
    | { readonly kind: 'rejected'; readonly message: string }
  );

/** How a launcher works here. */
export interface LauncherFacts {
  readonly mode: SpawnMode;
  /** Whether processes that left their job's session are heard of, and ended, without looking for their token. */
  readonly adoptsOrphans: boolean;
  /** Control group that holds all that is started; null: there is none, and `cgroupReason` says why. */
  readonly cgroup: string | null;
  readonly cgroupReason: string | null;
  /** Why the mode is `portable`, for people; null when it is not. */
  readonly fallbackReason: string | null;
}

export type FromLauncher =
  /** Answer to the settings. */
  | ({ readonly kind: 'ready' } & LauncherFacts)
  | { readonly kind: 'answers'; readonly answers: readonly StartAnswer[] }
  | { readonly kind: 'ends'; readonly reports: readonly EndReport[] }
  /** Answer to `suspend` and `resume`. */
  | { readonly kind: 'paced' }
  /** Something went wrong that harmed no job; one line. */
  | { readonly kind: 'warning'; readonly message: string };

/** A message as a line. */
export function encodeMessage(message: ToLauncher | FromLauncher): string {
  return `${JSON.stringify(message)}\n`;
}

/** Cuts a stream of text into the messages it holds; `M` is the direction's union. */
export class MessageReader<M extends ToLauncher | FromLauncher> {
  #rest = '';

  /** @throws SyntaxError when the other side is not what we take it for. */
  read(text: string): readonly M[] {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    return lines.map((line) => JSON.parse(line) as M);
  }
}
