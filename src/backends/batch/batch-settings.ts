// What a user may say about a batch backend, and what a job asks of the engine by it. Knows the options every engine has; those of one
// engine come from its description.
import type { JobSpec, Origin } from '../../model/job-spec.js';
import { UserError, type Problem } from '../../model/problem.js';
import { suggestName } from '../../util/nearest.js';
import type { BatchEngine, TaskDemand } from './engine.js';

/** Settings of one batch backend. */
export interface BatchSettings {
  /** Processors of a job whose resources name none; null: the engine's default. */
  readonly cpus: number | null;
  /** Memory of a job whose resources name none, in MiB; null: the engine's default. */
  readonly memoryMib: number | null;
  /** Most jobs in the engine's queue at once, waiting or running. */
  readonly maxJobs: number;
  /** What the engine's time limit is above a job's own, which Regatta keeps itself. */
  readonly timeMarginMins: number;
  /** Resources that the engine knows as licences or consumables: its names by ours. */
  readonly licences: Readonly<Record<string, string>>;
  /** The engine's own options. */
  readonly options: Readonly<Record<string, string>>;
  /** Further arguments of the submit command. */
  readonly extraArgs: readonly string[];
}

export const DEFAULT_BATCH_SETTINGS: BatchSettings = Object.freeze({
  cpus: null,
  memoryMib: null,
  maxJobs: 5000,
  timeMarginMins: 5,
  licences: Object.freeze({}),
  options: Object.freeze({}),
  extraArgs: Object.freeze([]),
});

/** A job's resource of this name is the number of its processors; of that, its memory in MiB. */
const CPUS = 'cpus';
const MEMORY = 'memory_mib';

/** What is said of an option: a text, or a list of texts. */
export type OptionValue = string | readonly string[];

/** Options that every engine has with one value, and how it is read; a string says what is wrong. */
const COMMON: Readonly<Record<string, (value: string) => Partial<BatchSettings> | string>> = {
  cpus: (value) => (isCount(value) ? { cpus: Number(value) } : 'must be a whole number from 1'),
  memory: (value) => {
    const memoryMib = parseMemory(value);
    return memoryMib === null ? 'must be an amount of memory: 512M, 4G' : { memoryMib };
  },
  max_jobs: (value) => (isCount(value) ? { maxJobs: Number(value) } : 'must be a whole number from 1'),
  time_margin_mins: (value) =>
    /^\d{1,6}$/.test(value) ? { timeMarginMins: Number(value) } : 'must be a whole number of minutes',
};

/** The same for options with many values; a text is split. */
const COMMON_LISTS: Readonly<Record<string, (value: OptionValue) => Partial<BatchSettings> | string>> = {
  licences: (value) => readLicences(typeof value === 'string' ? value.split(',') : value),
  extra_args: (value) => ({
    extraArgs: typeof value === 'string' ? value.split(/\s+/).filter((word) => word !== '') : value,
  }),
};

/** `vcs`, or `vcs=snps_vcs` where the engine has another name for it. */
function readLicences(words: readonly string[]): Partial<BatchSettings> | string {
  const entries = words
    .filter((word) => word !== '')
    .map((word) => /^([^=]+)(?:=(.+))?$/.exec(word) ?? [word, word, ''])
    .map(([, ours = '', theirs = ours]) => [ours, theirs] as const);
  return entries.every(([, theirs]) => /^[\w.@:-]+$/.test(theirs))
    ? { licences: Object.fromEntries(entries) }
    : 'must be names of licences, or NAME=NAME_OF_THE_ENGINE';
}

/**
 * Settings from options as they are given on the command line or in the config file.
 * @param values - By option name; common names and the engine's own.
 * @param originOf - Where an option was given. Default: nowhere in a file.
 * @throws UserError with every option that is unknown or has a bad value.
 */
