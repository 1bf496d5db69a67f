// Regatta's own command line options, beside DVSim's, and which command takes which. Data only; parses nothing.
import { FLOW_OPTIONS } from '../flow/options/option-table.js';
import { RUN_OPTIONS, type RunOptionEntry } from '../flow/options/run-option-table.js';
import type { CommandSpec } from './parser.js';
import { DURABILITIES } from '../journal/journal.js';
import { STATUS_MODES } from '../observers/status/status-stream.js';

const RUNNING = 'Running';
const OUTPUT = 'Results and display';
const FAKE = 'Pretending';
const LOOKUP = 'Which run';

/** How much is said on stderr beside the status display. */
export const LOG_LEVELS = ['error', 'warn', 'info', 'debug'] as const;

/** Shapes of `regatta graph`. */
export const GRAPH_FORMATS = ['text', 'json', 'dot', 'mermaid'] as const;

/** Options that only Regatta has, for commands that run jobs. */
const OWN_RUN_OPTIONS: readonly RunOptionEntry[] = [
  {
    field: 'backend',
    long: '--backend',
    arity: 'one',
    metavar: 'NAME',
    group: RUNNING,
    help: 'Backend of jobs that name none: local, fake, slurm, sge, lsf, pbs, htcondor, nc, or of a plugin. Default: local.',
  },
  {
    field: 'backendOpt',
    long: '--backend-opt',
    arity: 'one',
    repeatable: true,
    metavar: 'BACKEND.OPTION=VALUE',
    group: RUNNING,
    help: 'Option of a batch backend, such as slurm.partition=night. May be given again.',
  },
  {
    field: 'config',
    long: '--config',
    arity: 'one',
    metavar: 'FILE',
    group: RUNNING,
    help: 'Config file of the site. Default: regatta.config.hjson or .json, here or above in the project.',
  },
  {
    field: 'config',
    long: '--no-config',
    arity: 'flag',
    group: RUNNING,
    help: 'Read no config file.',
  },
  {
    field: 'plugin',
    long: '--plugin',
    arity: 'one',
    repeatable: true,
    metavar: 'MODULE',
    group: RUNNING,
    help: 'Module with batch engines or backends: a path (./site.mjs) or a package. May be given again.',
  },
  {
    field: 'failFast',
    long: '--fail-fast',
    arity: 'optional',
    value: 'count',
    bare: '1',
    metavar: 'N',
    group: RUNNING,
    help: 'Stop the run after N failed jobs; without N, after the first.',
  },
  {
    field: 'infraRetries',
    long: '--infra-retries',
    arity: 'one',
    value: 'whole',
    metavar: 'N',
    group: RUNNING,
    help: 'Times a job is run again when it was lost, not when it failed. Default: 2.',
  },
  {
    field: 'rerunNewBuckets',
    long: '--rerun-new-buckets',
    arity: 'optional',
    value: 'count',
    bare: '5',
    metavar: 'N',
    group: RUNNING,
    help: 'When the run is over, run the first failure of each kind that is new again, of N kinds at most; without N, of 5.',
  },
  {
    field: 'killGrace',
    long: '--kill-grace',
    arity: 'one',
    value: 'factor',
    metavar: 'S',
    group: RUNNING,
    help: 'Seconds between asking a job to end and ending it by force. Default: 10.',
  },
  {
    field: 'onHeadDeath',
    long: '--on-head-death',
    arity: 'one',
    choices: ['kill', 'keep'],
    metavar: 'HOW',
    group: RUNNING,
    help: 'What becomes of local jobs when Regatta itself is killed. Default: kill.',
  },
  {
    field: 'durability',
    long: '--durability',
    arity: 'one',
    choices: DURABILITIES,
    metavar: 'HOW',
    group: RUNNING,
    help: 'When the journal is forced onto the disk: batch (within 100 ms), each (before what follows), off. Default: batch.',
  },
  {
    field: 'selfCheck',
    long: '--self-check',
    arity: 'flag',
    group: RUNNING,
    help: 'Check all state of the scheduler after each step; slow.',
  },
  {
    field: 'results',
    long: '--results',
    arity: 'one',
    metavar: 'FILE',
    group: OUTPUT,
    help: 'Also write results.json here; - for standard output.',
  },
  {
    field: 'junit',
    long: '--junit',
    arity: 'one',
    metavar: 'FILE',
    group: OUTPUT,
    help: 'Also write junit.xml here; - for standard output.',
  },
  {
    field: 'history',
    long: '--history',
    arity: 'one',
    metavar: 'FILE',
    group: OUTPUT,
    help: 'History of runs to add to. Default: history.sqlite beside the runs in the scratch root.',
  },
  {
    field: 'prometheus',
    long: '--prometheus',
    arity: 'one',
    metavar: 'FILE',
    group: OUTPUT,
    help: "Also write the run's figures for Prometheus here, when it ends; - for standard output.",
  },
  {
    field: 'otlpEndpoint',
    long: '--otlp-endpoint',
    arity: 'one',
    metavar: 'URL',
    group: OUTPUT,
    help: 'Send a trace of the run to this OpenTelemetry collector. Default: $OTEL_EXPORTER_OTLP_ENDPOINT.',
  },
  {
    field: 'status',
    long: '--status',
    arity: 'one',
    choices: STATUS_MODES,
    metavar: 'HOW',
    group: OUTPUT,
    help: 'Status display: auto, tty, plain or none. Default: auto.',
  },
  {
    field: 'logLevel',
    long: '--log-level',
    arity: 'one',
    choices: LOG_LEVELS,
    metavar: 'LEVEL',
    group: OUTPUT,
    help: 'Messages on stderr: error, warn, info or debug. Default: info.',
  },
  {
    field: 'virtualClock',
    long: '--virtual-clock',
    arity: 'flag',
    group: FAKE,
    help: 'Let time jump to the next event; only when every job is fake.',
  },
  {
    field: 'fakeSeed',
    long: '--fake-seed',
    arity: 'one',
    value: 'seed',
    metavar: 'SEED',
    group: FAKE,
    help: 'Seed of what fake jobs pretend. Default: 1.',
  },
];

