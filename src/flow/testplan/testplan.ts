// Testplans: what a block's verification promises, and which tests keep each promise. Knows files, not results.
import { existsSync } from 'node:fs';
import { UserError } from '../../model/index.js';
import type { HjsonFiles } from '../config/hjson-file.js';
import { absolutePath, parentOf, tidyPath } from '../config/paths.js';
import { readElement, type ElementFields } from './testplan-element.js';
import {
  getOwn,
  isDict,
  isList,
  kindOf,
  showValue,
  type ConfigDict,
  type ConfigValue,
} from '../config/value.js';

/** Verification stages, in order; `N.A.` stands for none. */
const STAGES = ['N.A.', 'V1', 'V2', 'V2S', 'V3'] as const;
export type Stage = (typeof STAGES)[number];

/** A feature to be verified, and the tests that do. */
export interface Testpoint {
  readonly name: string;
  readonly desc: string;
  readonly stage: Stage;
  readonly tags: readonly string[];
  /** Names of tests, wildcards expanded. Empty: not written yet. */
  readonly tests: readonly string[];
  /** False: tests `["N/A"]`, not to be checked against results. */
  readonly isMapped: boolean;
}

/** An item of the coverage model. */
export interface Covergroup {
  readonly name: string;
  readonly desc: string;
  readonly tags: readonly string[];
}

/** A testplan with all it imports. */
export interface Testplan {
  readonly file: string;
  /** Name of the design, as the testplan gives it; empty when it does not. */
  readonly name: string;
  /** By stage, then in declaration order. */
  readonly testpoints: readonly Testpoint[];
  /** By name. */
  readonly covergroups: readonly Covergroup[];
}

/** Where a testplan is read from. */
export interface TestplanSource {
  /** File, and tags to choose testpoints by: `a/b_testplan.hjson:tag:-other`. */
  readonly spec: string;
  readonly projRoot: string;
  readonly files: HjsonFiles;
  /** Config that names the testplan, for messages. */
  readonly wantedBy: string;
}

/**
 * Reads a testplan and all it imports.
 *
 * @throws UserError for a missing file, a double import, elements that are malformed or defined twice, and tags that
 *   leave nothing.
 */
export function loadTestplan(source: TestplanSource): Testplan {
  const [path = '', ...tags] = source.spec.split(':');
  const file = absolutePath(path);
  const merged = mergeImports(file, source);
  const testpoints = elementsOf(merged, 'testpoints', file).map((value) => readTestpoint(value, file));
  const covergroups = elementsOf(merged, 'covergroups', file).map((value) => readCovergroup(value, file));
  if (testpoints.length + covergroups.length === 0) {
    throw badTestplan('the testplan has neither testpoints nor covergroups', file);
  }
  refuseDuplicates('testpoint', testpoints, file);
  refuseDuplicates('covergroup', covergroups, file);
  const chosen = testpoints.filter((point) => hasTags(point, tags));
  const groups = covergroups.filter((group) => hasTags(group, tags));
  if (chosen.length + groups.length === 0) {
    throw badTestplan(`the tags ${tags.join(', ')} leave nothing of the testplan`, file);
  }
  const name = getOwn(merged, 'name');
  return {
    file,
    name: typeof name === 'string' ? name : '',
    testpoints: chosen
      .map((point) => ({ ...point, tests: point.tests.flatMap((test) => expandTest(test, merged, file)) }))
      .sort((a, b) => compareText(a.stage, b.stage)),
    covergroups: [...groups].sort((a, b) => compareText(a.name, b.name)),
  };
}

/** Tests of each stage that has any, each test once, by name. */
export function stageTests(testplan: Testplan): Map<Stage, string[]> {
  const stages = new Map<Stage, Set<string>>();
  for (const point of testplan.testpoints) {
    if (!point.isMapped || point.stage === 'N.A.') continue;
    const tests = stages.get(point.stage) ?? new Set();
    stages.set(point.stage, tests);
    for (const test of point.tests) if (test !== '') tests.add(test);
  }
  return new Map([...stages].map(([stage, tests]) => [stage, [...tests].sort(compareText)]));
}

/** Merges imported testplans, breadth first, into a copy of the first. */
function mergeImports(file: string, source: TestplanSource): ConfigDict {
  const wantedBy = `"testplan" of ${source.wantedBy}`;
  let merged = source.files.read(file, wantedBy);
  const seen = new Set<string>();
  const pending = importsOf(merged, file, source.projRoot);
  for (let next = pending.shift(); next !== undefined; next = pending.shift()) {
    if (seen.has(next.path)) {
      throw new UserError({
        code: 'double-import',
        message: `${next.path} is imported twice`,
        origin: { file: next.by },
        hint: 'import each testplan once',
      });
    }
    seen.add(next.path);
    const dict = source.files.read(next.path, `import_testplans of ${next.by}`);
    pending.push(...importsOf(dict, next.path, source.projRoot));
    merged = mergeDicts(merged, dict, next.path);
  }
  return merged;
}

