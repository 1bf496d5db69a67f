// What a loaded flow is: jobs, and beside them what reports and lists need. Types only.
import type { JobSource, Problem } from '../model/index.js';
import type { CoverageInfo } from './sim/coverage-jobs.js';
import type { FlowName } from './config/flow-config.js';
import type { ListCategory } from './options/options.js';
import type { PrepareStep } from './prepare.js';
import type { Testplan } from './testplan/testplan.js';
import type { ConfigValue } from './config/value.js';
import type { Workspace } from './workspace.js';

/** Names of what can be run, by category. */
export type Catalogue = Readonly<Record<ListCategory, readonly string[]>>;

/** One config without further configs in it: a block (design unit), or a variant of one. */
export interface FlowBlock {
  readonly name: string;
  /** Empty when there is none. */
  readonly variant: string;
  /** `name`, or `name/variant`. */
  readonly title: string;
  readonly flow: FlowName;
  readonly tool: string;
  /** Config file. */
  readonly file: string;
  /** Folder of the block's reports, below the reports of the run. */
  readonly relPath: string;
  /** Folder of everything the block's jobs write. */
  readonly scratchPath: string;
  readonly catalogue: Catalogue;
  /** Sim blocks that name a testplan; else null. */
  readonly testplan: Testplan | null;
  /** Set when coverage is collected. */
  readonly coverage: CoverageInfo | null;
  /** Further keys that reports use, expanded; a key the config does not have is left out. */
  readonly report: Readonly<Record<string, ConfigValue>>;
}

/** A block with its place among the jobs of the plan. */
export interface PlannedBlock extends FlowBlock {
  /** Index of its first job; its jobs are next to each other. */
  readonly firstJob: number;
  readonly jobCount: number;
}

/** A config turned into jobs. */
export interface FlowPlan {
  /** Name of the config that was asked for. */
  readonly name: string;
  readonly flow: FlowName;
  /** Whether the config is a list of configs. */
  readonly isPrimary: boolean;
  readonly workspace: Workspace;
  /** Jobs in the order a scheduler should get them. */
  readonly source: JobSource;
  readonly blocks: readonly PlannedBlock[];
  /** What is odd but does not prevent a run. */
  readonly warnings: readonly Problem[];
  /** What to do to the scratch area before the first job, in order. Not for a dry run. */
  readonly prepare: readonly PrepareStep[];
  /** What to remove after a job ended: coverage of a run that did not pass must not count. */
  readonly coverageOfRun: ReadonlyMap<string, string>;
}

/** A config of which only the contents are wanted. */
export interface FlowCatalogue {
  readonly name: string;
  readonly flow: FlowName;
  readonly blocks: readonly FlowBlock[];
  readonly warnings: readonly Problem[];
}