const GRAPH_OPTIONS: readonly RunOptionEntry[] = [
  {
    field: 'format',
    long: '--format',
    arity: 'one',
    choices: GRAPH_FORMATS,
    metavar: 'FORMAT',
    group: OUTPUT,
    help: 'text, json (the job list), dot or mermaid. Default: text.',
  },
];

/** For commands that look at a run that was: where to look for it. */
const LOOKUP_OPTIONS: readonly RunOptionEntry[] = [
  {
    field: 'scratchRoot',
    long: '--scratch-root',
    short: '-sr',
    arity: 'one',
    metavar: 'DIR',
    group: LOOKUP,
    help: 'Where the run was started with. Default: scratch.',
  },
];

/** Forms of `regatta report`. */
export const REPORT_FORMATS = ['html', 'md', 'text', 'json', 'junit', 'csv', 'prometheus'] as const;

/** Options of `regatta report`. */
export const REPORT_COMMAND_OPTIONS: readonly RunOptionEntry[] = [
  ...LOOKUP_OPTIONS,
  {
    field: 'format',
    long: '--format',
    arity: 'one',
    choices: REPORT_FORMATS,
    metavar: 'FORMAT',
    group: OUTPUT,
    help: 'html, md, text, json, junit, csv or prometheus. Default: html.',
  },
  {
    field: 'output',
    long: '--output',
    short: '-o',
    arity: 'one',
    metavar: 'FILE',
    group: OUTPUT,
    help: 'Where to write it; - for standard output. Default: report.html of the run for html, else -.',
  },
  {
    field: 'open',
    long: '--open',
    arity: 'flag',
    group: OUTPUT,
    help: 'Show the file that was written.',
  },
];

/** For commands about a job. */
const RUN_OF_JOB: RunOptionEntry = {
  field: 'run',
  long: '--run',
  arity: 'one',
  metavar: 'RUN',
  group: LOOKUP,
  help: 'The run of the job: an id or a directory. Default: the last one.',
};

/** What a run that is taken up again keeps as it was. */
const FIXED_FIELDS: ReadonlySet<string> = new Set([
  'backend',
  'local',
  'fake',
  'list',
  'virtualClock',
  'fakeSeed',
]);

const TAKE_UP_OPTIONS = [...RUN_OPTIONS, ...OWN_RUN_OPTIONS].filter(({ field }) => !FIXED_FIELDS.has(field));

/** Options of `regatta resume`. */
export const RESUME_COMMAND_OPTIONS: readonly RunOptionEntry[] = [...LOOKUP_OPTIONS, ...TAKE_UP_OPTIONS];

/** Options of `regatta rerun`. */
export const RERUN_COMMAND_OPTIONS: readonly RunOptionEntry[] = [
  ...LOOKUP_OPTIONS,
  {
    field: 'failed',
    long: '--failed',
    arity: 'flag',
    group: LOOKUP,
    help: 'Run the jobs that failed, and what they depend on. The default.',
  },
  {
    field: 'killed',
    long: '--killed',
    arity: 'flag',
    group: LOOKUP,
    help: 'Run the jobs that were killed, and what they depend on.',
  },
  ...FLOW_OPTIONS.filter(({ field }) => field === 'waves'),
  ...TAKE_UP_OPTIONS,
];

/** Forms of commands that show something. */
const TEXT_FORMATS = ['text', 'json'] as const;