/** Imported paths are looked for from the project root, then beside the importing file, then as they are. */
function importsOf(dict: ConfigDict, file: string, projRoot: string): { path: string; by: string }[] {
  const names = getOwn(dict, 'import_testplans') ?? [];
  if (!isList(names))
    throw badTestplan(`key "import_testplans" must be a list, not ${showValue(names)}`, file);
  return names.map((name) => {
    const text = typeof name === 'string' ? name : showValue(name);
    const candidates = [`${projRoot}/${text}`, `${parentOf(file)}/${text}`, text];
    const found = (text.startsWith('/') ? [text] : candidates).find((path) => existsSync(path));
    if (found === undefined) {
      throw new UserError({
        code: 'missing-file',
        message: `no such testplan: ${text}; named by import_testplans`,
        origin: { file },
      });
    }
    return { path: tidyPath(found), by: file };
  });
}

function mergeDicts(into: ConfigDict, from: ConfigDict, file: string): ConfigDict {
  const merged: Record<string, ConfigValue> = { ...into };
  for (const [key, value] of Object.entries(from)) {
    const old = getOwn(merged, key) ?? null;
    if (old === null) merged[key] = value;
    else if (isList(old) && isList(value)) merged[key] = [...old, ...value];
    else if (isDict(old) && isDict(value)) merged[key] = mergeDicts(old, value, file);
    else if (kindOf(old) !== kindOf(value)) {
      throw badTestplan(
        `key "${key}" is ${showValue(value)} here, but ${showValue(old)} in the importer`,
        file,
      );
    }
  }
  return merged;
}

function elementsOf(dict: ConfigDict, key: string, file: string): readonly ConfigValue[] {
  const value = getOwn(dict, key) ?? [];
  if (!isList(value)) throw badTestplan(`key "${key}" must be a list, not ${showValue(value)}`, file);
  return value;
}

function readTestpoint(value: ConfigValue, file: string): Testpoint {
  const { name, desc, tags, fields } = readElement('testpoint', value, file);
  const tests = fields.get('tests');
  if (!isList(tests)) throw badTestplan(`testpoint "${name}" has no list "tests"`, file);
  return {
    name,
    desc,
    tags,
    stage: readStage(fields, name, file),
    tests: tests as readonly string[],
    isMapped: !(tests.length === 1 && tests[0] === 'N/A'),
  };
}

function readStage(fields: ElementFields['fields'], name: string, file: string): Stage {
  const stage = fields.get('stage');
  const known = STAGES.find((it) => it === stage);
  if (known !== undefined) return known;
  const is = stage === undefined ? 'no stage' : `the unknown stage ${showValue(stage)}`;
  throw badTestplan(`testpoint "${name}" has ${is}`, file, `stages: ${STAGES.join(', ')}`);
}

function readCovergroup(value: ConfigValue, file: string): Covergroup {
  const { name, desc, tags } = readElement('covergroup', value, file);
  if (!name.endsWith('_cg'))
    throw badTestplan(`covergroup "${name}" must have a name that ends in _cg`, file);
  return { name, desc, tags };
}

function refuseDuplicates(label: string, elements: readonly { name: string }[], file: string): void {
  const seen = new Set<string>();
  for (const { name } of elements) {
    if (seen.has(name)) throw badTestplan(`${label} "${name}" is defined twice`, file);
    seen.add(name);
  }
}

/** A tag must be there; with a `-` before it, it must not. */
function hasTags(element: { readonly tags: readonly string[] }, wanted: readonly string[]): boolean {
  return wanted.every((tag) =>
    tag.startsWith('-') ? !element.tags.includes(tag.slice(1)) : element.tags.includes(tag),
  );
}

const NOT_SUBSTITUTED = new Set(['import_testplans', 'testpoints', 'covergroups']);

/** One name for each value of a wildcard that is a list; a wildcard the testplan does not define is empty. */
function expandTest(test: string, dict: ConfigDict, file: string): string[] {
  let names = [test];
  for (const key of new Set([...test.matchAll(/\{([A-Za-z0-9_]+)\}/g)].map(([, name = '']) => name))) {
    if (NOT_SUBSTITUTED.has(key))
      throw badTestplan(`test "${test}" uses the reserved wildcard {${key}}`, file);
    const value = getOwn(dict, key) ?? '';
    const words = isList(value) ? value : [value];
    if (!words.every((word) => typeof word === 'string')) {
      throw badTestplan(`test "${test}": wildcard {${key}} must be text or a list of texts`, file);
    }
    names = names.flatMap((name) => words.map((word) => name.replaceAll(`{${key}}`, () => word)));
  }
  return names;
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** The error for a testplan that cannot be used. */
function badTestplan(message: string, file: string, hint?: string): UserError {
  return new UserError({ code: 'bad-testplan', message, origin: { file }, hint });
}
