// The options of a flow run, as the front end takes them. Knows neither the command line nor any config key.

/** Formats of waveform dumps that `--waves` takes. */
export const WAVE_FORMATS = ['fsdb', 'shm', 'vpd', 'vcd', 'evcd', 'fst'] as const;
/** Simulation verbosities: none, low, medium, high, full, debug. */
export const VERBOSITIES = ['n', 'l', 'm', 'h', 'f', 'd'] as const;
/** What `--profile` can measure. */
export const PROFILES = ['time', 'mem'] as const;
/** What can be listed. */
export const LIST_CATEGORIES = ['build_modes', 'run_modes', 'tests', 'regressions'] as const;

/** A category of things that can be run. */
export type ListCategory = (typeof LIST_CATEGORIES)[number];

/** How a config is to be turned into jobs. Every field may be left out; the defaults are DVSim's. */
export interface FlowOptions {
  /** Names or globs of regressions and tests. Default `['smoke']`. */
  readonly items?: readonly string[];
  /** Of a primary config, load only the configs of these names. */
  readonly selectCfgs?: readonly string[];
  /** Tool; wins over the config's. */
  readonly tool?: string;
  /** Put before each tool command. */
  readonly jobPrefix?: string;
  /** Default: `$SCRATCH_ROOT` where that is a folder, else `scratch` in the project root. */
  readonly scratchRoot?: string;
  /** Default: the top of the git work tree around the working directory. */
  readonly projRoot?: string;
  /** Names a folder below the scratch root; `/` becomes `-`. Default: the git branch, else `default`. */
  readonly branch?: string;
  /** Remove the scratch area of each config first. */
  readonly purge?: boolean;
  readonly buildOnly?: boolean;
  /** Add a time stamp to the build directory. */
  readonly buildUnique?: boolean;
  readonly buildOpts?: readonly string[];
  readonly buildModes?: readonly string[];
  /** Minutes; for every build. */
  readonly buildTimeoutMins?: number;
  readonly gui?: boolean;
  readonly guiDebug?: boolean;
  readonly interactive?: boolean;
  readonly runOnly?: boolean;
  readonly runOpts?: readonly string[];
  readonly runModes?: readonly string[];
  readonly profile?: (typeof PROFILES)[number];
  readonly xpropOff?: boolean;
  /** Without effect: no test is run again by itself. */
  readonly noRerun?: boolean;
  /** Minutes; for every test. */
  readonly runTimeoutMins?: number;
  /** Factor on the time limit of every test, > 0. */
  readonly runTimeoutMultiplier?: number;
  readonly verbosity?: (typeof VERBOSITIES)[number];
  /** Decimal digits, of any length; `'random'` draws one. */
  readonly buildSeed?: string;
  /** Decimal digits each; given to the runs in the order of tests, all seeds of the first test first. */
  readonly seeds?: readonly string[];
  /** Seed of every run that `seeds` leaves without; implies one run a test. */
  readonly fixedSeed?: string;
  /** Runs of each test, >= 1; wins over the config's. */
  readonly reseed?: number;
  /** Factor on the number of runs of each test, > 0. Default 1. */
  readonly reseedMultiplier?: number;
  readonly waves?: (typeof WAVE_FORMATS)[number];
  /** Tests that dump waves. Default 5. */
  readonly maxWaves?: number;
  /** Script for dumping waves, relative to the project root. */
  readonly dumpScript?: string;
  readonly cov?: boolean;
  /** Merge the coverage of earlier runs as well. */
  readonly covMergePrevious?: boolean;
  /** Only look for unreachable coverage. */
  readonly covUnr?: boolean;
  /** Only open the coverage of the last run. */
  readonly covAnalyze?: boolean;
  /** Report testpoints without runs too. */
  readonly mapFullTestplan?: boolean;
  readonly dryRun?: boolean;
  readonly verbose?: 'default' | 'debug';
}

/** What a load takes from its surroundings; given explicitly in tests. */
export interface FlowSurroundings {
  /** Environment, for wildcards and for `SCRATCH_ROOT`. Default: this process's. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Time of the run, for time stamps. Default: now. */
  readonly now?: Date;
  /** Text that random seeds are derived from: the same text gives the same seeds. Default: random. */
  readonly entropy?: string;
}
