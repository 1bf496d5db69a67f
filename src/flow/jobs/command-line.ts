// Words the make command of a job. Knows quoting and the order of arguments, not where values come from.
import type { JobKind } from './job-kinds.js';
import { isList, wordOf, type ConfigValue } from '../config/value.js';

/** `make -f MAKEFILE TARGET key=value ...`, keys in order of name. */
export function makeCommand(kind: JobKind, attributes: ReadonlyMap<string, ConfigValue>): string {
  const dryRun = attributes.get('dry_run') === true ? ' -n' : '';
  const start = `make -f ${wordOf(attributes.get('flow_makefile') ?? null)} ${kind.target}${dryRun}`;
  return kind.onCommandLine.reduce((command, key) => {
    const separator = kind.commandLists.includes(key) ? ' && ' : ' ';
    return `${command} ${key}=${argumentOf(attributes.get(key) ?? null, separator)}`;
  }, start);
}

function argumentOf(value: ConfigValue, separator: string): string {
  if (typeof value === 'boolean') return value ? '1' : '0';
  if (typeof value === 'string') return shellQuote(value.trim());
  if (isList(value))
    return shellQuote(
      value
        .map((item) => wordOf(item).trim())
        .join(separator)
        .trim(),
    );
  return wordOf(value);
}

/** Wildcards that are replaced by digits later; digits need no quotes. */
const DIGITS_TO_COME = /\{(?:index|seed|svseed)\}/g;
const NEEDS_QUOTES = /[^A-Za-z0-9_@%+=:,./-]/;

/** A word that a POSIX shell reads as `text`; quoted only when it must be. */
export function shellQuote(text: string): string {
  if (text === '') return "''";
  if (!NEEDS_QUOTES.test(text.replace(DIGITS_TO_COME, '0'))) return text;
  return `'${text.replaceAll("'", `'"'"'`)}'`;
}
