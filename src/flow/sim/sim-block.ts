// A block of the sim flow: builds, runs and coverage of the tests that the items name. Puts the parts together.
import { UserError, type Problem } from '../../model/index.js';
import { makeAnalysis, makeCoverage, makeUnreachable } from './coverage-jobs.js';
import { mergeHistory } from './coverage-history.js';
import { describeBlock } from '../describe-block.js';
import { blockFacts, type BlockFacts } from '../jobs/job-draft.js';
import type { BlockConfig, BlockJobs, OpenBlock } from '../open-block.js';
import { parentOf } from '../config/paths.js';
import type { PrepareStep } from '../prepare.js';
import { chooseRuns, type RunList } from './run-list.js';
import type { SeedSource } from './seeds.js';
import type { Build } from '../jobs/build-job.js';
import { makeBuilds, type BuildSet } from './sim-builds.js';
import { makeSimModel, type SimModel, type Test } from './sim-model.js';
import { makeRuns, type Run } from './sim-runs.js';
import { loadTestplan } from '../testplan/testplan.js';
import type { HjsonFiles } from '../config/hjson-file.js';
import { isList, wordOf } from '../config/value.js';

/**
 * Opens a sim block: reads its testplan and puts its modes, tests and regressions together.
 *
 * @throws UserError for what is wrong with any of them.
 */
export function openSimBlock(from: BlockConfig, files: HjsonFiles, warnings: Problem[]): OpenBlock {
  const { config, file, context } = from;
  const facts = blockFacts(config, file);
  checkWaves(from);
  if (config.get('build_mode') === undefined) config.set('build_mode', 'default');
  if (config.get('primary_build_mode') === undefined) {
    config.set('primary_build_mode', config.text('build_mode'));
  }
  const spec = config.text('testplan');
  const { projRoot } = context.workspace;
  const testplan = spec === '' ? null : loadTestplan({ spec, projRoot, files, wantedBy: file });
  const model = makeSimModel({ config, file, testplan, warnings });
  const jobs = new SimJobs({ from, facts, model, warnings });
  return {
    description: describeBlock(from, { testplan, catalogue: catalogueOf(model) }),
    choose: (seeds) => jobs.choose(seeds),
    makeJobs: () => jobs.make(),
  };
}

function catalogueOf(model: SimModel): OpenBlock['description']['catalogue'] {
  return {
    build_modes: [...model.buildModes.keys()],
    run_modes: [...model.runModes.keys()],
    tests: [...model.tests.keys()],
    regressions: [...model.regressions.keys()],
  };
}

/** Only formats the tool is known to support, where the config knows. */
function checkWaves({ config, file, context }: BlockConfig): void {
  const { waves, guiDebug } = context.options;
  const supported = config.get('supported_wave_formats');
  const tool = config.text('tool');
  if (waves !== undefined && isList(supported) && supported.length > 0 && !supported.includes(waves)) {
    throw new UserError({
      code: 'bad-waves',
      message: `the tool ${tool} cannot write waves as ${waves}`,
      origin: { file },
      hint: `supported: ${supported.map(wordOf).join(', ')}`,
    });
  }
  if (guiDebug === true && tool !== 'xcelium') {
    throw new UserError({
      code: 'no-gui-debug',
      message: `--gui-debug works with xcelium only, not with ${tool}`,
      origin: { file },
    });
  }
}

interface SimParts {
  readonly from: BlockConfig;
  readonly facts: BlockFacts;
  readonly model: SimModel;
  readonly warnings: Problem[];
}

/** The jobs of a sim block, in two steps: what to run with which seeds, and then the specs. */
class SimJobs {
  readonly #parts: SimParts;
  #runList: RunList = { tests: [], buildModes: [], matched: new Set() };
  readonly #seeds = new Map<Test, readonly string[]>();

  constructor(parts: SimParts) {
    this.#parts = parts;
  }

  choose(seeds: SeedSource): ReadonlySet<string> | null {
    const { from, model, warnings } = this.#parts;
    const { config, file, context } = from;
    const { options } = context;
    if (options.covUnr === true || options.covAnalyze === true) return null;
    this.#runList = chooseRuns({ model, config, file, options, warnings });
    const { matched } = this.#runList;
    if (options.buildOnly === true) return matched;
    for (const { test, reseed } of this.#runList.tests) {
      this.#seeds.set(
        test,
        Array.from({ length: reseed }, () => seeds.next()),
      );
    }
    return matched;
  }

  async make(): Promise<BlockJobs> {
    const { from, facts } = this.#parts;
    const { options } = from.context;
    if (options.covUnr === true) return this.#single(await makeUnreachable(facts, from.context));
    if (options.covAnalyze === true) return this.#single(await makeAnalysis(facts, from.context));
    const { tests, buildModes } = this.#runList;
    if (tests.length === 0) return { specs: [], coverage: null, prepare: [], coverageOfRun: [] };
    const set = await makeBuilds(buildModes, facts, from.context);
    const runs = await this.#makeRuns(set);
    const builds = options.runOnly === true ? [] : set.builds;
    const withCoverage = options.cov === true && runs.length > 0;
    const coverage = withCoverage
      ? await makeCoverage(runs, { facts, primary: set.primary }, from.context)
      : null;
    const specs = [...builds.map(({ spec }) => spec), ...runs.map(({ spec }) => spec)];
    return {
      specs: coverage === null ? specs : [...specs, ...coverage.specs],
      coverage: coverage?.info ?? null,
      prepare: this.#prepare(builds, coverage?.info.mergedDir),
      coverageOfRun: withCoverage ? runs.map((run) => [run.spec.fullName, run.covDbTestDir] as const) : [],
    };
  }

  #single(spec: BlockJobs['specs'][number]): BlockJobs {
    return { specs: [spec], coverage: null, prepare: this.#prepare([], undefined), coverageOfRun: [] };
  }

  async #makeRuns(set: BuildSet): Promise<Run[]> {
    const { from, facts, warnings } = this.#parts;
    if (from.context.options.buildOnly === true) return [];
    const seeded = this.#runList.tests.flatMap(({ test }) => {
      const build = set.byMode.get(test.buildMode);
      const seeds = this.#seeds.get(test);
      return build === undefined || seeds === undefined ? [] : [{ test, build, seeds }];
    });
    const runs = await makeRuns(seeded, facts, from.context);
    const [first] = runs;
    if (!facts.gui || first === undefined || runs.length === 1) return runs;
    warnings.push({
      code: 'gui-one-run',
      message: `--gui runs one test only: ${first.spec.fullName}`,
      origin: { file: facts.file },
    });
    return [first];
  }

  #prepare(builds: readonly Build[], mergedDir: string | undefined): PrepareStep[] {
    const { from, facts } = this.#parts;
    const { options, workspace } = from.context;
    if (options.purge === true) return [{ kind: 'remove', path: facts.linksDir }];
    if (mergedDir === undefined) return [];
    const history = mergeHistory(mergedDir, workspace.timestamp);
    const moves = history.kept.filter(({ now, then }) => now !== then && parentOf(now) === parentOf(then));
    return [
      // Build directories are kept from run to run: what an earlier build left there is not coverage of this one.
      ...builds.map(({ covDbDir }): PrepareStep => ({ kind: 'remove', path: covDbDir })),
      ...moves.map(({ now, then }): PrepareStep => ({ kind: 'move', path: now, to: then })),
      ...history.dropped.map(({ now }): PrepareStep => ({ kind: 'remove', path: now })),
    ];
  }
}
