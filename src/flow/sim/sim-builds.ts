// The build jobs of a sim block: one for each build mode, less those that build the same. Knows no runs.
import { UserError, type JobSpec } from '../../model/index.js';
import type { FlowContext } from '../config/flow-config.js';
import { makeBuild, type Build } from '../jobs/build-job.js';
import type { BlockFacts } from '../jobs/job-draft.js';
import { COMPILE_SIM } from '../jobs/job-kinds.js';
import type { Mode } from '../modes/mode.js';

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
