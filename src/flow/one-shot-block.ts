// A block of a one-shot flow (lint, cdc, rdc, syn, formal): one job for each build mode. Knows no tests.
import { UserError } from '../model/index.js';
import { describeBlock } from './describe-block.js';
import { blockFacts } from './jobs/job-draft.js';
import { COMPILE_ONE_SHOT } from './jobs/job-kinds.js';
import { readBuildModes } from './modes/build-modes.js';
import type { BlockConfig, OpenBlock } from './open-block.js';
import { makeBuild } from './jobs/build-job.js';

/**
 * Opens a one-shot block.
 *
 * @throws UserError for bad build modes, a missing tool, and a formal config without `sub_flow`.
 */
export function openOneShotBlock(from: BlockConfig): OpenBlock {
  const { config, file, flow, context } = from;
  if (flow === 'formal' && config.text('sub_flow') === '') {
    throw new UserError({
      code: 'missing-key',
      message: 'key "sub_flow" is not set, but the formal flow needs it',
      origin: { file },
      hint: 'set it to fpv or conn',
    });
  }
  const modes = readBuildModes(config, file);
  for (const mode of modes.values()) mode.append('build_opts', config.list('build_opts'));
  const facts = blockFacts(config, file);
  const scratchPath = facts.linksDir;
  return {
    description: describeBlock(from, {
      testplan: null,
      catalogue: { build_modes: [...modes.keys()], run_modes: [], tests: [], regressions: [] },
    }),
    choose: () => null,
    makeJobs: async () => {
      const builds = await Promise.all(
        [...modes.values()].map((mode) => makeBuild(COMPILE_ONE_SHOT, { mode, facts }, context)),
      );
      return {
        specs: builds.map(({ spec }) => spec),
        coverage: null,
        prepare: context.options.purge === true ? [{ kind: 'remove', path: scratchPath }] : [],
        coverageOfRun: [],
      };
    },
  };
}
