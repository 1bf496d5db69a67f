// The kinds of job a flow makes: what each puts on its command line, and what it takes from the config beside. Data only.

/** A kind of job. */
export interface JobKind {
  /** In DVSim's words. */
  readonly jobType: string;
  /** Target of the flow's makefile. */
  readonly target: string;
  /** Scheduling weight. */
  readonly weight: number;
  /** Keys passed to make as `key=value`; all must be set. Sorted by name. */
  readonly onCommandLine: readonly string[];
  /** Other keys that must be set. */
  readonly needed: readonly string[];
  /** Keys that list commands: joined by `&&`, not by spaces. */
  readonly commandLists: readonly string[];
}

const COMMON = ['build_mode', 'dry_run', 'exports', 'flow_makefile', 'name'];

function jobKind(kind: {
  type: string;
  target: string;
  weight?: number;
  line: readonly string[];
  needs?: readonly string[];
  commandLists?: readonly string[];
}): JobKind {
  return {
    jobType: kind.type,
    target: kind.target,
    weight: kind.weight ?? 1,
    onCommandLine: [...kind.line].sort(),
    needed: [...COMMON, ...(kind.needs ?? [])],
    commandLists: kind.commandLists ?? [],
  };
}

const FILE_LIST = ['sv_flist_gen_cmd', 'sv_flist_gen_dir', 'sv_flist_gen_opts'];
const BUILD = [
  'build_cmd',
  'build_dir',
  'build_opts',
  'pre_build_cmds',
  'post_build_cmds',
  'post_build_opts',
];

/** Builds a simulation. */
export const COMPILE_SIM = jobKind({
  type: 'CompileSim',
  target: 'build',
  weight: 5,
  line: ['proj_root', ...FILE_LIST, ...BUILD],
  needs: ['build_fail_patterns', 'build_pass_patterns', 'build_timeout_mins', 'cov_db_dir'],
  commandLists: ['pre_build_cmds', 'post_build_cmds'],
});

/** Builds, and is done: lint, synthesis, formal proofs. */
export const COMPILE_ONE_SHOT = jobKind({
  type: 'CompileOneShot',
  target: 'build',
  line: [
    ...['proj_root', ...FILE_LIST, ...BUILD, 'build_log', 'build_timeout_mins'],
    ...['report_cmd', 'report_opts'],
  ],
  needs: ['build_fail_patterns', 'build_pass_patterns'],
});

/** Runs a test with one seed. */
export const RUN_TEST = jobKind({
  type: 'RunTest',
  target: 'run',
  line: [
    ...[
      'proj_root',
      'uvm_test',
      'uvm_test_seq',
      'sw_images',
      'sw_build_device',
      'sw_build_cmd',
      'sw_build_opts',
    ],
    ...['run_dir', 'pre_run_cmds', 'run_cmd', 'run_opts', 'post_run_cmds', 'build_seed', 'seed'],
  ],
  needs: [
    ...['cov_db_dir', 'cov_db_test_dir', 'run_dir_name', 'run_fail_patterns', 'run_pass_patterns'],
    ...['run_timeout_mins', 'run_timeout_multiplier'],
  ],
  commandLists: ['pre_run_cmds', 'post_run_cmds'],
});

/** Merges the coverage databases of the builds. */
export const COV_MERGE = jobKind({
  type: 'CovMerge',
  target: 'cov_merge',
  weight: 10,
  line: ['cov_merge_cmd', 'cov_merge_opts'],
  needs: ['cov_merge_dir', 'cov_merge_db_dir'],
});

/** Writes a report of the merged coverage. */
export const COV_REPORT = jobKind({
  type: 'CovReport',
  target: 'cov_report',
  weight: 10,
  line: ['cov_report_cmd', 'cov_report_opts'],
  needs: ['cov_report_dir', 'cov_merge_db_dir', 'cov_report_txt'],
});

/** Annotates a verification plan with the coverage report. */
export const COV_VPLAN = jobKind({
  type: 'CovVPlan',
  target: 'cov_vplan',
  weight: 10,
  line: ['proj_root', 'vplan'],
  needs: ['dut_instance'],
});

/** Looks for unreachable coverage. */
export const COV_UNR = jobKind({
  type: 'CovUnr',
  target: 'cov_unr',
  line: [
    ...['proj_root', ...FILE_LIST, 'build_dir'],
    ...['cov_unr_build_cmd', 'cov_unr_build_opts', 'cov_unr_run_cmd', 'cov_unr_run_opts'],
  ],
  needs: ['cov_unr_dir', 'cov_merge_db_dir', 'build_fail_patterns'],
});

/** Opens the coverage of the last run. */
export const COV_ANALYZE = jobKind({
  type: 'CovAnalyze',
  target: 'cov_analyze',
  line: ['proj_root', 'cov_analyze_cmd', 'cov_analyze_opts'],
  needs: ['cov_analyze_dir', 'cov_merge_db_dir'],
});
