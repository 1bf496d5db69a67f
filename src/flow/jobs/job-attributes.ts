// Gathers and expands the attributes of a job: its own, its mode's, the config's. Knows two passes, and no kind of job.
import { UserError, type Problem } from '../../model/index.js';
import type { Config } from '../config/config.js';
import { expandValue, wildcardProblem } from '../config/expand-config.js';
import type { JobKind } from './job-kinds.js';
import type { Mode } from '../modes/mode.js';
import { isList, showValue, type ConfigValue } from '../config/value.js';
import { WildcardError, type Scope } from '../config/wildcards.js';

/** Attributes of a job by config key. */
export type JobAttributes = Map<string, ConfigValue>;

/** Where the attributes of a job come from. */
export interface AttributeSources {
  readonly kind: JobKind;
  readonly config: Config;
  /** Config file, for messages. */
  readonly file: string;
  /** The build mode or test the job is made of; wins over the config. */
  readonly mode?: Mode;
  /** Values only this job has; win over everything. */
  readonly own: Readonly<Record<string, ConfigValue>>;
}

/**
 * Gathers what a job of a kind needs, unexpanded.
 *
 * @throws UserError `missing-key` for each key that neither the mode nor the config has.
 */
export function gatherAttributes(from: AttributeSources): JobAttributes {
  const { kind, config, mode, own } = from;
  const attributes: JobAttributes = new Map([['flow', config.text('name')]]);
  const missing: string[] = [];
  for (const key of [...kind.onCommandLine, ...kind.needed]) {
    const value = Object.hasOwn(own, key) ? own[key] : valueOf(key, config, mode);
    if (value === undefined) missing.push(key);
    else attributes.set(key, value);
  }
  if (missing.length > 0) throw missingKeys(missing, from);
  for (const [key, value] of Object.entries(own)) attributes.set(key, value);
  return attributes;
}

/** A mode that has the key at all hides the config's value, even where the mode's is null. */
function valueOf(key: string, config: Config, mode: Mode | undefined): ConfigValue | undefined {
  const inMode = mode?.attributes.get(key);
  return inMode === undefined ? config.values.get(key) : inMode;
}

function missingKeys(keys: readonly string[], { kind, mode, file }: AttributeSources): UserError {
  const what = mode === undefined ? kind.target : `${mode.kind.label} "${mode.name}"`;
  const problems = keys.map((key): Problem => ({
    code: 'missing-key',
    message: `key "${key}" is not set, but ${what} needs it for its ${kind.target} job`,
    origin: { file },
  }));
  return new UserError(problems);
}

/** What expanding needs beside the attributes. */
export interface PassRules {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly runCommand: (command: string) => string;
  /** Wildcards that stay, because they differ from seed to seed. */
  readonly held: ReadonlySet<string>;
}

/**
 * Expands attributes in place: first from the attributes themselves, where unknown wildcards stay; then from the
 * config. A name put together in the first pass (`{{build_mode}_opts}`) is thus looked up in the second.
 *
 * @returns False while a command's output is missing: run the commands, then expand again.
 * @throws UserError naming each key that cannot be expanded.
 */
export function expandAttributes(
  attributes: JobAttributes,
  from: AttributeSources,
  rules: PassRules,
): boolean {
  const scope = {
    isHeld: (name: string) => rules.held.has(name),
    env: rules.env,
    runCommand: rules.runCommand,
  };
  const first = { ...scope, lenient: true, lookup: (name: string) => attributes.get(name) };
  // The second pass must not see what the first could not finish.
  if (!onePass(attributes, first, from)) return false;
  const second = { ...scope, lenient: false, lookup: (name: string) => from.config.values.get(name) };
  return onePass(attributes, second, from);
}

function onePass(attributes: JobAttributes, scope: Scope, { config, file }: AttributeSources): boolean {
  let isDone = true;
  const problems: Problem[] = [];
  for (const [key, value] of attributes) {
    try {
      const { result, pending } = expandValue(value, scope);
      if (result !== value) attributes.set(key, result);
      if (pending) isDone = false;
    } catch (error) {
      if (!(error instanceof WildcardError)) throw error;
      problems.push(wildcardProblem(error, { config, file, key }));
    }
  }
  if (problems.length > 0) throw new UserError(problems);
  return isDone;
}

/** A text attribute. */
export function textAttribute(attributes: JobAttributes, key: string): string {
  const value = attributes.get(key);
  return typeof value === 'string' ? value : '';
}

/**
 * A text attribute that names the output directory of a job.
 *
 * @throws UserError `missing-key` when it is empty: the job would write, and rename, where Regatta was started.
 */
export function directoryAttribute(attributes: JobAttributes, key: string, file: string): string {
  const directory = textAttribute(attributes, key);
  if (directory !== '') return directory;
  throw new UserError({
    code: 'missing-key',
    message: `key "${key}" is not set, but a job has its output there`,
    origin: { file },
  });
}

/**
 * A list attribute of texts.
 *
 * @throws UserError `wrong-type` when an item is not text.
 */
export function textsAttribute(attributes: JobAttributes, key: string, file: string): readonly string[] {
  const value = attributes.get(key) ?? [];
  const items = isList(value) ? value : [value];
  if (items.every((item) => typeof item === 'string')) return items;
  throw new UserError({
    code: 'wrong-type',
    message: `key "${key}" must be a list of texts, not ${showValue(value)}`,
    origin: { file },
  });
}

/**
 * A number attribute; null when unset.
 *
 * @throws UserError `wrong-type` when it is neither.
 */
export function numberAttribute(attributes: JobAttributes, key: string, file: string): number | null {
  const value = attributes.get(key) ?? null;
  if (value === null || typeof value === 'number') return value;
  throw new UserError({
    code: 'wrong-type',
    message: `key "${key}" must be a number, not ${showValue(value)}`,
    origin: { file },
  });
}
