// Makes the config of one block complete: defaults, overrides, options that change keys, wildcards. Knows no jobs.
import { UserError, type Problem } from '../../model/index.js';
import { Config } from './config.js';
import { wrongType, type LoadedConfig } from './config-files.js';
import { oneShotDefaults, simDefaults, type DefaultsInput } from './defaults.js';
import { expandConfig, type ExpansionRules } from './expand-config.js';
import { parentOf, relativeTo } from './paths.js';
import type { ShellCommands } from './shell-commands.js';
import { entriesOf, getOwn, isDict, isList, kindOf, showValue, type ConfigValue } from './value.js';

/** Flows a config can name. */
const FLOWS = ['sim', 'lint', 'cdc', 'rdc', 'syn', 'formal'] as const;
export type FlowName = (typeof FLOWS)[number];

/** What the configs of a load share. */
export interface FlowContext extends DefaultsInput {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly commands: ShellCommands;
}

/** Wildcards that jobs have a value for, not configs. */
const SIM_HELD = new Set([
  ...['build_mode', 'index', 'test', 'seed', 'svseed', 'uvm_test', 'uvm_test_seq', 'cov_db_dirs'],
  ...['sw_images', 'sw_build_device', 'sw_build_cmd', 'sw_build_opts'],
]);
const ONE_SHOT_HELD = new Set(['build_mode', 'index', 'test']);

/**
 * The flow a config names.
 *
 * @throws UserError `unknown-flow`.
 */
export function flowOf(loaded: LoadedConfig): FlowName {
  const flow = loaded.config.get('flow');
  const known = FLOWS.find((name) => name === flow);
  if (known !== undefined) return known;
  const is = flow === undefined ? 'key "flow" is missing' : `unknown flow ${showValue(flow)}`;
  throw new UserError({
    code: 'unknown-flow',
    message: is,
    origin: { file: loaded.config.sourceOf('flow') ?? loaded.file },
    hint: `flows: ${FLOWS.join(', ')}`,
  });
}

/**
 * Puts the defaults below what the files say, and applies overrides and the options that change keys.
 *
 * @throws UserError with every conflict and every bad override.
 */
export function completeConfig(loaded: LoadedConfig, flow: FlowName, context: FlowContext): Config {
  const config = new Config(flow === 'sim' ? simDefaults(context) : oneShotDefaults(flow, context));
  const problems: Problem[] = [];
  config.mergeAll(loaded.config, loaded.file, (error) => problems.push(...error.problems));
  if (config.text('rel_path') === '') {
    config.set('rel_path', relativeTo(config.text('proj_root'), parentOf(loaded.file)));
  }
  collect(problems, () => applyOverrides(config, loaded.file));
  if (problems.length > 0) throw new UserError(problems);
  applyOptions(config, flow, context);
  return config;
}

/**
 * Expands the wildcards of a config, running the shell commands it needs.
 *
 * @param isPartial - Leave unknown wildcards: a primary config need not define everything.
 */
export async function expandAll(
  config: Config,
  at: { readonly flow: FlowName; readonly file: string; readonly isPartial: boolean },
  context: FlowContext,
): Promise<void> {
  const rules: ExpansionRules = {
    held: at.flow === 'sim' ? SIM_HELD : ONE_SHOT_HELD,
    lenient: at.isPartial,
    env: context.env,
    runCommand: context.commands.outputOf,
  };
  let keys = [...config.values.keys()];
  for (;;) {
    keys = expandConfig(config, rules, { file: at.file, keys });
    if (keys.length === 0) return;
    await context.commands.run();
  }
}

function collect(problems: Problem[], act: () => void): void {
  try {
    act();
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    problems.push(...error.problems);
  }
}

function applyOverrides(config: Config, file: string): void {
  const overrides = config.get('overrides') ?? [];
  const source = config.sourceOf('overrides') ?? file;
  if (!isList(overrides)) throw wrongType('overrides', { value: overrides, wanted: 'a list' }, source);
  const done = new Map<string, ConfigValue>();
  for (const item of overrides) {
    const { name, value } = readOverride(item, source);
    const first = done.get(name);
    if (first !== undefined) {
      throw badOverride(`"${name}" is overridden twice: ${showValue(first)} and ${showValue(value)}`, source);
    }
    done.set(name, value);
    const old = config.values.get(name);
    if (old === undefined) throw badOverride(`"${name}" cannot be overridden, no config sets it`, source);
    if (!isReplaceable(old, value)) {
      const kinds = `the ${kindOf(old)} ${showValue(old)} by the ${kindOf(value)} ${showValue(value)}`;
      throw badOverride(`"${name}" cannot be overridden: ${kinds}`, source);
    }
    config.set(name, value);
  }
}

function readOverride(item: ConfigValue, file: string): { name: string; value: ConfigValue } {
  const keys = isDict(item) ? entriesOf(item).map(([key]) => key) : [];
  const isPair = keys.length === 2 && keys.includes('name') && keys.includes('value');
  const name = isPair && isDict(item) ? getOwn(item, 'name') : undefined;
  if (typeof name !== 'string' || !isDict(item)) {
    throw badOverride(`an override has a name and a value, this one is ${showValue(item)}`, file);
  }
  return { name, value: getOwn(item, 'value') ?? null };
}

/** A number stands in for a boolean's place only the way DVSim lets it: true and false are numbers too. */
function isReplaceable(old: ConfigValue, value: ConfigValue): boolean {
  return kindOf(old) === kindOf(value) || (kindOf(old) === 'number' && kindOf(value) === 'boolean');
}

function badOverride(message: string, file: string): UserError {
  return new UserError({ code: 'bad-override', message: `key "overrides": ${message}`, origin: { file } });
}

function applyOptions(config: Config, flow: FlowName, context: FlowContext): void {
  const { options, workspace } = context;
  if (options.dumpScript !== undefined) config.set('run_script', `{proj_root}/${options.dumpScript}`);
  if (options.buildUnique === true) {
    config.set('build_dir', `${config.text('build_dir')}_${workspace.timestamp}`);
  }
  if (flow === 'sim' && options.verbosity !== undefined) config.set('verbosity', options.verbosity);
}