const TEXT_FORMAT: RunOptionEntry = {
  field: 'format',
  long: '--format',
  arity: 'one',
  choices: TEXT_FORMATS,
  metavar: 'FORMAT',
  group: OUTPUT,
  help: 'text or json. Default: text.',
};

/** Options of `regatta status`. */
export const STATUS_COMMAND_OPTIONS: readonly RunOptionEntry[] = [...LOOKUP_OPTIONS, TEXT_FORMAT];

const REPRO_OPTIONS: readonly RunOptionEntry[] = [
  ...LOOKUP_OPTIONS,
  RUN_OF_JOB,
  {
    field: 'exec',
    long: '--exec',
    arity: 'flag',
    group: RUNNING,
    help: 'Run the job here and now, at this terminal.',
  },
];
/** Options of `regatta history`. */
export const HISTORY_COMMAND_OPTIONS: readonly RunOptionEntry[] = [
  ...LOOKUP_OPTIONS,
  {
    field: 'history',
    long: '--history',
    arity: 'one',
    metavar: 'FILE',
    group: LOOKUP,
    help: 'The history. Default: history.sqlite beside the runs in the scratch root.',
  },
  TEXT_FORMAT,
];

/** Options of `regatta compare`. */
export const COMPARE_COMMAND_OPTIONS: readonly RunOptionEntry[] = [...LOOKUP_OPTIONS, TEXT_FORMAT];

/** Options of `regatta run`. */
export const RUN_COMMAND_OPTIONS: readonly RunOptionEntry[] = [
  ...FLOW_OPTIONS,
  ...RUN_OPTIONS,
  ...OWN_RUN_OPTIONS,
];

/** Options of `regatta graph`: those of `run`, so that the graph of a run is one word away. */
export const GRAPH_COMMAND_OPTIONS: readonly RunOptionEntry[] = [...RUN_COMMAND_OPTIONS, ...GRAPH_OPTIONS];

/** Options of `regatta doctor`. */
export const DOCTOR_COMMAND_OPTIONS: readonly RunOptionEntry[] = [
  ...LOOKUP_OPTIONS,
  ...OWN_RUN_OPTIONS.filter(({ field }) => ['backend', 'backendOpt', 'config', 'plugin'].includes(field)),
  {
    field: 'wait',
    long: '--wait',
    arity: 'one',
    value: 'factor',
    metavar: 'S',
    group: RUNNING,
    help: 'Seconds that a trial job may take, in the queue too. Default: 60.',
  },
];

/** The commands, in the order of the help. */
export const COMMANDS: readonly CommandSpec[] = [
  {
    usage: 'run <input>',
    summary: 'run the jobs of a flow config or job list',
    options: RUN_COMMAND_OPTIONS,
  },
  {
    usage: 'graph <input>',
    summary: 'check the jobs and show them; run nothing',
    options: GRAPH_COMMAND_OPTIONS,
  },
  {
    usage: 'list <input> [categories...]',
    summary: 'show what can be run: tests, regressions, build modes, run modes',
    options: FLOW_OPTIONS,
  },
  {
    usage: 'report [run]',
    summary: 'make a report of a run: the last one, or a run id or directory',
    options: REPORT_COMMAND_OPTIONS,
  },
  {
    usage: 'resume [run]',
    summary: 'go on with a run that was interrupted: the last one, or a run id or directory',
    options: RESUME_COMMAND_OPTIONS,
  },
  {
    usage: 'rerun [run]',
    summary: 'run the failed jobs of a run again, with the same seeds',
    options: RERUN_COMMAND_OPTIONS,
  },
  {
    usage: 'status [run]',
    summary: 'show where a run is, from any terminal',
    options: STATUS_COMMAND_OPTIONS,
  },
  {
    usage: 'why <job>',
    summary: 'say why a job is not running, or how it ended',
    options: [...LOOKUP_OPTIONS, RUN_OF_JOB],
  },
  {
    usage: 'repro <job>',
    summary: 'print the script that runs one job by hand, or run it',
    options: REPRO_OPTIONS,
  },
  {
    usage: 'kill [run]',
    summary: 'stop a run, or end what a dead one has left',
    options: LOOKUP_OPTIONS,
  },
  {
    usage: 'history [test]',
    summary: 'show past runs, failures and flaky tests, or how one test did',
    options: HISTORY_COMMAND_OPTIONS,
  },
  {
    usage: 'compare <earlier> [later]',
    summary: 'show what broke and what was fixed between two runs',
    options: COMPARE_COMMAND_OPTIONS,
  },
  {
    usage: 'doctor',
    summary: 'see whether backends work here, with a trial job each, and what to mend',
    options: DOCTOR_COMMAND_OPTIONS,
  },
];