export function readBatchSettings(
  engine: BatchEngine,
  values: Readonly<Record<string, OptionValue>>,
  originOf: (name: string) => Origin | undefined = () => undefined,
): BatchSettings {
  const problems: Problem[] = [];
  let settings: BatchSettings = DEFAULT_BATCH_SETTINGS;
  const complain = (name: string, what: string, hint?: string): void => {
    const message = `option ${engine.name}.${name} ${what}`;
    problems.push({ code: 'bad-option', message, origin: originOf(name), hint });
  };
  for (const [name, value] of Object.entries(values)) {
    const read = readOption(engine, name, value);
    if (read === null) {
      const names = [...Object.keys(COMMON), ...Object.keys(COMMON_LISTS), ...Object.keys(engine.options)];
      complain(name, 'is not known', suggestName(name, new Set(names)) ?? `known: ${names.join(', ')}`);
    } else if (typeof read === 'string') {
      complain(name, `${read}, not ${JSON.stringify(value)}`);
    } else {
      settings = { ...settings, ...read, options: { ...settings.options, ...read.options } };
    }
  }
  if (problems.length > 0) throw new UserError(problems);
  return settings;
}

/** One option; null: there is none of that name, a string: what is wrong with the value. */
function readOption(
  engine: BatchEngine,
  name: string,
  value: OptionValue,
): Partial<BatchSettings> | string | null {
  if (Object.hasOwn(COMMON_LISTS, name)) {
    const read = COMMON_LISTS[name]?.(value) ?? null;
    return read === null || typeof read === 'string' ? read : (refuseOwn(engine, read) ?? read);
  }
  const common = Object.hasOwn(COMMON, name) ? COMMON[name] : undefined;
  const own = Object.hasOwn(engine.options, name) ? engine.options[name] : undefined;
  if (common === undefined && own === undefined) return null;
  if (typeof value !== 'string') return 'must be one value';
  if (common !== undefined) return common(value);
  const check = own?.check ?? checkLine;
  return check(value) ?? { options: { [name]: value } };
}

/** What is wrong with further arguments that would take jobs out of our sight; null: nothing. */
function refuseOwn({ ownArguments }: BatchEngine, { extraArgs = [] }: Partial<BatchSettings>): string | null {
  const word = extraArgs.find((one) => ownArguments?.test(one) === true);
  return word === undefined ? null : `must be without ${word}, which is Regatta's to give`;
}

/** What a job asks of the engine. */
export function demandOf(settings: BatchSettings, spec: JobSpec): TaskDemand {
  const { resources, timeoutMins } = spec;
  const licences = Object.entries(settings.licences).flatMap(([ours, theirs]): [string, number][] => {
    const units = Object.hasOwn(resources, ours) ? resources[ours] : undefined;
    return units === undefined || units === null || units === 0 ? [] : [[theirs, units]];
  });
  return {
    cpus: countOf(spec, CPUS) ?? settings.cpus,
    memoryMib: countOf(spec, MEMORY) ?? settings.memoryMib,
    timeLimitMins: timeoutMins === null ? null : Math.ceil(timeoutMins) + settings.timeMarginMins,
    licences: Object.fromEntries(licences),
    options: settings.options,
    extraArgs: settings.extraArgs,
  };
}

function countOf({ resources }: JobSpec, name: string): number | null {
  const count = Object.hasOwn(resources, name) ? resources[name] : undefined;
  return count === undefined || count === null || count < 1 ? null : Math.ceil(count);
}

function isCount(text: string): boolean {
  return /^[1-9]\d{0,8}$/.test(text);
}

function checkLine(value: string): string | null {
  return /^[^\u0000-\u001f\u007f]+$/.test(value) ? null : 'must be a line of text';
}

/** Mebibytes of `512M`, `4G`, `1T`, or of a bare number; null: no amount. */
function parseMemory(text: string): number | null {
  const [, amount, unit = 'M'] =
    /^([1-9]\d{0,8})([MGT])(?:i?B)?$/i.exec(text) ?? /^([1-9]\d{0,8})$/.exec(text) ?? [];
  const factor = { M: 1, G: 1024, T: 1024 * 1024 }[unit.toUpperCase()];
  return amount === undefined || factor === undefined ? null : Number(amount) * factor;
}
