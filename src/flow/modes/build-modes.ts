// The build modes of a config: the default one, those it defines, sub-modes merged. Knows no flow.
import type { Config } from '../config/config.js';
import { collectModes, mergeSubModes, Mode, type ModeTable } from './mode.js';
import { BUILD_MODE } from './mode-kinds.js';

/**
 * Reads the build modes of a config; the mode `default` is always there, and first.
 *
 * @throws UserError for modes that are malformed, unknown, in conflict or in a cycle.
 */
export function readBuildModes(config: Config, file: string): ModeTable {
  const modes: ModeTable = new Map([['default', Mode.parse(BUILD_MODE, { name: 'default' }, file)]]);
  for (const [name, mode] of collectModes(BUILD_MODE, config.list('build_modes'), file)) {
    const standard = modes.get(name);
    if (standard === undefined) modes.set(name, mode);
    else standard.merge(mode, file);
  }
  mergeSubModes(modes, file);
  return modes;
}
