// Makes job specs of expanded attributes. Knows the fields of a spec, not where attributes come from.
import type { Block, Demand, JobSpec, Tool } from '../../model/index.js';
import { UserError } from '../../model/index.js';
import { makeCommand } from './command-line.js';
import type { Config } from '../config/config.js';
import { textAttribute, textsAttribute, type JobAttributes } from './job-attributes.js';
import type { JobKind } from './job-kinds.js';
import { tidyPath } from '../config/paths.js';
import { entriesOf, isDict, isList, showValue, wordOf, type ConfigValue } from '../config/value.js';

/** What all jobs of a block share: the same objects, however many jobs there are. */
export interface BlockFacts {
  readonly file: string;
  readonly config: Config;
  /** Prefix of full names: block and variant. */
  readonly prefix: string;
  readonly block: Block;
  readonly tool: Tool;
  readonly resources: Demand;
  readonly linksDir: string;
  readonly interactive: boolean;
  readonly gui: boolean;
}

/**
 * The facts of a block.
 *
 * @throws UserError `no-tool`, or `missing-key` without a scratch path.
 */
export function blockFacts(config: Config, file: string): BlockFacts {
  const tool = config.text('tool');
  if (tool === '') {
    throw new UserError({
      code: 'no-tool',
      message: 'the config names no tool',
      origin: { file },
      hint: 'pass --tool, or set the key "tool"',
    });
  }
  if (config.text('scratch_path') === '') {
    throw new UserError({
      code: 'missing-key',
      message: 'key "scratch_path" is not set: the folder of all jobs',
      origin: { file },
    });
  }
  const name = config.text('name');
  const variant = config.text('variant');
  return {
    file,
    config,
    prefix: variant === '' ? name : `${name}_${variant}`,
    block: Object.freeze({ name, variant }),
    tool: Object.freeze({ name: tool, version: '' }),
    resources: Object.freeze({ [tool.toUpperCase()]: 1 }),
    linksDir: tidyPath(config.text('scratch_path')),
    interactive: config.get('interactive') === true,
    gui: isOn(config.get('gui')),
  };
}

/** Whether an option given as a boolean or a number is on. */
function isOn(value: ConfigValue | undefined): boolean {
  return value === true || (typeof value === 'number' && value !== 0);
}

/** What differs between jobs beside their attributes. */
export interface JobDraft {
  readonly kind: JobKind;
  readonly facts: BlockFacts;
  /** Expanded. */
  readonly attributes: JobAttributes;
  readonly qualName: string;
  readonly odir: string;
  readonly timeoutMins: number | null;
  readonly seed: number | null;
  readonly renewOdir: boolean;
  readonly dependencies: readonly string[];
  readonly needsAll: boolean;
  /** Keys of the pass and fail patterns; null: none. */
  readonly patterns: { readonly pass: string | null; readonly fail: string | null };
  /** Replaces the make command. */
  readonly cmd?: string;
}

/** The job spec of a draft. */
export function finishJob(draft: JobDraft): JobSpec {
  const { kind, facts, attributes, qualName } = draft;
  const odir = tidyPath(draft.odir);
  const patterns = (key: string | null): readonly string[] =>
    key === null ? [] : textsAttribute(attributes, key, facts.file);
  return {
    fullName: `${facts.prefix}:${qualName}`,
    name: textAttribute(attributes, 'name'),
    qualName,
    jobType: kind.jobType,
    target: kind.target,
    backend: null,
    resources: facts.resources,
    seed: draft.seed,
    block: facts.block,
    tool: facts.tool,
    dependencies: draft.dependencies,
    needsAllDependenciesPassing: draft.needsAll,
    weight: kind.weight,
    timeoutMins: draft.timeoutMins,
    cmd: draft.cmd ?? makeCommand(kind, attributes),
    exports: readExports(attributes, facts.file),
    dryRun: attributes.get('dry_run') === true,
    interactive: facts.interactive,
    odir,
    renewOdir: draft.renewOdir,
    logPath: `${odir}/${kind.target}.log`,
    linksDir: facts.linksDir,
    passPatterns: patterns(draft.patterns.pass),
    failPatterns: patterns(draft.patterns.fail),
    fake: null,
  };
}

/** `exports` is a list of dicts; a later one wins. */
function readExports(attributes: JobAttributes, file: string): Readonly<Record<string, string>> {
  const list = attributes.get('exports') ?? [];
  const exports: Record<string, string> = {};
  for (const item of isList(list) ? list : [list]) {
    if (!isDict(item)) {
      throw new UserError({
        code: 'wrong-type',
        message: `key "exports" must be a list of { NAME: value } dicts, not ${showValue(list)}`,
        origin: { file },
      });
    }
    for (const [name, value] of entriesOf(item)) exports[name] = wordOf(value);
  }
  return exports;
}
