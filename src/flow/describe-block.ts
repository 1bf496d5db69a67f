// What lists and reports are told of a block. Knows which config keys reports use, and makes nothing.
import type { BlockConfig } from './open-block.js';
import type { Catalogue, FlowBlock } from './flow-plan.js';
import type { Testplan } from './testplan/testplan.js';
import type { ConfigValue } from './config/value.js';
import { tidyPath } from './config/paths.js';

/** Keys that reports, and whoever runs jobs again, use, beside those with a field of their own. */
const REPORT_KEYS = [
  ...['project', 'repo_server', 'book', 'doc_server', 'revision', 'testplan_doc_path', 'results_title'],
  ...['build_dir', 'sub_flow', 'is_style_lint', 'report_severities', 'fail_severities', 'message_buckets'],
  ...['max_msg_count', 'supported_wave_formats'],
];

/** Describes a block whose config is expanded. */
export function describeBlock(
  { config, file, flow }: BlockConfig,
  parts: { readonly testplan: Testplan | null; readonly catalogue: Catalogue },
): Omit<FlowBlock, 'coverage'> {
  const name = config.text('name');
  const variant = config.text('variant');
  const report: Record<string, ConfigValue> = {};
  for (const key of REPORT_KEYS) {
    const value = config.get(key);
    if (value !== undefined && value !== '') report[key] = value;
  }
  return {
    name,
    variant,
    flow,
    file,
    report,
    title: variant === '' ? name : `${name}/${variant}`,
    tool: config.text('tool'),
    relPath: config.text('rel_path'),
    scratchPath: tidyPath(config.text('scratch_path')),
    ...parts,
  };
}
