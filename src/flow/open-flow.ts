// Opens a flow: its config, the configs that one uses, and a block for each. Knows the tree of configs, not their jobs.
import { realpathSync } from 'node:fs';
import { UserError, type Problem } from '../model/index.js';
import { collectAll, collectEach } from './collect-problems.js';
import {
  expandFileName,
  loadConfigFiles,
  wrongType,
  type ConfigRoot,
  type LoadBase,
  type LoadedConfig,
} from './config/config-files.js';
import type { Config } from './config/config.js';
import { completeConfig, expandAll, flowOf, type FlowContext, type FlowName } from './config/flow-config.js';
import { HjsonFiles } from './config/hjson-file.js';
import { openOneShotBlock } from './one-shot-block.js';
import type { BlockConfig, OpenBlock } from './open-block.js';
import type { FlowOptions, FlowSurroundings } from './options/options.js';
import { absolutePath, parentOf } from './config/paths.js';
import { makeSeedSource, type SeedSource } from './sim/seeds.js';
import { ShellCommands } from './config/shell-commands.js';
import { openSimBlock } from './sim/sim-block.js';
import { getOwn, isDict, type ConfigValue } from './config/value.js';
import { findWorkspace } from './workspace.js';

/** A flow whose blocks are open. */
export interface OpenFlow {
  readonly file: string;
  readonly name: string;
  readonly flow: FlowName;
  readonly isPrimary: boolean;
  readonly blocks: readonly OpenBlock[];
  readonly context: FlowContext;
  readonly seeds: SeedSource;
  /** Grows while jobs are made. */
  readonly warnings: Problem[];
}

/**
 * Opens a flow.
 *
 * @param path - The config; relative to the working directory.
 * @throws UserError with the problems of all configs of the step that finds any.
 */
export async function openFlow(
  path: string,
  options: FlowOptions,
  surroundings: FlowSurroundings,
): Promise<OpenFlow> {
  const { env = process.env, now = new Date(), entropy } = surroundings;
  const file = realPath(absolutePath(path));
  const files = new HjsonFiles();
  files.read(file);
  const { workspace, warnings } = await findWorkspace({ options, env, now });
  const seeds = makeSeedSource(options, entropy);
  const buildSeed = options.buildSeed === 'random' ? seeds.forBuilds : (options.buildSeed ?? null);
  const commands = new ShellCommands(process.cwd());
  const context: FlowContext = { options, workspace, buildSeed, env, commands };
  const top = loadConfigFiles({ kind: 'file', path: file }, loadBase({ file, files, context }));
  const flow = flowOf(top);
  const loaded = top.isPrimary ? loadUsed(top, { flow, files, context }) : [checkAlone(top, options)];
  const blocks = await openBlocks(loaded, { flow, files, context, warnings });
  return {
    file,
    flow,
    blocks,
    context,
    seeds,
    warnings,
    name: top.config.text('name'),
    isPrimary: top.isPrimary,
  };
}

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    // Reading it will say what is wrong.
    return path;
  }
}

interface LoadInput {
  readonly file: string;
  readonly files: HjsonFiles;
  readonly context: FlowContext;
  /** Flow of the primary config, which its configs must have too. */
  readonly flow?: FlowName;
}

function loadBase({ file, files, context, flow }: LoadInput): LoadBase {
  const { options, workspace, env, commands } = context;
  const initial = new Map<string, ConfigValue>([
    ['proj_root', workspace.projRoot],
    ['self_dir', parentOf(file)],
  ]);
  if (options.tool !== undefined) initial.set('tool', options.tool);
  if (flow !== undefined) initial.set('flow', flow);
  const fixed = new Set(options.tool === undefined ? [] : ['tool']);
  return { files, env, runCommand: commands.outputOf, initial, fixed };
}

