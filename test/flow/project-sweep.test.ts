// Every sim config of a real project either loads, or is refused with one clear message.
import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { loadFlow } from '../../src/flow/index.js';
import { UserError } from '../../src/model/index.js';
import { PROJECT, withProject } from './opentitan.js';

const TOOLS = 'hw/dv/tools/dvsim';
const EARLGREY = 'hw/top_earlgrey/dv';
const DARJEELING = 'hw/top_darjeeling/dv';
const BREAKFAST = 'hw/top_englishbreakfast';
const FLASH = `${BREAKFAST}/ip_autogen/flash_ctrl/dv`;
const FLOWS = '(flows: sim, lint, cdc, rdc, syn, formal)';
const IN_WORDS = (mode: string, sub: string): string =>
  `build mode "${mode}" enables the mode "${sub}", which is not defined`;

/** Configs that are parts of others, or name files, modes and keys that the project does not have. */
const REFUSED: Readonly<Record<string, string>> = {
  'hw/dv/dpi/dpi_sim_cfg.hjson': `hw/dv/dpi/dpi_sim_cfg.hjson: key "flow" is missing ${FLOWS}`,
  [`${TOOLS}/common_sim_cfg.hjson`]: `${TOOLS}/common_sim_cfg.hjson:14:45: key "import_cfgs": unknown wildcard {tool}`,
  'hw/ip/sram_ctrl/dv/sram_ctrl_base_fi_sim_cfg.hjson': `hw/ip/sram_ctrl/dv/sram_ctrl_base_fi_sim_cfg.hjson: key "flow" is missing ${FLOWS}`,
  'hw/ip/sram_ctrl/dv/sram_ctrl_main_fi_sim_cfg.hjson': IN_WORDS('gui', 'z01x_gui'),
  'hw/ip_templates/flash_ctrl/dv/flash_ctrl_fi_sim_cfg.hjson':
    'flash_ctrl_base_fi_sim_cfg.hjson: no such file',
  'hw/ip_templates/flash_ctrl/dv/flash_ctrl_sim_cfg.hjson': 'flash_ctrl_base_sim_cfg.hjson: no such file',
  [`${DARJEELING}/partner_chip_sim_cfg_sample.hjson`]: 'key "import_cfgs": unknown wildcard {top_chip}',
  [`${DARJEELING}/verilator/verilator_sim_cfg.hjson`]: IN_WORDS('gui_debug', 'verilator_gui_debug'),
  [`${EARLGREY}/verilator/verilator_sim_cfg.hjson`]: IN_WORDS('gui_debug', 'verilator_gui_debug'),
  [`${BREAKFAST}/dv/verilator/verilator_sim_cfg.hjson`]: IN_WORDS('gui_debug', 'verilator_gui_debug'),
  [`${FLASH}/flash_ctrl_base_fi_sim_cfg.hjson`]: `${FLASH}/flash_ctrl_base_fi_sim_cfg.hjson: key "flow" is missing ${FLOWS}`,
  [`${FLASH}/flash_ctrl_base_sim_cfg.hjson`]: `${TOOLS}/common_sim_cfg.hjson:14:45: key "import_cfgs": unknown wildcard {tool}`,
  [`${FLASH}/flash_ctrl_fi_sim_cfg.hjson`]: IN_WORDS('gui', 'z01x_gui'),
  'hw/vendor/lowrisc_ibex/dv/uvm/icache/dv/ibex_icache_sim_cfg.hjson':
    'memutil_dpi_scrambled_opts.hjson: no such file',
};

/** What loading a config says: the problems, or nothing. */
async function outcomeOf(config: string): Promise<string> {
  const options = { projRoot: PROJECT, scratchRoot: '/nowhere/scratch', branch: 'main' };
  try {
    const plan = await loadFlow(`${PROJECT}/${config}`, options, { env: { PATH: process.env['PATH'] } });
    return plan.source.jobs.length > 0 ? 'loads' : 'is empty';
  } catch (error) {
    expect(error).toBeInstanceOf(UserError);
    return (error as UserError).message.replaceAll(`${PROJECT}/`, '');
  }
}

withProject.describe('the sim configs of a real project', () => {
  const configs =
    withProject.missing === undefined
      ? readdirSync(`${PROJECT}/hw`, { recursive: true, encoding: 'utf8' })
          .filter((path) => /sim_cfg[^/]*\.hjson$/.test(path))
          .map((path) => `hw/${path}`)
          .sort()
      : [];

  test('are 118, of which 104 load', () => {
    expect(configs).toHaveLength(118);
    expect(configs.filter((config) => !Object.hasOwn(REFUSED, config))).toHaveLength(104);
  });

  test('load, or are refused with one message', async () => {
    for (const config of configs) {
      const outcome = await outcomeOf(config);
      const refusal = REFUSED[config];
      if (refusal === undefined) expect(outcome, config).toBe('loads');
      else {
        expect(outcome, config).toContain(refusal);
        expect(outcome.split('\n'), config).toHaveLength(1);
      }
    }
  }, 120_000);
});
