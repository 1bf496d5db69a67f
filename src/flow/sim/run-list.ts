// Chooses the tests of a block that the items name, with the options and the number of runs of each. Makes no jobs.
import { UserError, type Problem } from '../../model/index.js';
import type { Config } from '../config/config.js';
import { matchItems } from './item-match.js';
import type { Mode } from '../modes/mode.js';
import type { FlowOptions } from '../options/options.js';
import type { Regression, SimModel, Test } from './sim-model.js';
import { BUILD_LISTS, RUN_LISTS, SOFTWARE_LISTS } from '../modes/mode-kinds.js';
import { showValue, type ConfigValue } from '../config/value.js';

/** What is to be run of one block. */
export interface RunList {
  readonly tests: readonly ChosenTest[];
  /** Build modes the tests need, in the order they first need them. */
  readonly buildModes: readonly Mode[];
  /** Items that match something in this block. */
  readonly matched: ReadonlySet<string>;
}

/** A test and how often it runs. */
interface ChosenTest {
  readonly test: Test;
  /** >= 1. */
  readonly reseed: number;
}

/** Most runs of a block. Half as many take 2.5 GB while they are put together; Node ends without a word when it has no more. */
const MAX_RUNS = 2_000_000;

/** What {@link chooseRuns} works on. */
export interface RunListInput {
  /** The block's tests and build modes gain the options of the regressions and of the config. */
  readonly model: SimModel;
  readonly config: Config;
  readonly file: string;
  readonly options: FlowOptions;
  readonly warnings: Problem[];
}

/**
 * Chooses tests: those of the regressions that match, then single tests that match and are not in already.
 *
 * @returns The list; empty when nothing matches, which is for the caller to judge.
 * @throws UserError `bad-reseed`; `too-many-runs`.
 */
export function chooseRuns(input: RunListInput): RunList {
  const { model, file, options, warnings } = input;
  const items = [...new Set(options.items ?? ['smoke'])];
  const chosen = new Set<Test>();
  const regressions = matchItems(model.regressions.keys(), items);
  for (const name of regressions.hits) {
    const regression = model.regressions.get(name);
    if (regression !== undefined) addRegression(regression, { chosen, file, warnings });
  }
  const others = [...model.tests].filter(([, test]) => !chosen.has(test));
  const singles = matchItems(
    others.map(([name]) => name),
    items,
  );
  for (const name of singles.hits) {
    const test = model.tests.get(name);
    if (test !== undefined) chosen.add(test);
  }
  mergeGlobals(chosen, input.config);
  const tests = [...chosen].map((test) => ({ test, reseed: reseedOf(test, input) }));
  checkRunCount(tests, file);
  return {
    tests,
    buildModes: [...new Set(tests.map(({ test }) => test.buildMode))],
    matched: new Set([...regressions.matched, ...singles.matched]),
  };
}

function checkRunCount(tests: readonly ChosenTest[], file: string): void {
  const runs = tests.reduce((sum, { reseed }) => sum + reseed, 0);
  if (runs <= MAX_RUNS) return;
  throw new UserError({
    code: 'too-many-runs',
    message: `the items give ${runs.toLocaleString('en')} runs, more than ${MAX_RUNS.toLocaleString('en')}`,
    origin: { file },
    hint: 'lower --reseed or --reseed-multiplier, or choose fewer items',
  });
}

/** Two regressions with a test in common cannot both give it their options: the later one is left out. */
function addRegression(
  regression: Regression,
  to: { chosen: Set<Test>; file: string; warnings: Problem[] },
): void {
  const common = regression.tests.find((test) => to.chosen.has(test));
  if (common !== undefined) {
    to.warnings.push({
      code: 'overlapping-regressions',
      message:
        `regression "${regression.mode.name}" is left out: ` +
        `its test "${common.mode.name}" is in another regression of this run`,
      origin: { file: to.file },
      hint: 'run the two one after the other',
    });
    return;
  }
  const builds = new Set(regression.tests.map((test) => test.buildMode));
  for (const build of builds) appendAll(build, BUILD_LISTS, (list) => regression.mode.list(list));
  const reseed = regression.mode.get('reseed');
  for (const test of regression.tests) {
    appendAll(test.mode, RUN_LISTS, (list) => regression.mode.list(list));
    if (reseed !== null) test.mode.set('reseed', reseed);
    to.chosen.add(test);
  }
}

/** The config's own lists come after those of tests and build modes. */
function mergeGlobals(tests: ReadonlySet<Test>, config: Config): void {
  const builds = new Set([...tests].map((test) => test.buildMode));
  for (const build of builds) appendAll(build, BUILD_LISTS, (list) => config.list(list));
  for (const test of tests)
    appendAll(test.mode, [...RUN_LISTS, ...SOFTWARE_LISTS], (list) => config.list(list));
}

function appendAll(
  mode: Mode,
  lists: readonly string[],
  from: (list: string) => readonly ConfigValue[],
): void {
  for (const list of lists) mode.append(list, from(list));
}

function reseedOf(test: Test, { options, file }: RunListInput): number {
  const single = options.fixedSeed !== undefined || options.interactive === true;
  const reseed = single ? 1 : (options.reseed ?? test.mode.get('reseed') ?? 1);
  if (typeof reseed !== 'number' || !Number.isInteger(reseed) || reseed < 1) {
    throw new UserError({
      code: 'bad-reseed',
      message: `test "${test.mode.name}" has reseed ${showValue(reseed)}, which must be a whole number >= 1`,
      origin: { file },
    });
  }
  return Math.max(1, roundHalfEven(reseed * (options.reseedMultiplier ?? 1)));
}

/** DVSim rounds the way Python does: 2.5 to 2, 3.5 to 4. */
function roundHalfEven(value: number): number {
  const below = Math.floor(value);
  const rest = value - below;
  if (rest !== 0.5) return Math.round(value);
  return below % 2 === 0 ? below : below + 1;
}
