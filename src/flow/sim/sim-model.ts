// What a sim config offers: its build modes, run modes, tests and regressions, put together. Knows no items and no jobs.
import { UserError, type Problem } from '../../model/index.js';
import type { Config } from '../config/config.js';
import { readBuildModes } from '../modes/build-modes.js';
import { collectModes, mergeSubModes, unknownMode, type Mode, type ModeTable } from '../modes/mode.js';
import {
  BUILD_LISTS,
  REGRESSION,
  RUN_LISTS,
  RUN_MODE,
  SOFTWARE_LISTS,
  TEST,
  TEST_FALLBACKS,
} from '../modes/mode-kinds.js';
import { stageTests, type Testplan } from '../testplan/testplan.js';
import { isList, sameValue, showValue, wordOf, type ConfigValue } from '../config/value.js';

/** A test with the build mode it runs on. */
export interface Test {
  readonly mode: Mode;
  readonly buildMode: Mode;
}

/** A regression with the tests it runs. */
export interface Regression {
  readonly mode: Mode;
  readonly tests: readonly Test[];
}

/** Everything a sim config offers, by name, in declaration order. */
export interface SimModel {
  readonly buildModes: ModeTable;
  readonly runModes: ModeTable;
  readonly tests: ReadonlyMap<string, Test>;
  readonly regressions: ReadonlyMap<string, Regression>;
}

/** Where a model is made from. */
export interface ModelInput {
  /** Expanded; gains the options of the modes that are switched on for every build and run. */
  readonly config: Config;
  readonly file: string;
  readonly testplan: Testplan | null;
  /** Problems that do not prevent a run are added here. */
  readonly warnings: Problem[];
}

/**
 * Makes the model of a sim config.
 *
 * @throws UserError for modes and tests that are malformed, unknown, in conflict or in a cycle.
 */
export function makeSimModel(input: ModelInput): SimModel {
  const { config, file } = input;
  const buildModes = readBuildModes(config, file);
  const runModes = collectModes(RUN_MODE, config.list('run_modes'), file);
  mergeSubModes(runModes, file);
  enableModes('en_build_modes', { modes: buildModes, lists: [...BUILD_LISTS, ...RUN_LISTS] }, input);
  enableModes('en_run_modes', { modes: runModes, lists: RUN_LISTS }, input);
  const tests = makeTests(input, { buildModes, runModes });
  return {
    buildModes,
    runModes,
    tests,
    regressions: makeRegressions(input, { buildModes, runModes, tests }),
  };
}

/** Adds what modes switched on for everything bring to the config's own lists. */
function enableModes(
  key: 'en_build_modes' | 'en_run_modes',
  from: { modes: ModeTable; lists: readonly string[] },
  { config, file }: ModelInput,
): void {
  for (const name of config.list(key)) {
    const mode = from.modes.get(wordOf(name));
    if (mode === undefined) {
      throw unknownMode({ name: wordOf(name), wantedBy: 'the command line' }, from.modes, file);
    }
    for (const list of [...from.lists, ...SOFTWARE_LISTS]) {
      config.set(list, [...config.list(list), ...mode.list(list)]);
    }
  }
}

function makeTests(
  { config, file }: ModelInput,
  modes: { buildModes: ModeTable; runModes: ModeTable },
): Map<string, Test> {
  const tests = new Map<string, Test>();
  const enabled = config.list('en_run_modes');
  for (const mode of collectModes(TEST, config.list('tests'), file).values()) {
    for (const name of mode.subModes.filter((it) => !enabled.includes(it))) {
      mode.merge(findMode(modes.runModes, { name, wantedBy: `test "${mode.name}"` }, file), file);
    }
    fillIn(mode, config);
    const name = wordOf(mode.get('build_mode'));
    const buildMode = findMode(modes.buildModes, { name, wantedBy: `test "${mode.name}"` }, file);
    if (buildMode.get('is_sim_mode') === true) {
      throw new UserError({
        code: 'mode-conflict',
        message: `test "${mode.name}" is built in mode "${name}", which is a sim mode`,
        origin: { file },
      });
    }
    for (const list of [...RUN_LISTS, ...SOFTWARE_LISTS]) mode.append(list, buildMode.list(list));
    tests.set(mode.name, { mode, buildMode });
  }
  return tests;
}

