// Reads INPUT, whatever form it has, into job specs. The one place that knows which front end reads what.
import { extname, resolve } from 'node:path';
import type { FlowPlan } from '../flow/flow-plan.js';
import { FLOW_OPTIONS } from '../flow/options/option-table.js';
import type { FlowOptions, FlowSurroundings } from '../flow/options/options.js';
import type { JobSource } from '../model/job-spec.js';
import { UserError, type Problem } from '../model/problem.js';

/** Jobs and where they are to work. */
export interface LoadedInput {
  readonly source: JobSource;
  /** Absolute. */
  readonly scratchRoot: string;
  readonly warnings: readonly Problem[];
  /** What more a flow config says; null for a job list. */
  readonly flow: FlowPlan | null;
}

/** The kind of an INPUT, by its name. */
export type InputKind = 'flow' | 'job-list';

/** @throws UserError for a name that says neither. */
export function inputKind(input: string): InputKind {
  if (input === '-') return 'job-list';
  switch (extname(input)) {
    case '.hjson':
      return 'flow';
    case '.json':
    case '.jsonl':
      return 'job-list';
    default:
      throw new UserError({
        code: 'unknown-input',
        message: `cannot tell what ${JSON.stringify(input)} is by its name`,
        hint: 'a flow config ends in .hjson, a job list in .json or .jsonl; - reads a job list from standard input',
      });
  }
}

/**
 * @param surroundings - With a fixed `entropy`, seeds that are drawn are the same each time.
 * @throws UserError with everything that is wrong with the input.
 */
export async function loadInput(
  input: string,
  options: FlowOptions,
  surroundings: FlowSurroundings,
): Promise<LoadedInput> {
  if (inputKind(input) === 'flow') {
    const { loadFlow } = await import('../flow/load-flow.js');
    const flow = await loadFlow(input, options, surroundings);
    const { source, warnings, workspace } = flow;
    return { source, warnings, scratchRoot: workspace.scratchRoot, flow };
  }
  const { readJobList } = await import('../joblist/index.js');
  const scratchRoot = resolve(options.scratchRoot ?? 'scratch');
  const source = await readJobList(input, { scratchRoot });
  return {
    source: options.interactive === true ? makeInteractive(source) : source,
    warnings: findIdleOptions(options),
    scratchRoot,
    flow: null,
  };
}

/** Flow options that mean something to a job list too. */
const JOB_LIST_OPTIONS: ReadonlySet<string> = new Set<keyof FlowOptions>([
  'scratchRoot',
  'interactive',
  'dryRun',
  'verbose',
]);

/** The other ones shape jobs out of a config; a job list has its jobs already. */
function findIdleOptions(options: FlowOptions): Problem[] {
  const idle = FLOW_OPTIONS.filter(({ field }) => field in options && !JOB_LIST_OPTIONS.has(field));
  return idle.map(({ long }) => ({
    code: 'idle-option',
    message: `${long} has no effect: the input is a job list, not a flow config`,
  }));
}

function makeInteractive(source: JobSource): JobSource {
  return {
    jobs: source.jobs.map((spec) => Object.freeze({ ...spec, interactive: true })),
    locate: source.locate,
  };
}
