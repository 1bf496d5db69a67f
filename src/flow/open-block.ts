// A block whose config is complete, on its way to jobs. Types only.
import type { JobSpec } from '../model/index.js';
import type { Config } from './config/config.js';
import type { CoverageInfo } from './sim/coverage-jobs.js';
import type { FlowContext, FlowName } from './config/flow-config.js';
import type { FlowBlock } from './flow-plan.js';
import type { PrepareStep } from './prepare.js';
import type { SeedSource } from './sim/seeds.js';

/** A config, complete and expanded. */
export interface BlockConfig {
  readonly config: Config;
  readonly file: string;
  readonly flow: FlowName;
  readonly context: FlowContext;
}

/** A block that can say what it offers, and then make jobs. */
export interface OpenBlock {
  readonly description: Omit<FlowBlock, 'coverage'>;
  /**
   * Chooses what to run and draws its seeds. Called once, block after block, so that seeds are handed out in order.
   *
   * @returns The items that match something in this block; null where items do not matter.
   */
  readonly choose: (seeds: SeedSource) => ReadonlySet<string> | null;
  /** Makes the jobs of what was chosen. */
  readonly makeJobs: () => Promise<BlockJobs>;
}

/** The jobs of one block. */
export interface BlockJobs {
  readonly specs: readonly JobSpec[];
  readonly coverage: CoverageInfo | null;
  readonly prepare: readonly PrepareStep[];
  /** Full name of a run -> its coverage data. */
  readonly coverageOfRun: readonly (readonly [string, string])[];
}
