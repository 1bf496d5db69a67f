// The keys a config has before its files are read: options under the names configs use, and empty defaults.
import type { FlowOptions } from '../options/options.js';
import type { ConfigValue } from './value.js';
import type { Workspace } from '../workspace.js';

type Entry = readonly [string, ConfigValue];

/** What the default keys are made of. */
export interface DefaultsInput {
  readonly options: FlowOptions;
  readonly workspace: Workspace;
  /** Decimal digits, or null: builds are not randomised. */
  readonly buildSeed: string | null;
}

/** Stands for the profile where a config uses `{profile}` and the user asked for none. */
const NO_PROFILE = '(cfg uses profile without --profile)';

const texts = (...keys: string[]): Entry[] => keys.map((key) => [key, '']);
const lists = (...keys: string[]): Entry[] => keys.map((key) => [key, []]);

/** Keys of every flow. */
function commonDefaults({ options, workspace }: DefaultsInput): Entry[] {
  return [
    ['items', [...(options.items ?? [])]],
    ['scratch_root', workspace.scratchRoot],
    ['branch', workspace.branch],
    ['job_prefix', options.jobPrefix ?? ''],
    ['gui', options.guiDebug === true ? 1 : (options.gui ?? false)],
    ['gui_debug', options.guiDebug ?? false],
    ['interactive', options.interactive ?? false],
    ...texts('name', 'project', 'scratch_path', 'scratch_base_path', 'proj_root'),
    ['tool', options.tool ?? null],
    ...lists('exports', 'overrides'),
    ['timestamp', workspace.timestamp],
    ['timestamp_long', workspace.timestampLong],
    ...texts('rel_path', 'results_title', 'revision', 'results_html_name'),
    ['sanitize_publish_results', false],
  ];
}

/** Keys of the sim flow, before {@link commonDefaults}. */
export function simDefaults(input: DefaultsInput): Entry[] {
  const { options, buildSeed } = input;
  return [
    ['build_opts', [...(options.buildOpts ?? [])]],
    ['en_build_modes', enabledBuildModes(input)],
    ['run_opts', [...(options.runOpts ?? [])]],
    ['en_run_modes', [...(options.runModes ?? [])]],
    ['build_unique', options.buildUnique ?? false],
    ['build_seed', buildSeed],
    ['build_only', options.buildOnly ?? false],
    ['run_only', options.runOnly ?? false],
    ['reseed_ovrd', options.reseed ?? null],
    ['reseed_multiplier', options.reseedMultiplier ?? 1],
    ['waves', options.waves ?? 'none'],
    ['max_waves', options.maxWaves ?? 5],
    ['cov', options.cov ?? false],
    ['cov_merge_previous', options.covMergePrevious ?? false],
    ['profile', options.profile ?? NO_PROFILE],
    ['xprop_off', options.xpropOff ?? false],
    ['verbosity', null],
    ['verbose', options.verbose ?? null],
    ['dry_run', options.dryRun ?? false],
    ['map_full_testplan', options.mapFullTestplan ?? false],
    ...texts('project', 'flow', 'flow_makefile'),
    ...lists('pre_build_cmds', 'post_build_cmds', 'post_build_opts'),
    ...texts('build_dir'),
    ...lists('pre_run_cmds', 'post_run_cmds'),
    ...texts('run_dir'),
    ...lists('sw_images', 'sw_build_opts', 'pass_patterns', 'fail_patterns'),
    ...texts('variant', 'dut', 'tb', 'testplan', 'fusesoc_core', 'ral_spec'),
    ...lists('build_modes', 'run_modes', 'tests', 'regressions'),
    ['supported_wave_formats', null],
    ...texts('testplan_doc_path', 'book', 'cov_report_dir', 'cov_report_page', 'dut_instance'),
    ...lists('cov_vplan_prepare_opts', 'cov_vplan_process_opts'),
    ...texts('build_cmd', 'flist_gen_cmd', 'flist_file', 'run_cmd', 'variant_name'),
    ...lists('flist_gen_opts'),
    ...commonDefaults(input),
  ];
}

/** Modes that options switch on for every build, in the order DVSim applies them. */
function enabledBuildModes({ options, buildSeed }: DefaultsInput): string[] {
  const modes = [...(options.buildModes ?? [])];
  if (options.gui === true) modes.push('gui');
  if (options.guiDebug === true) modes.push('gui_debug');
  modes.push(options.waves === undefined ? 'waves_off' : 'waves');
  if (options.cov === true) modes.push('cov');
  if (options.profile !== undefined) modes.push('profile');
  if (options.xpropOff !== true) modes.push('xprop');
  if (buildSeed !== null && buildSeed !== '0') modes.push('build_seed');
  return modes;
}

/** Keys of the one-shot flow of the given name, before {@link commonDefaults}. */
export function oneShotDefaults(flow: string, input: DefaultsInput): Entry[] {
  const { options } = input;
  return [
    ...oneShotExtras(flow, options),
    ['verbose', options.verbose ?? null],
    ...texts('flist_gen_cmd', 'sv_flist_gen_dir', 'flist_file', 'build_cmd', 'build_log', 'report_cmd'),
    ...lists('flist_gen_opts', 'report_opts'),
    ['build_opts', [...(options.buildOpts ?? [])]],
    ['build_unique', options.buildUnique ?? false],
    ['build_only', options.buildOnly ?? false],
    ...texts('project', 'flow', 'flow_makefile', 'scratch_path', 'build_dir', 'run_dir'),
    ...lists('pass_patterns', 'fail_patterns'),
    ...texts('name', 'dut', 'fusesoc_core', 'ral_spec'),
    ...lists('build_modes', 'run_modes', 'regressions'),
    ['max_msg_count', -1],
    ['dry_run', options.dryRun ?? false],
    ...texts('verbosity'),
    ...lists('en_build_modes'),
    ['cov', options.cov ?? false],
    ...commonDefaults(input),
  ];
}

/** Keys of a single flow: formal tools want to know of batch mode, the lint-like ones sort messages into buckets. */
function oneShotExtras(flow: string, options: FlowOptions): Entry[] {
  const buckets: Entry[] = [
    ...texts('is_style_lint', 'additional_fusesoc_argument'),
    ...lists('report_severities', 'fail_severities', 'message_buckets'),
  ];
  switch (flow) {
    case 'formal':
      return [['batch_mode_prefix', options.gui === true ? '' : '-batch']];
    case 'rdc':
      return [['waves', options.waves ?? ''], ...buckets];
    case 'lint':
    case 'cdc':
      return buckets;
    default:
      return [];
  }
}
