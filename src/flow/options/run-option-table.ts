// DVSim's options that shape the run as a whole, not the jobs of a config: as data, for the command line to act upon.
import { LIST_CATEGORIES } from './options.js';
import type { OptionEntry } from './option-table.js';

/** An option DVSim has that means something to the run as a whole, not to the jobs made of the config. */
export interface RunOptionEntry extends Omit<OptionEntry, 'field'> {
  /** Name of the option for the command line's own use. */
  readonly field: string;
}

/** DVSim's other options: for the command line to act upon, under DVSim's spelling. */
export const RUN_OPTIONS: readonly RunOptionEntry[] = [
  {
    field: 'list',
    long: '--list',
    short: '-l',
    arity: 'many',
    choices: LIST_CATEGORIES,
    metavar: 'WHAT',
    group: 'What to run',
    help: 'List what can be run, and stop: all, or the categories named.',
  },
  {
    field: 'maxParallel',
    long: '--max-parallel',
    short: '-mp',
    arity: 'one',
    value: 'count',
    metavar: 'N',
    group: 'Running',
    help: 'Jobs at a time. Default: $DVSIM_MAX_PARALLEL, else 16.',
  },
  {
    field: 'resource',
    long: '--resource',
    short: '-R',
    arity: 'one',
    repeatable: true,
    metavar: 'NAME=N',
    group: 'Running',
    help: 'Units of a resource, such as a licence. May be given again.',
  },
  {
    field: 'onMissingResource',
    long: '--on-missing-resource',
    arity: 'one',
    group: 'Running',
    choices: ['ignore', 'warn', 'error'],
    metavar: 'HOW',
    help: 'What to do about a resource without a limit. Default: ignore.',
  },
  {
    field: 'local',
    long: '--local',
    arity: 'flag',
    group: 'Running',
    help: 'Run on this machine: the same as --backend local.',
  },
  {
    field: 'fake',
    long: '--fake',
    arity: 'flag',
    group: 'Running',
    help: 'Only pretend to run: the same as --backend fake.',
  },
  {
    field: 'maxOdirs',
    long: '--max-odirs',
    short: '-mo',
    arity: 'one',
    value: 'count',
    metavar: 'N',
    group: 'Files',
    help: 'Older output directories of each run that are kept. Default: 5.',
  },
  {
    field: 'printInterval',
    long: '--print-interval',
    short: '-pi',
    arity: 'one',
    value: 'factor',
    metavar: 'S',
    group: 'Running',
    help: 'Seconds between two lines of plain status. Default: 10.',
  },
];
