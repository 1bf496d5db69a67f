// Puts a config together from its file and all that it imports. Knows import_cfgs and use_cfgs, and no other key.
import { existsSync } from 'node:fs';
import { UserError, type Problem } from '../../model/index.js';
import { Config } from './config.js';
import { wildcardProblem } from './expand-config.js';
import type { HjsonFiles } from './hjson-file.js';
import { absolutePath } from './paths.js';
import { entriesOf, isList, kindOf, showValue, type ConfigDict, type ConfigValue } from './value.js';
import { expandText, WildcardError } from './wildcards.js';

/** A config before its defaults and wildcards: what the files say. */
export interface LoadedConfig {
  /** File the config was asked for by; for an inline one, the file it is written in. */
  readonly file: string;
  /** Key -> value and the file that set it, in order. */
  readonly config: Config;
  /** Whether the config lists further configs in `use_cfgs`. */
  readonly isPrimary: boolean;
}

/** What every config of a load starts from. */
export interface LoadBase {
  readonly files: HjsonFiles;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly runCommand: (command: string) => string;
  /** Keys set before the first file, that may be used in the names of imported files. */
  readonly initial: ReadonlyMap<string, ConfigValue>;
  /** Keys of `initial` that no file may change: they come from the command line. */
  readonly fixed: ReadonlySet<string>;
}

/** The file of a config, or the object that stands for one in `use_cfgs`. */
export type ConfigRoot =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'inline'; readonly path: string; readonly dict: ConfigDict };

/**
 * Loads a config and, depth first from the last import backwards, all it imports.
 *
 * @throws UserError for missing files, syntax errors, double imports, wrong types and conflicting values; of the
 *   conflicts of one file, all are reported.
 */
export function loadConfigFiles(root: ConfigRoot, base: LoadBase): LoadedConfig {
  const config = new Config(base.initial);
  const seen = new Map<string, string>([[root.path, 'the command line']]);
  const pending: Import[] = [{ path: root.path, isNamedByTool: false }];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const isRoot = next.by === undefined;
    if (next.isNamedByTool) refuseUnknownTool(next, config);
    const dict = isRoot && root.kind === 'inline' ? root.dict : base.files.read(next.path, wantedBy(next));
    const imports = mergeFile(config, { path: next.path, dict, isRoot }, base);
    for (const one of imports) refuseDoubleImport(seen, one.path, next.path);
    for (const one of imports) seen.set(one.path, next.path);
    pending.push(...imports);
  }
  return { file: root.path, config, isPrimary: config.get('use_cfgs') !== undefined };
}

/** A file to load, and who wants it. */
interface Import {
  readonly path: string;
  /** The importing file; undefined for the config itself. */
  readonly by?: string;
  /** Whether the name has the wildcard `{tool}`. */
  readonly isNamedByTool: boolean;
}

function wantedBy({ by }: Import): string | undefined {
  return by === undefined ? undefined : `import_cfgs of ${by}`;
}

/** Projects keep a file for each tool they support, so a missing one means the tool is not supported. */
function refuseUnknownTool(file: Import, config: Config): void {
  if (existsSync(file.path)) return;
  throw new UserError({
    code: 'unknown-tool',
    message: `unknown tool "${config.text('tool')}": there is no ${file.path}`,
    origin: { file: file.by ?? file.path },
    hint: 'check --tool, or the key "tool"',
  });
}

/** A name that stands twice in one list is no double import: DVSim merges such a file twice, and projects have them. */
function refuseDoubleImport(seen: ReadonlyMap<string, string>, path: string, by: string): void {
  const first = seen.get(path);
  if (first === undefined) return;
  throw new UserError({
    code: 'double-import',
    message: `${path} is imported twice: by ${first} and here`,
    origin: { file: by },
    hint: 'import each file once',
  });
}

interface OneFile {
  readonly path: string;
  readonly dict: ConfigDict;
  /** Whether it is the config itself rather than something it imports. */
  readonly isRoot: boolean;
}

/** Merges the keys of one file; returns what it imports, with the names expanded. */
function mergeFile(config: Config, file: OneFile, base: LoadBase): Import[] {
  const imports: ConfigValue[] = [];
  const problems: Problem[] = [];
  for (const [key, value] of entriesOf(file.dict)) {
    if (base.fixed.has(key)) continue;
    try {
      if (key === 'import_cfgs') imports.push(...needList(key, value, file.path));
      else if (key === 'use_cfgs') {
        if (!file.isRoot) throw nestedUse(file.path);
        config.merge(key, needList(key, value, file.path), file.path);
      } else config.merge(key, value, file.path);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      problems.push(...error.problems);
    }
  }
  if (problems.length > 0) throw new UserError(problems);
  return imports.map((name) => ({
    path: expandFileName(name, { config, file: file.path, key: 'import_cfgs' }, base),
    by: file.path,
    isNamedByTool: typeof name === 'string' && name.includes('{tool}'),
  }));
}

/**
 * The path a file is named by, with wildcards expanded from the keys known so far.
 *
 * @throws UserError naming key, file and wildcard when that is impossible.
 */
export function expandFileName(
  name: ConfigValue,
  at: { config: Config; file: string; key: string },
  base: Pick<LoadBase, 'env' | 'runCommand'>,
): string {
  if (typeof name !== 'string') {
    throw wrongType(at.key, { value: name, wanted: 'a list of file names' }, at.file);
  }
  try {
    const path = expandText(name, {
      lookup: (key) => at.config.get(key),
      isHeld: () => false,
      lenient: false,
      env: base.env,
      runCommand: base.runCommand,
    });
    return absolutePath(path);
  } catch (error) {
    if (!(error instanceof WildcardError)) throw error;
    throw new UserError(wildcardProblem(error, at));
  }
}

function needList(key: string, value: ConfigValue, file: string): readonly ConfigValue[] {
  if (isList(value)) return value;
  throw wrongType(key, { value, wanted: 'a list' }, file);
}

function nestedUse(file: string): UserError {
  return new UserError({
    code: 'nested-use-cfgs',
    message: 'the file is imported by another one, yet has "use_cfgs"',
    origin: { file },
    hint: '"use_cfgs" belongs in the config that is run',
  });
}

/** The error for a value of the wrong kind. */
export function wrongType(key: string, is: { value: ConfigValue; wanted: string }, file: string): UserError {
  return new UserError({
    code: 'wrong-type',
    message: `key "${key}" must be ${is.wanted}, not the ${kindOf(is.value)} ${showValue(is.value)}`,
    origin: { file },
  });
}