/** What a test leaves at its default comes from the config's key of that name. */
function fillIn(test: Mode, config: Config): void {
  for (const key of TEST_FALLBACKS) {
    const standard = TEST.defaults[key] ?? null;
    const common = config.get(key);
    if (common === undefined || sameValue(common, standard) || !sameValue(test.get(key), standard)) continue;
    test.set(key, isList(common) ? [...common] : common);
  }
}

function findMode(table: ModeTable, is: { name: string; wantedBy: string }, file: string): Mode {
  const mode = table.get(is.name);
  if (mode === undefined) throw unknownMode(is, table, file);
  return mode;
}

type Parts = Pick<SimModel, 'buildModes' | 'runModes' | 'tests'>;

function makeRegressions(input: ModelInput, parts: Parts): Map<string, Regression> {
  const { config, file, testplan } = input;
  const stages = testplan === null ? [] : [...stageTests(testplan)].map(([name, tests]) => ({ name, tests }));
  const regressions = new Map<string, Regression>();
  for (const mode of collectModes(REGRESSION, [...config.list('regressions'), ...stages], file).values()) {
    if (parts.tests.has(mode.name)) {
      throw new UserError({
        code: 'name-conflict',
        message: `"${mode.name}" is both a test and a regression`,
        origin: { file },
        hint: 'rename one of them',
      });
    }
    mergeSimModes(mode, input, parts);
    mergeRunModes(mode, input, parts);
    regressions.set(mode.name, { mode, tests: testsOf(mode, input, parts) });
  }
  return regressions;
}

/** Modes also switched on by the command line are left out: they are in the config's own lists already. */
function mergeSimModes(regression: Mode, { config, file }: ModelInput, { buildModes }: Parts): void {
  const names = regression.list('en_sim_modes');
  const wantedBy = `regression "${regression.name}"`;
  for (const mode of names.map((name) => findMode(buildModes, { name: wordOf(name), wantedBy }, file))) {
    if (mode.get('is_sim_mode') === 0 || mode.get('is_sim_mode') === false) {
      throw modeConflict(`${wantedBy} enables "${mode.name}", which is not a sim mode`, file);
    }
    const twice = mode.subModes.find((name) => names.includes(name));
    if (twice !== undefined) {
      throw modeConflict(`${wantedBy} enables "${twice}" twice: itself and by "${mode.name}"`, file);
    }
    if (config.list('en_build_modes').includes(mode.name)) continue;
    for (const list of [...BUILD_LISTS, ...RUN_LISTS]) regression.append(list, mode.list(list));
  }
}

function mergeRunModes(regression: Mode, { config, file }: ModelInput, { runModes }: Parts): void {
  const wantedBy = `regression "${regression.name}"`;
  for (const name of regression.list('en_run_modes')) {
    const mode = findMode(runModes, { name: wordOf(name), wantedBy }, file);
    if (config.list('en_run_modes').includes(mode.name)) continue;
    for (const list of RUN_LISTS) regression.append(list, mode.list(list));
  }
}

function modeConflict(message: string, file: string): UserError {
  return new UserError({ code: 'mode-conflict', message, origin: { file } });
}

function testsOf(regression: Mode, input: ModelInput, { tests }: Parts): Test[] {
  const names: ConfigValue = regression.get('tests');
  if (names === null) return [...tests.values()];
  const found = new Set<Test>();
  const unknown: string[] = [];
  for (const name of isList(names) ? names : [names]) {
    const test = typeof name === 'string' ? tests.get(name) : undefined;
    if (test === undefined) unknown.push(typeof name === 'string' ? name : showValue(name));
    else found.add(test);
  }
  if (unknown.length > 0) warnOfUnknownTests(regression.name, unknown, input);
  return [...found];
}

function warnOfUnknownTests(name: string, unknown: readonly string[], input: ModelInput): void {
  const { testplan, file } = input;
  const isStage = testplan !== null && [...stageTests(testplan).keys()].some((stage) => stage === name);
  const by = isStage ? `stage ${name} of the testplan ${testplan.file}` : `regression "${name}"`;
  const tests = unknown.map((test) => `"${test}"`).join(', ');
  input.warnings.push({
    code: 'unknown-test',
    message: `${by} names ${unknown.length === 1 ? 'a test' : 'tests'} that the config does not define: ${tests}`,
    origin: { file },
  });
}
