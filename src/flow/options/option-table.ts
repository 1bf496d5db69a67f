// The command line options of flow runs, as data: spellings, values, defaults and help. Parses nothing.
import { PROFILES, VERBOSITIES, WAVE_FORMATS, type FlowOptions } from './options.js';

/** How many values an option takes: none, one, one that may be left out, one or more, any number. */
export type OptionArity = 'flag' | 'one' | 'optional' | 'some' | 'many';

/** How the text of a value is read. */
export type OptionValueKind = 'text' | 'whole' | 'count' | 'minutes' | 'factor' | 'seed';

/** One option of the command line. */
export interface OptionEntry {
  /** Field of {@link FlowOptions}. */
  readonly field: keyof FlowOptions;
  readonly long: string;
  /** With its dash; may have more than one letter. */
  readonly short?: string;
  readonly arity: OptionArity;
  /** Default `text`. */
  readonly value?: OptionValueKind;
  /** Name of the value in the help. */
  readonly metavar?: string;
  readonly choices?: readonly string[];
  /** Whether an option with one value may be given again, each time with another one. */
  readonly repeatable?: boolean;
  /** Value of an `optional` option given without one. */
  readonly bare?: string;
  readonly group: string;
  readonly help: string;
}

const WHAT = 'What to run';
const FILES = 'Files';
const BUILDING = 'Building';
const RUNNING = 'Running tests';
const SEEDS = 'Seeds';
const WAVES = 'Waves';
const COVERAGE = 'Coverage';
const RESULTS = 'Results';
const CONTROL = 'Running';

