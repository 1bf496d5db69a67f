// How far the testplan of a block is covered by a run. Types only; the rules of counting are on the design page.

/** Runs of one test. */
export interface TestTally {
  readonly passed: number;
  /** Ended runs, however they ended. */
  readonly total: number;
  /** Longest run time; null when none ever started. */
  readonly max_job_runtime_s: number | null;
  /** What the run of that longest time simulated; null when it does not say. */
  readonly simulated_time_us: number | null;
}

/** A test in its row below a testpoint, or among the unmapped ones. */
export interface TestProgress extends TestTally {
  readonly name: string;
  /** False: a row further up has the same test, and totals hold it there. */
  readonly is_counted: boolean;
}

/** A testpoint and its tests, each once. */
export interface TestpointProgress {
  readonly name: string;
  readonly desc: string;
  /** False: the testplan says that no test is to be looked for. Such a testpoint counts nowhere. */
  readonly is_mapped: boolean;
  readonly state: TestpointState;
  readonly tests: readonly TestProgress[];
}

/**
 * `passing`: each of its tests ran, and all runs passed. `failing`: some run did not pass. `partial`: what ran passed, but some
 * test did not run. `not-run`: it has tests, and none ran. `no-tests`: none is written yet. `not-mapped`: none is wanted.
 */
export type TestpointState = 'passing' | 'failing' | 'partial' | 'not-run' | 'no-tests' | 'not-mapped';

/** How many there are, how many of them ran, and how many of those passed in all runs. */
export interface Progress {
  readonly total: number;
  readonly ran: number;
  readonly passing: number;
}

/** Sums of a stage, of the unmapped tests, or of all. */
export interface ProgressTotals {
  readonly testpoints: Progress;
  readonly tests: Progress;
  readonly runs: { readonly passed: number; readonly total: number };
}

/** The testpoints of a stage. */
export interface StageProgress extends ProgressTotals {
  /** `V1`, `V2`, `V2S`, `V3`, `N.A.`, ... */
  readonly stage: string;
  readonly rows: readonly TestpointProgress[];
}

/** Tests that ran and belong to no testpoint. */
export interface UnmappedProgress extends ProgressTotals {
  readonly rows: readonly TestProgress[];
}

/** The testplan of a block against the results of a run. Stages and unmapped tests add up to the total. */
export interface TestplanProgress {
  /** `name`, or `name/variant`. */
  readonly block: string;
  /** The testplan. */
  readonly file: string;
  /** In the order of the testplan; only stages that have testpoints. */
  readonly stages: readonly StageProgress[];
  readonly unmapped: UnmappedProgress;
  readonly total: ProgressTotals;
  /** Items of the coverage model, by name. */
  readonly covergroups: readonly { readonly name: string; readonly desc: string }[];
}
