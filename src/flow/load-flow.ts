// Loads a flow config: the entry of the front end. Knows the order of the steps; each step has its own file.
import { formatProblem, UserError, type JobSpec, type Problem } from '../model/index.js';
import { suggestName } from '../util/nearest.js';
import { collectAll } from './collect-problems.js';
import type { FlowCatalogue, FlowPlan, PlannedBlock } from './flow-plan.js';
import type { BlockJobs, OpenBlock } from './open-block.js';
import { openFlow, type OpenFlow } from './open-flow.js';
import type { FlowOptions, FlowSurroundings } from './options/options.js';

/**
 * Turns a flow config into jobs. Reads files, and runs git and the config's own `{eval_cmd}` commands; it writes
 * nothing itself.
 *
 * @param path - The config; relative to the working directory.
 * @throws UserError with all problems of the first step that finds any.
 */
export async function loadFlow(
  path: string,
  options: FlowOptions = {},
  surroundings: FlowSurroundings = {},
): Promise<FlowPlan> {
  const flow = await openFlow(path, options, surroundings);
  refuseManyWindows(flow, options);
  chooseJobs(flow, options);
  flow.seeds.checkEnough();
  const made = await collectAll(flow.blocks.map((block) => block.makeJobs()));
  if (made.every(({ specs }) => specs.length === 0)) throw nothingToRun(flow, options);
  return assemble(flow, made);
}

/** Loads a config only as far as is needed to list what it offers. */
export async function loadCatalogue(
  path: string,
  options: FlowOptions = {},
  surroundings: FlowSurroundings = {},
): Promise<FlowCatalogue> {
  const { name, flow, blocks, warnings } = await openFlow(path, options, surroundings);
  return {
    name,
    flow,
    warnings: eachOnce(warnings),
    blocks: blocks.map(({ description }) => ({ ...description, coverage: null })),
  };
}

function refuseManyWindows({ blocks, file }: OpenFlow, options: FlowOptions): void {
  const hasWindow = options.gui === true || options.guiDebug === true || options.interactive === true;
  if (!hasWindow || blocks.length <= 1) return;
  throw new UserError({
    code: 'one-config-only',
    message: `--gui and --interactive take one config, but here are ${blocks.length}`,
    origin: { file },
    hint: 'choose one with --select-cfgs',
  });
}

/** Lets each block choose what to run; an item must match in some block. */
function chooseJobs(flow: OpenFlow, options: FlowOptions): void {
  const { blocks, seeds, file, warnings } = flow;
  const matches = blocks.map((block) => block.choose(seeds));
  if (matches.includes(null) || blocks.length === 0) return;
  const unmatched = [...new Set(options.items ?? ['smoke'])]
    .filter((item) => !matches.some((matched) => matched?.has(item) === true))
    .map((item): Problem => ({
      code: 'no-match',
      message: `item "${item}" matches no regression or test`,
      origin: { file },
      hint: suggestName(item, namesOf(blocks)) ?? whatThereIs(blocks),
    }));
  const hasMatch = matches.some((matched) => matched !== null && matched.size > 0);
  if (unmatched.length > 0 && !hasMatch) throw new UserError(unmatched);
  warnings.push(...unmatched);
}

/** Everything that an item may name. */
function namesOf(blocks: readonly OpenBlock[]): string[] {
  return blocks.flatMap(({ description: { catalogue } }) => [...catalogue.regressions, ...catalogue.tests]);
}

function whatThereIs(blocks: readonly OpenBlock[]): string {
  const regressions = new Set(blocks.flatMap(({ description }) => description.catalogue.regressions));
  const names =
    regressions.size === 0 ? 'there are no regressions' : `regressions: ${[...regressions].join(', ')}`;
  return `${names}; tests: see \`regatta list\``;
}

/** Names that are no test's, which others would outweigh, may be why. */
function nothingToRun({ file, warnings }: OpenFlow, options: FlowOptions): UserError {
  const causes = warnings.filter(({ code }) => code === 'unknown-test' || code === 'no-match');
  return new UserError([
    ...eachOnce(causes),
    {
      code: 'nothing-to-run',
      message: 'the config gives nothing to run',
      origin: { file },
      hint:
        options.buildOnly === true && options.runOnly === true
          ? 'of --build-only and --run-only, each leaves out what the other would do'
          : undefined,
    },
  ]);
}

function assemble(flow: OpenFlow, made: readonly BlockJobs[]): FlowPlan {
  const jobs: JobSpec[] = [];
  const blockOfJob: number[] = [];
  const blocks = flow.blocks.map(({ description }: OpenBlock, i): PlannedBlock => {
    const { specs = [], coverage = null } = made[i] ?? {};
    const firstJob = jobs.length;
    for (const spec of specs) {
      jobs.push(Object.freeze(spec));
      blockOfJob.push(i);
    }
    return { ...description, coverage, firstJob, jobCount: specs.length };
  });
  const { name, flow: kind, isPrimary, context } = flow;
  return {
    name,
    flow: kind,
    isPrimary,
    blocks,
    workspace: context.workspace,
    source: { jobs, locate: (index) => originOf(blocks[blockOfJob[index] ?? -1]) },
    warnings: eachOnce(flow.warnings),
    prepare: [
      ...made.flatMap(({ prepare }) => prepare),
      { kind: 'make-scratch-root', path: context.workspace.scratchRoot },
    ],
    coverageOfRun: new Map(made.flatMap(({ coverageOfRun }) => coverageOfRun)),
  };
}

function originOf(block: PlannedBlock | undefined): { file: string } | undefined {
  return block === undefined ? undefined : { file: block.file };
}

function eachOnce(warnings: readonly Problem[]): Problem[] {
  return [...new Map(warnings.map((problem) => [formatProblem(problem), problem])).values()];
}
