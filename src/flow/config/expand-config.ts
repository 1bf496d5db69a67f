// Expands the wildcards of all values of a config, in place. Knows how problems of one key are worded.
import { UserError, type Problem } from '../../model/index.js';
import type { Config } from './config.js';
import { locate } from './locate.js';
import { isDict, isList, type ConfigDict, type ConfigValue } from './value.js';
import { expandText, PendingCommand, WildcardError, type Scope, type WildcardFault } from './wildcards.js';

/** What an expansion needs to know beside the values. */
export interface ExpansionRules {
  /** Wildcards that stay for a later pass. */
  readonly held: ReadonlySet<string>;
  /** Leave unknown wildcards as they are. */
  readonly lenient: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly runCommand: (command: string) => string;
}

/**
 * Expands every value of a config.
 *
 * @param file - The config's file, for messages.
 * @param keys - The keys still to do; all at first. Only these are touched.
 * @returns The keys that wait for a command's output: run the commands, then expand these again.
 * @throws UserError with a problem for each key that cannot be expanded.
 */
export function expandConfig(
  config: Config,
  rules: ExpansionRules,
  at: { readonly file: string; readonly keys: readonly string[] },
): string[] {
  const { values } = config;
  const scope: Scope = {
    lookup: (name) => values.get(name),
    isHeld: (name) => rules.held.has(name),
    lenient: rules.lenient,
    env: rules.env,
    runCommand: rules.runCommand,
  };
  const waiting: string[] = [];
  const problems: Problem[] = [];
  for (const key of at.keys) {
    const value = values.get(key);
    if (value === undefined) continue;
    try {
      const { result, pending } = expandValue(value, scope);
      if (result !== value) values.set(key, result);
      if (pending) waiting.push(key);
    } catch (error) {
      if (!(error instanceof WildcardError)) throw error;
      problems.push(wildcardProblem(error, { config, file: at.file, key }));
    }
  }
  if (problems.length > 0) throw new UserError(problems);
  return waiting;
}

/** Expands the texts inside a value. What has no wildcards is returned as it is, not copied. */
export function expandValue(value: ConfigValue, scope: Scope): { result: ConfigValue; pending: boolean } {
  let pending = false;
  const walk = (it: ConfigValue): ConfigValue => {
    if (typeof it === 'string') {
      try {
        return expandText(it, scope);
      } catch (error) {
        if (!(error instanceof PendingCommand)) throw error;
        pending = true;
        return it;
      }
    }
    if (isList(it)) return mapList(it, walk);
    return isDict(it) ? mapDict(it, walk) : it;
  };
  const result = walk(value);
  return { result, pending };
}

function mapList(
  list: readonly ConfigValue[],
  walk: (it: ConfigValue) => ConfigValue,
): readonly ConfigValue[] {
  let copy: ConfigValue[] | undefined;
  list.forEach((item, i) => {
    const mapped = walk(item);
    if (mapped === item) return;
    copy ??= [...list];
    copy[i] = mapped;
  });
  return copy ?? list;
}

function mapDict(dict: ConfigDict, walk: (it: ConfigValue) => ConfigValue): ConfigDict {
  let copy: Record<string, ConfigValue> | undefined;
  for (const [key, item] of Object.entries(dict)) {
    const mapped = walk(item);
    if (mapped === item) continue;
    copy ??= { ...dict };
    copy[key] = mapped;
  }
  return copy ?? dict;
}

/**
 * Words a wildcard fault for the key that has it: the one being expanded, unless it came in by another one's value.
 *
 * @param at - `file` is named where no file is known to have set the key.
 */
export function wildcardProblem(
  { fault, within }: WildcardError,
  at: { readonly config: Config; readonly file: string; readonly key: string },
): Problem {
  const mention = mentionOf(fault);
  const key = within ?? at.key;
  const problem = (message: string, hint?: string): Problem => ({
    code: fault.kind,
    message: `key "${key}": ${message}`,
    origin: locate(at.config.sourceOf(key, mention) ?? at.file, key, mention),
    hint,
  });
  switch (fault.kind) {
    case 'unknown-wildcard':
      return problem(
        `unknown wildcard {${fault.name}}`,
        fault.name === 'tool'
          ? 'pass --tool'
          : `define the key "${fault.name}", or set it in the environment`,
      );
    case 'wildcard-loop':
      return problem(`wildcards go in a loop: ${fault.chain.map((name) => `{${name}}`).join(' -> ')}`);
    case 'wildcard-type':
      return problem(`wildcard {${fault.name}} stands for a value that has no text form`);
    case 'unfinished-command':
      return problem(`{eval_cmd} cannot run, its command has wildcards left: ${fault.command.trim()}`);
    case 'command-failed':
      return problem(
        `{eval_cmd} failed with exit code ${fault.exitCode}: ${fault.command.trim()}${describeOutput(fault.output)}`,
      );
  }
}

/** What of the fault stands in a config file as it is. */
function mentionOf(fault: WildcardFault): string | undefined {
  switch (fault.kind) {
    case 'unknown-wildcard':
    case 'wildcard-type':
      return `{${fault.name}}`;
    case 'wildcard-loop':
      return `{${fault.chain[1] ?? ''}}`;
    case 'unfinished-command':
    case 'command-failed':
      return '{eval_cmd}';
  }
}

/** The end of a failed command's output, where the reason usually is. */
function describeOutput(output: string): string {
  const lines = output.split('\n').filter((line) => line.trim() !== '');
  return lines.length === 0 ? '' : `; it said: ${lines.slice(-5).join(' / ')}`;
}