/** Options that shape the jobs of a flow config; spelled as DVSim does. */
export const FLOW_OPTIONS: readonly OptionEntry[] = [
  {
    field: 'items',
    long: '--items',
    short: '-i',
    arity: 'many',
    metavar: 'ITEM',
    group: WHAT,
    help: 'Regressions and tests to run: names, or globs such as uart_*. Default: smoke.',
  },
  {
    field: 'selectCfgs',
    long: '--select-cfgs',
    arity: 'many',
    metavar: 'CFG',
    group: WHAT,
    help: 'Of a config that lists configs, use only these.',
  },
  {
    field: 'tool',
    long: '--tool',
    short: '-t',
    arity: 'one',
    metavar: 'TOOL',
    group: WHAT,
    help: 'Tool to use instead of the one the config names.',
  },
  {
    field: 'jobPrefix',
    long: '--job-prefix',
    arity: 'one',
    metavar: 'PFX',
    group: CONTROL,
    help: 'Text put before each tool command.',
  },
  {
    field: 'scratchRoot',
    long: '--scratch-root',
    short: '-sr',
    arity: 'one',
    metavar: 'DIR',
    group: FILES,
    help: 'Where everything is written. Default: $SCRATCH_ROOT, else scratch in the project root.',
  },
  {
    field: 'projRoot',
    long: '--proj-root',
    short: '-pr',
    arity: 'one',
    metavar: 'DIR',
    group: FILES,
    help: 'Root of the project. Default: the top of the git work tree.',
  },
  {
    field: 'branch',
    long: '--branch',
    short: '-br',
    arity: 'one',
    metavar: 'NAME',
    group: FILES,
    help: 'Folder below the scratch root. Default: the git branch.',
  },
  {
    field: 'purge',
    long: '--purge',
    arity: 'flag',
    group: FILES,
    help: 'Empty the scratch area of each config first.',
  },
  {
    field: 'buildOnly',
    long: '--build-only',
    short: '-bu',
    arity: 'flag',
    group: BUILDING,
    help: 'Build what the items need, run no test.',
  },
  {
    field: 'buildUnique',
    long: '--build-unique',
    arity: 'flag',
    group: BUILDING,
    help: 'Build in a folder of its own, named by the time.',
  },
  {
    field: 'buildOpts',
    long: '--build-opts',
    short: '-bo',
    arity: 'some',
    metavar: 'OPT',
    group: BUILDING,
    help: 'Options added to every build.',
  },
  {
    field: 'buildModes',
    long: '--build-modes',
    short: '-bm',
    arity: 'some',
    metavar: 'MODE',
    group: BUILDING,
    help: 'Build modes switched on for every build and run.',
  },
  {
    field: 'buildTimeoutMins',
    long: '--build-timeout-mins',
    arity: 'one',
    value: 'minutes',
    metavar: 'MIN',
    group: BUILDING,
    help: 'Longest a build may take, in minutes.',
  },
  {
    field: 'gui',
    long: '--gui',
    arity: 'flag',
    group: CONTROL,
    help: "Open the tool's window; one test only, without time limit.",
  },
  {
    field: 'guiDebug',
    long: '--gui-debug',
    short: '-gd',
    arity: 'flag',
    group: CONTROL,
    help: 'Like --gui, with everything the tool offers for debugging. Xcelium only.',
  },
  {
    field: 'interactive',
    long: '--interactive',
    arity: 'flag',
    group: CONTROL,
    help: 'Connect the job to this terminal; one seed a test.',
  },
  {
    field: 'runOnly',
    long: '--run-only',
    short: '-ru',
    arity: 'flag',
    group: RUNNING,
    help: 'Run tests on builds that are there already.',
  },
  {
    field: 'runOpts',
    long: '--run-opts',
    short: '-ro',
    arity: 'some',
    metavar: 'OPT',
    group: RUNNING,
    help: 'Options added to every run.',
  },
  {
    field: 'runModes',
    long: '--run-modes',
    short: '-rm',
    arity: 'some',
    metavar: 'MODE',
    group: RUNNING,
    help: 'Run modes switched on for every run.',
  },
  {
    field: 'profile',
    long: '--profile',
    short: '-p',
    arity: 'optional',
    choices: PROFILES,
    bare: 'time',
    metavar: 'WHAT',
    group: RUNNING,
    help: 'Profile the simulation: time (the default) or mem.',
  },
  {
    field: 'xpropOff',
    long: '--xprop-off',
    arity: 'flag',
    group: RUNNING,
    help: 'Do not propagate unknown values (X).',
  },
  {
    field: 'noRerun',
    long: '--no-rerun',
    arity: 'flag',
    group: RUNNING,
    help: 'Changes nothing: tests that failed are run again only if that is asked for.',
  },
  {
    field: 'runTimeoutMins',
    long: '--run-timeout-mins',
    arity: 'one',
    value: 'minutes',
    metavar: 'MIN',
    group: RUNNING,
    help: 'Longest a run may take, in minutes.',
  },
  {
    field: 'runTimeoutMultiplier',
    long: '--run-timeout-multiplier',
    arity: 'one',
    value: 'factor',
    metavar: 'X',
    group: RUNNING,
    help: 'Factor on the time limits of runs.',
  },
  {
    field: 'verbosity',
    long: '--verbosity',
    short: '-v',
    arity: 'one',
    choices: VERBOSITIES,
    metavar: 'V',
    group: RUNNING,
    help: 'Verbosity of the simulation: none, low, medium, high, full or debug.',
  },
  {
    field: 'buildSeed',
    long: '--build-seed',
    arity: 'optional',
    value: 'seed',
    bare: 'random',
    metavar: 'SEED',
    group: SEEDS,
    help: 'Randomise the builds, with this seed or a random one.',
  },
  {
    field: 'seeds',
    long: '--seeds',
    short: '-s',
    arity: 'some',
    value: 'seed',
    metavar: 'SEED',
    group: SEEDS,
    help: 'Seeds of the runs, in the order of the tests.',
  },
  {
    field: 'fixedSeed',
    long: '--fixed-seed',
    short: '-fs',
    arity: 'one',
    value: 'seed',
    metavar: 'SEED',
    group: SEEDS,
    help: 'Seed of every run; implies --reseed 1.',
  },
  {
    field: 'reseed',
    long: '--reseed',
    short: '-r',
    arity: 'one',
    value: 'count',
    metavar: 'N',
    group: SEEDS,
    help: 'Runs of each test, each with a new seed, whatever the config says.',
  },
  {
    field: 'reseedMultiplier',
    long: '--reseed-multiplier',
    short: '-rx',
    arity: 'one',
    value: 'factor',
    metavar: 'X',
    group: SEEDS,
    help: 'Factor on the number of runs of each test.',
  },
  {
    field: 'waves',
    long: '--waves',
    short: '-w',
    arity: 'one',
    choices: WAVE_FORMATS,
    metavar: 'FORMAT',
    group: WAVES,
    help: 'Write waves in this format.',
  },
  {
    field: 'maxWaves',
    long: '--max-waves',
    short: '-mw',
    arity: 'one',
    value: 'count',
    metavar: 'N',
    group: WAVES,
    help: 'Tests that write waves. Default: 5.',
  },
  {
    field: 'dumpScript',
    long: '--dump-script',
    short: '-ds',
    arity: 'one',
    metavar: 'FILE',
    group: WAVES,
    help: 'Script for writing waves, below the project root.',
  },
  {
    field: 'cov',
    long: '--cov',
    short: '-c',
    arity: 'flag',
    group: COVERAGE,
    help: 'Collect, merge and report coverage.',
  },
  {
    field: 'covMergePrevious',
    long: '--cov-merge-previous',
    arity: 'flag',
    group: COVERAGE,
    help: 'Merge the coverage of earlier runs as well.',
  },
  {
    field: 'covUnr',
    long: '--cov-unr',
    arity: 'flag',
    group: COVERAGE,
    help: 'Look for unreachable coverage in that of the last run; nothing else.',
  },
  {
    field: 'covAnalyze',
    long: '--cov-analyze',
    arity: 'flag',
    group: COVERAGE,
    help: 'Open the coverage of the last run; nothing else.',
  },
  {
    field: 'mapFullTestplan',
    long: '--map-full-testplan',
    arity: 'flag',
    group: RESULTS,
    help: 'Changes nothing: testpoints that were not run are always reported.',
  },
  {
    field: 'dryRun',
    long: '--dry-run',
    short: '-n',
    arity: 'flag',
    group: CONTROL,
    help: 'Show what would be run, and run nothing.',
  },
  {
    field: 'verbose',
    long: '--verbose',
    arity: 'optional',
    choices: ['default', 'debug'],
    bare: 'default',
    metavar: 'HOW',
    group: CONTROL,
    help: 'Say more about what is done.',
  },
];
