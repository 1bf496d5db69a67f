// Reads the texts of command line options into flow options. Knows the table, not the command line.
import { UserError, type Problem } from '../../model/index.js';
import { nearestName } from '../../util/nearest.js';
import { FLOW_OPTIONS, type OptionEntry } from './option-table.js';
import type { FlowOptions } from './options.js';

/** Options as a command line parser leaves them: by field; `true` for a flag or for an option without its value. */
export type RawOptions = Readonly<Record<string, string | readonly string[] | boolean | undefined>>;

/** What a table of options needs to say of an option for it to be read. */
type ReadableEntry = Omit<OptionEntry, 'field'> & { readonly field: string };

/**
 * Reads raw options; fields that are no flow options are left alone.
 *
 * @throws UserError `bad-option` for every value that its option does not take.
 */
export function readFlowOptions(raw: RawOptions): FlowOptions {
  return readOptions(FLOW_OPTIONS, raw);
}

/**
 * Reads the options of a table, by field; those that were not given are left out.
 *
 * @throws UserError `bad-option` for every value that its option does not take.
 */
export function readOptions(table: readonly ReadableEntry[], raw: RawOptions): Record<string, unknown> {
  const options: Record<string, unknown> = {};
  const problems: Problem[] = [];
  for (const entry of table) {
    const given = raw[entry.field];
    if (given === undefined || given === false) continue;
    const read = readEntry(entry, given);
    if (read.problem === undefined) options[entry.field] = read.value;
    else problems.push(read.problem);
  }
  if (problems.length > 0) throw new UserError(problems);
  return options;
}

type Read = { readonly value: unknown; readonly problem?: undefined } | { readonly problem: Problem };

function readEntry(entry: ReadableEntry, given: string | readonly string[] | true): Read {
  switch (entry.arity) {
    case 'flag':
      return { value: true };
    case 'optional':
    case 'one': {
      if (entry.repeatable === true && typeof given === 'object') return readAll(entry, given);
      const text =
        given === true ? (entry.bare ?? '') : typeof given === 'string' ? given : (given.at(-1) ?? '');
      if (given === true && entry.bare !== undefined) return { value: entry.bare };
      return readValue(entry, text);
    }
    case 'some':
    case 'many': {
      const texts = given === true ? [] : typeof given === 'string' ? [given] : given;
      return readAll(entry, texts);
    }
  }
}

function readAll(entry: ReadableEntry, texts: readonly string[]): Read {
  const reads = texts.map((text) => readValue(entry, text));
  const bad = reads.find((read) => read.problem !== undefined);
  return bad ?? { value: reads.map((read) => ('value' in read ? read.value : undefined)) };
}

function readValue(entry: ReadableEntry, text: string): Read {
  const bad = (must: string, hint?: string): Read => ({
    problem: {
      code: 'bad-option',
      message: `${entry.long} must be ${must}, not ${JSON.stringify(text)}`,
      hint,
    },
  });
  if (entry.choices?.includes(text) === false) {
    const near = nearestName(text, entry.choices);
    const hint = near === undefined ? undefined : `did you mean ${near}?`;
    return bad(`one of ${entry.choices.join(', ')}`, hint);
  }
  switch (entry.value ?? 'text') {
    case 'text':
      return text === '' && isPath(entry) ? bad('a path') : { value: text };
    case 'seed':
      return /^\d+$/.test(text) ? { value: text } : bad('a whole number >= 0');
    case 'whole':
      return isWhole(text) ? { value: Number(text) } : bad('a whole number >= 0');
    case 'count':
      return isCount(text) ? { value: Number(text) } : bad('a whole number >= 1');
    case 'minutes':
      return isFactor(text) ? { value: Number(text) } : bad('a number of minutes > 0');
    case 'factor':
      return isFactor(text) ? { value: Number(text) } : bad('a number > 0');
  }
}

/** A variable of the shell that is not set leaves an empty text, which as a path would be the working directory. */
function isPath({ metavar }: ReadableEntry): boolean {
  return metavar === 'FILE' || metavar === 'DIR';
}

function isWhole(text: string): boolean {
  return /^\d+$/.test(text) && Number.isSafeInteger(Number(text));
}

function isCount(text: string): boolean {
  return isWhole(text) && Number(text) >= 1;
}

function isFactor(text: string): boolean {
  return /^(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) && Number(text) > 0 && Number.isFinite(Number(text));
}