function checkAlone(top: LoadedConfig, options: FlowOptions): LoadedConfig {
  if (options.selectCfgs === undefined) return top;
  throw new UserError({
    code: 'not-primary',
    message: '--select-cfgs chooses from "use_cfgs", which this config does not have',
    origin: { file: top.file },
  });
}

interface TreeInput {
  readonly flow: FlowName;
  readonly files: HjsonFiles;
  readonly context: FlowContext;
}

/** Loads the configs of a primary one, all but those that --select-cfgs leaves out. */
function loadUsed(top: LoadedConfig, input: TreeInput): LoadedConfig[] {
  const primary = completeConfig(top, input.flow, input.context);
  const loaded = collectEach(primary.list('use_cfgs'), (entry) => {
    const root = rootOf(entry, primary, { file: top.file, context: input.context });
    return loadOne(root, top, input);
  });
  const { selectCfgs } = input.context.options;
  if (selectCfgs === undefined) return loaded;
  const chosen = loaded.filter(({ config }) => selectCfgs.includes(config.text('name')));
  const names = loaded.map(({ config }) => config.text('name'));
  const unknown = selectCfgs.filter((name) => !names.includes(name));
  if (unknown.length === 0) return chosen;
  throw new UserError({
    code: 'unknown-cfg',
    message: `--select-cfgs names ${unknown.map((name) => `"${name}"`).join(', ')}, not among "use_cfgs"`,
    origin: { file: top.file },
    hint: `there are: ${names.join(', ')}`,
  });
}

/** An entry of `use_cfgs`: a file, or a dict that is a config itself. */
function rootOf(
  entry: ConfigValue,
  primary: Config,
  { file, context }: { file: string; context: FlowContext },
): ConfigRoot {
  if (typeof entry === 'string') {
    const rules = { env: context.env, runCommand: context.commands.outputOf };
    return { kind: 'file', path: expandFileName(entry, { config: primary, file, key: 'use_cfgs' }, rules) };
  }
  if (isDict(entry) && typeof getOwn(entry, 'name') === 'string')
    return { kind: 'inline', path: file, dict: entry };
  throw wrongType('use_cfgs', { value: entry, wanted: 'a list of files, or of dicts with a name' }, file);
}

function loadOne(root: ConfigRoot, top: LoadedConfig, { flow, files, context }: TreeInput): LoadedConfig {
  if (root.kind === 'file') refuseOtherFlow(files, { path: root.path, flow, by: top.file });
  const loaded = loadConfigFiles(root, loadBase({ file: root.path, files, context, flow }));
  if (!loaded.isPrimary) return loaded;
  throw new UserError({
    code: 'nested-use-cfgs',
    message: `the config has "use_cfgs", but is itself used by ${top.file}`,
    origin: { file: root.path },
  });
}

/** A config that names another flow itself would only show up as a conflict of two values. */
function refuseOtherFlow(files: HjsonFiles, is: { path: string; flow: FlowName; by: string }): void {
  const own = getOwn(files.read(is.path, `use_cfgs of ${is.by}`), 'flow');
  if (own === undefined || own === is.flow) return;
  throw new UserError({
    code: 'mixed-flows',
    message: `the config is of flow ${JSON.stringify(own)}, but ${is.by}, which uses it, is of flow "${is.flow}"`,
    origin: { file: is.path },
  });
}

async function openBlocks(
  loaded: readonly LoadedConfig[],
  { flow, files, context, warnings }: TreeInput & { warnings: Problem[] },
): Promise<OpenBlock[]> {
  const configs = collectEach(loaded, (one) => ({ one, config: completeConfig(one, flow, context) }));
  const expanded = await collectAll(
    configs.map(async ({ one, config }): Promise<BlockConfig> => {
      await expandAll(config, { flow, file: one.file, isPartial: false }, context);
      return { config, file: one.file, flow, context };
    }),
  );
  return collectEach(expanded, (block) =>
    flow === 'sim' ? openSimBlock(block, files, warnings) : openOneShotBlock(block),
  );
}
