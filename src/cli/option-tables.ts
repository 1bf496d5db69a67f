// Regatta's own command line options, beside DVSim's, and which command takes which. Data only; parses nothing.
import { FLOW_OPTIONS } from '../flow/options/option-table.js';
import { RUN_OPTIONS, type RunOptionEntry } from '../flow/options/run-option-table.js';
import type { CommandSpec } from './parser.js';
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
    help: 'Backend of jobs that name none: local or fake. Default: local.',
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
    field: 'prometheus',
    long: '--prometheus',
    arity: 'one',
    metavar: 'FILE',
    group: OUTPUT,
    help: "Also write the run's figures for Prometheus here, when it ends; - for standard output.",
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
export const REPORT_FORMATS = ['md', 'json', 'junit', 'csv'] as const;

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
    help: 'md, json, junit or csv. Default: md.',
  },
  {
    field: 'output',
    long: '--output',
    short: '-o',
    arity: 'one',
    metavar: 'FILE',
    group: OUTPUT,
    help: 'Where to write it. Default: -, standard output.',
  },
  {
    field: 'open',
    long: '--open',
    arity: 'flag',
    group: OUTPUT,
    help: 'Show the file that was written.',
  },
];

/** Options of `regatta run`. */
export const RUN_COMMAND_OPTIONS: readonly RunOptionEntry[] = [
  ...FLOW_OPTIONS,
  ...RUN_OPTIONS,
  ...OWN_RUN_OPTIONS,
];

/** Options of `regatta graph`: those of `run`, so that the graph of a run is one word away. */
export const GRAPH_COMMAND_OPTIONS: readonly RunOptionEntry[] = [...RUN_COMMAND_OPTIONS, ...GRAPH_OPTIONS];

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
];
