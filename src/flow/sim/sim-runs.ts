// The run jobs of a sim block: each test once for each of its seeds. Expands per test what does not depend on the seed.
import type { JobSpec } from '../../model/index.js';
import type { Config } from '../config/config.js';
import type { FlowContext } from '../config/flow-config.js';
import {
  numberAttribute,
  directoryAttribute,
  textAttribute,
  type AttributeSources,
} from '../jobs/job-attributes.js';
import { finishJob, type BlockFacts } from '../jobs/job-draft.js';
import { RUN_TEST } from '../jobs/job-kinds.js';
import { hasSeedMarks, needsSeedFirst, SEED_MARKS, SpecTemplate, type SeedValues } from './seed-template.js';
import { seedNumber, svSeedOf } from '../jobs/seed-text.js';
import type { Build } from '../jobs/build-job.js';
import { expandJob, NOTHING_HELD } from '../jobs/expand-job.js';
import type { Test } from './sim-model.js';
import { wordOf, type ConfigValue } from '../config/value.js';

/** Minutes a run may take when nothing says how long. */
const DEFAULT_RUN_MINS = 60;

/** A test to run, its build, and the seeds to run it with. */
export interface SeededTest {
  readonly test: Test;
  readonly build: Build;
  readonly seeds: readonly string[];
}

/** A run, and what it leaves behind for coverage. */
export interface Run {
  readonly spec: JobSpec;
  readonly buildMode: string;
  readonly covDbDir: string;
  /** Coverage of this run alone; removed when the run does not pass. */
  readonly covDbTestDir: string;
}

/** Makes the runs of the given tests: the first seed of every test, then the second of every test that has one ... */
export async function makeRuns(
  tests: readonly SeededTest[],
  facts: BlockFacts,
  context: FlowContext,
): Promise<Run[]> {
  const perTest = await Promise.all(tests.map((test) => runsOfTest(test, facts, context)));
  const rounds = Math.max(0, ...perTest.map((runs) => runs.length));
  const ordered: Run[] = [];
  for (let index = 0; index < rounds; index++) {
    for (const runs of perTest) {
      const run = runs[index];
      if (run !== undefined) ordered.push(run);
    }
  }
  return ordered;
}

async function runsOfTest(item: SeededTest, facts: BlockFacts, context: FlowContext): Promise<Run[]> {
  const shared = await makeRun({ item, facts, held: SEED_MARKS, values: MARK_VALUES }, context);
  if (needsSeedFirst(shared)) {
    return Promise.all(
      item.seeds.map((seed, index) =>
        makeRun({ item, facts, held: NOTHING_HELD, values: seedValues(seed, index) }, context),
      ),
    );
  }
  const template = new SpecTemplate(shared.spec);
  const fill = hasSeedMarks(shared.covDbDir) || hasSeedMarks(shared.covDbTestDir);
  return item.seeds.map((seed, index) => {
    const values = seedValues(seed, index);
    return {
      spec: template.fill(values, seedNumber(seed)),
      buildMode: shared.buildMode,
      covDbDir: fill ? SpecTemplate.fillText(shared.covDbDir, values) : shared.covDbDir,
      covDbTestDir: fill ? SpecTemplate.fillText(shared.covDbTestDir, values) : shared.covDbTestDir,
    };
  });
}

const MARK_VALUES: SeedValues = { index: '{index}', seed: '{seed}', svseed: '{svseed}' };

function seedValues(seed: string, index: number): SeedValues {
  return { index: String(index), seed, svseed: svSeedOf(seed) };
}

interface RunInput {
  readonly item: SeededTest;
  readonly facts: BlockFacts;
  readonly held: ReadonlySet<string>;
  readonly values: SeedValues;
}

async function makeRun({ item, facts, held, values }: RunInput, context: FlowContext): Promise<Run> {
  const { test, build } = item;
  const { config, file } = facts;
  const { options } = context;
  const own: Record<string, ConfigValue> = {
    ...values,
    build_seed: context.buildSeed,
    build_mode: build.spec.name,
    test: test.mode.name,
  };
  if (options.runTimeoutMins !== undefined) own['run_timeout_mins'] = options.runTimeoutMins;
  if (options.runTimeoutMultiplier !== undefined)
    own['run_timeout_multiplier'] = options.runTimeoutMultiplier;
  if (facts.tool.name === 'z01x') Object.assign(own, faultSimulation(test, config));
  const from: AttributeSources = { kind: RUN_TEST, config, file, mode: test.mode, own };
  const attributes = await expandJob(from, context, held);
  const mins = numberAttribute(attributes, 'run_timeout_mins', file);
  const factor = numberAttribute(attributes, 'run_timeout_multiplier', file);
  const spec = finishJob({
    kind: RUN_TEST,
    facts,
    attributes,
    qualName: `${textAttribute(attributes, 'run_dir_name')}.${values.seed}`,
    odir: directoryAttribute(attributes, 'run_dir', file),
    timeoutMins: facts.gui ? null : timeLimit(mins, factor),
    seed: null,
    renewOdir: true,
    dependencies: options.runOnly === true ? [] : [build.spec.fullName],
    needsAll: true,
    // In a window, the log is not kept up to date: there is nothing to check.
    patterns: facts.gui
      ? { pass: null, fail: null }
      : { pass: 'run_pass_patterns', fail: 'run_fail_patterns' },
  });
  return {
    spec,
    buildMode: build.spec.name,
    covDbDir: textAttribute(attributes, 'cov_db_dir'),
    covDbTestDir: textAttribute(attributes, 'cov_db_test_dir'),
  };
}

/** Z01X runs the simulation it injects faults into by itself: it gets that one's options in the environment. */
function faultSimulation(test: Test, config: Config): Record<string, ConfigValue> {
  const options = test.mode.list('run_opts').map((option) => wordOf(option).trim());
  return {
    exports: [...config.list('exports'), { sim_run_opts: options.join(' ') }],
    run_opts: config.list('run_opts_fi_sim'),
  };
}

/** The factor applies to a limit that is given, rounding down to whole minutes; not to the default one. */
function timeLimit(mins: number | null, factor: number | null): number {
  if (mins === null) return DEFAULT_RUN_MINS;
  return mins !== 0 && factor !== null && factor !== 0 ? Math.trunc(mins * factor) : mins;
}
