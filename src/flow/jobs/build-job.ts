// The job that builds one mode, of a simulation or of a one-shot flow. Knows no other builds.
import type { JobSpec } from '../../model/index.js';
import type { FlowContext } from '../config/flow-config.js';
import type { Mode } from '../modes/mode.js';
import { expandJob } from './expand-job.js';
import {
  numberAttribute,
  directoryAttribute,
  textAttribute,
  type AttributeSources,
} from './job-attributes.js';
import { finishJob, type BlockFacts } from './job-draft.js';
import { COMPILE_SIM, type JobKind } from './job-kinds.js';
import { seedNumber } from './seed-text.js';

/** Builds in minutes when nothing says how long they may take. */
const DEFAULT_BUILD_MINS = 60;

/** A build of a mode. */
export interface Build {
  readonly mode: Mode;
  readonly spec: JobSpec;
  /** Coverage database the build makes; removed before it is built again. */
  readonly covDbDir: string;
}

/** Makes the job that builds one mode. */
export async function makeBuild(
  kind: JobKind,
  { mode, facts }: { mode: Mode; facts: BlockFacts },
  context: FlowContext,
): Promise<Build> {
  const { options } = context;
  const { config, file } = facts;
  const timeout = options.buildTimeoutMins;
  const from: AttributeSources = {
    kind,
    config,
    file,
    mode,
    own: {
      build_mode: mode.name,
      ...(kind === COMPILE_SIM ? { seed: context.buildSeed } : {}),
      ...(timeout === undefined ? {} : { build_timeout_mins: timeout }),
    },
  };
  const attributes = await expandJob(from, context);
  // A build has no window of its own: its time limit holds with --gui too, except where the build is all there is.
  const isUnlimited = facts.gui && kind !== COMPILE_SIM;
  const limit = numberAttribute(attributes, 'build_timeout_mins', file) ?? DEFAULT_BUILD_MINS;
  const spec = finishJob({
    kind,
    facts,
    attributes,
    qualName: textAttribute(attributes, 'name'),
    odir: directoryAttribute(attributes, 'build_dir', file),
    timeoutMins: isUnlimited ? null : limit,
    seed: kind === COMPILE_SIM ? seedNumber(context.buildSeed) : null,
    renewOdir: false,
    dependencies: [],
    needsAll: true,
    patterns: { pass: 'build_pass_patterns', fail: 'build_fail_patterns' },
  });
  return { mode, spec, covDbDir: textAttribute(attributes, 'cov_db_dir') };
}
