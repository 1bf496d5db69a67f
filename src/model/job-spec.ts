// What one job is: the immutable description every layer reads. Knows nothing of how it is run, or of its state.

/** Names of the block (design unit) a job belongs to. */
export interface Block {
  readonly name: string;
  /** Variant of the block, e.g. a parametrisation; empty when there is none. */
  readonly variant: string;
}

/** The tool (simulator, linter, ...) a job uses. */
export interface Tool {
  readonly name: string;
  /** Version as its owner writes it; empty when unknown. */
  readonly version: string;
}

/**
 * How many units of each named resource (licences, ...) a job holds while it runs.
 * `null` asks for an unlimited amount: it fits only where the resource has no limit.
 */
export type Demand = Readonly<Record<string, number | null>>;

/** Instructions to the fake backend for one job; fields left out are drawn from the backend's seed. */
export interface FakeBehaviour {
  /** How long the job pretends to run, in seconds, >= 0. */
  readonly durationS?: number;
  readonly status?: 'passed' | 'failed' | 'killed';
  /** Text of the pretended failure. */
  readonly message?: string;
}

/**
 * One job as validated input describes it. Frozen after validation; identity is `fullName`.
 * Paths are absolute. See the wire format (snake_case) in `src/joblist`.
 */
export interface JobSpec {
  /** Unique in a run; what dependencies refer to. */
  readonly fullName: string;
  readonly name: string;
  /** Unique within its workspace; names the default output directory and the status links. */
  readonly qualName: string;
  /** Kind of job in the producer's words (`RunTest`), or null. */
  readonly jobType: string | null;
  /** Phase the job belongs to: build, run, cov_merge, cov_report, lint, ... */
  readonly target: string;
  /** Backend the job must run on; null: the default one of the run. */
  readonly backend: string | null;
  readonly resources: Demand;
  readonly seed: number | null;
  readonly block: Block | null;
  readonly tool: Tool | null;
  /** Full names of the jobs that must end before this one may start. */
  readonly dependencies: readonly string[];
  /** True: every dependency must pass. False: all must end and at least one pass. */
  readonly needsAllDependenciesPassing: boolean;
  /** Scheduling weight; larger starts earlier. Finite. */
  readonly weight: number;
  /** Longest allowed run time in minutes, > 0; null: no limit. */
  readonly timeoutMins: number | null;
  /** A shell command line. */
  readonly cmd: string;
  /** Environment variables set on top of the run's environment. */
  readonly exports: Readonly<Record<string, string>>;
  /** Go through the motions without running the command. */
  readonly dryRun: boolean;
  readonly interactive: boolean;
  /** Output directory and working directory of the job. */
  readonly odir: string;
  /** Move an old output directory aside before the job starts. */
  readonly renewOdir: boolean;
  readonly logPath: string;
  /** Directory that holds the `running/ passed/ failed/ killed/` links of the job's workspace. */
  readonly linksDir: string;
  /** Regular expressions; all must match some line of the log. */
  readonly passPatterns: readonly string[];
  /** Regular expressions; none may match any line of the log. */
  readonly failPatterns: readonly string[];
  readonly fake: FakeBehaviour | null;
}

/** Where in its input a job was declared; lines and columns count from 1. */
export interface Origin {
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
}

/**
 * A list of job specs and where each came from. Producers (job list reader, flow front end) make it;
 * the graph validates it. `locate` may be slow: it is called only to word a problem.
 */
export interface JobSource {
  readonly jobs: readonly JobSpec[];
  readonly locate: (jobIndex: number) => Origin | undefined;
  /** Whether a job of this name may have been declared though it is not among `jobs`: it could not be read. Default: none was. */
  readonly mayHaveLost?: (fullName: string) => boolean;
}
