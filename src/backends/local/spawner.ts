// How the launcher starts processes and hears of their ends. Knows no job: only programs, directories and pids.

/** One process to start, in a session of its own, with standard input from /dev/null. */
export interface SpawnOrder {
  /** Absolute path, or one relative to `cwd`. */
  readonly program: string;
  /** All arguments; the first is the name the program sees itself under. */
  readonly argv: readonly string[];
  /** Set on top of the environment the spawner was made with. */
  readonly variables: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** Takes standard output and standard error; created, or emptied. */
  readonly logPath: string;
}

/** What became of a {@link SpawnOrder}; `code` names the system's error, e.g. `EAGAIN`. */
export type SpawnOutcome =
  { readonly kind: 'spawned'; readonly pid: number } | { readonly kind: 'failed'; readonly code: string };

/** How a process ended. */
export interface ProcessExit {
  readonly pid: number;
  readonly end:
    | { readonly kind: 'exited'; readonly exitCode: number }
    | { readonly kind: 'signalled'; readonly signal: string };
  readonly usage: { readonly cpuMs?: number; readonly maxRssKib?: number };
}

/** Which implementation is in force: `native` calls the system directly, `portable` uses Node's child processes. */
export type SpawnMode = 'native' | 'portable';

/** Whom a spawner tells. */
export interface SpawnListener {
  /** Processes have ended: those that were ordered (after their order was settled), and adopted ones. */
  readonly onExits: (exits: readonly ProcessExit[]) => void;
}

/** Starts processes for the launcher. */
export interface Spawner {
  readonly mode: SpawnMode;
  /** Orphaned descendants become children of this process, so none can escape and each end is heard of. */
  readonly adoptsOrphans: boolean;
  /** How many orders are worth giving at once; more wait inside. */
  readonly width: number;
  /** Starts a process; `settle` is called later, once, never synchronously. */
  readonly spawn: (order: SpawnOrder, settle: (outcome: SpawnOutcome) => void) => void;
  /** Whether any process, a zombie included, is in the group led by `pid`. */
  readonly hasGroup: (pid: number) => boolean;
  /** Pids of adopted orphans that have not been reaped; empty where orphans are not adopted. */
  readonly listOrphans: () => readonly number[];
  /** Ends this process at once, whatever its threads wait for. */
  readonly exit: (exitCode: number) => never;
}
