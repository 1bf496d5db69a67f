// The build jobs of a sim block: one for each build mode, less those that build the same. Knows no runs.
import { UserError, type JobSpec } from '../model/index.js';
import type { FlowContext } from './flow-config.js';
import {
  expandAttributes,
  gatherAttributes,
  numberAttribute,
  textAttribute,
  type AttributeSources,
  type JobAttributes,
} from './job-attributes.js';
import { finishJob, type BlockFacts } from './job-draft.js';
import { COMPILE_SIM, type JobKind } from './job-kinds.js';
import type { Mode } from './mode.js';
import { seedNumber } from './seeds.js';

/** Builds in minutes when nothing says how long they may take. */
const DEFAULT_BUILD_MINS = 60;

/** A build of a mode. */
export interface Build {
  readonly mode: Mode;
  readonly spec: JobSpec;
  /** Coverage database the build makes; removed before it is built again. */
  readonly covDbDir: string;
}

/** The builds of a block. */
export interface BuildSet {
  /** Different builds, in order. */
  readonly builds: readonly Build[];
  /** The build that serves each mode. */
  readonly byMode: ReadonlyMap<Mode, Build>;
  /** Mode whose coverage comes first. */
  readonly primary: string;
}

/**
 * Makes the builds of the given modes. Two modes whose commands and exports are the same but for the mode's name
 * share the first one's build.
 *
 * @throws UserError, among others `bad-primary-build` when none of the builds is the primary one.
 */
export async function makeBuilds(
  modes: readonly Mode[],
  facts: BlockFacts,
  context: FlowContext,
): Promise<BuildSet> {
  const all = await Promise.all(modes.map((mode) => makeBuild(COMPILE_SIM, { mode, facts }, context)));
  const builds: Build[] = [];
  const byMode = new Map<Mode, Build>();
  let primary = facts.config.text('primary_build_mode');
  for (const build of all) {
    const same = builds.find((other) => isSameBuild(build.spec, other.spec));
    if (same === undefined) builds.push(build);
    else if (build.spec.name === primary) primary = same.spec.name;
    byMode.set(build.mode, same ?? build);
  }
  const [only, ...more] = builds;
  if (only !== undefined && more.length === 0) primary = only.spec.name;
  if (!builds.some((build) => build.spec.name === primary)) throw noPrimary(primary, builds, facts.file);
  return { builds, byMode, primary };
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
  const attributes = await expandWithCommands(from, context);
  // A build has no window of its own: its time limit holds with --gui too, except where the build is all there is.
  const isUnlimited = facts.gui && kind !== COMPILE_SIM;
  const limit = numberAttribute(attributes, 'build_timeout_mins', file) ?? DEFAULT_BUILD_MINS;
  const spec = finishJob({
    kind,
    facts,
    attributes,
    qualName: textAttribute(attributes, 'name'),
    odir: textAttribute(attributes, 'build_dir'),
    timeoutMins: isUnlimited ? null : limit,
    seed: kind === COMPILE_SIM ? seedNumber(context.buildSeed) : null,
    renewOdir: false,
    dependencies: [],
    needsAll: true,
    patterns: { pass: 'build_pass_patterns', fail: 'build_fail_patterns' },
  });
  return { mode, spec, covDbDir: textAttribute(attributes, 'cov_db_dir') };
}

/** No wildcard stays. */
export const NOTHING_HELD: ReadonlySet<string> = new Set();

/** Attributes of a job, expanded, once the commands they need have run. */
export async function expandWithCommands(
  from: AttributeSources,
  { env, commands }: Pick<FlowContext, 'env' | 'commands'>,
  held = NOTHING_HELD,
): Promise<JobAttributes> {
  const attributes = gatherAttributes(from);
  const rules = { env, runCommand: commands.outputOf, held };
  while (!expandAttributes(attributes, from, rules)) await commands.run();
  return attributes;
}

function isSameBuild(build: JobSpec, other: JobSpec): boolean {
  const rename = (text: string): string => text.replaceAll(other.name, () => build.name);
  if (build.cmd !== rename(other.cmd)) return false;
  const keys = Object.keys(build.exports);
  if (keys.length !== Object.keys(other.exports).length) return false;
  return keys.every((key) => {
    const value = other.exports[key];
    return value !== undefined && build.exports[key] === rename(value);
  });
}

function noPrimary(primary: string, builds: readonly Build[], file: string): UserError {
  const names = builds.map((build) => build.spec.name).join(', ');
  return new UserError({
    code: 'bad-primary-build',
    message: `the primary build mode "${primary}" is not among those to build: ${names}`,
    origin: { file },
    hint: 'set the key "primary_build_mode" to one of them',
  });
}
