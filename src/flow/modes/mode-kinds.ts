// The kinds of mode of the sim flow: build modes, run modes, tests and regressions, and their attributes.
import type { ModeKind } from './mode.js';

/** Options of a build, and of the runs that use it. Also used by the one-shot flows. */
export const BUILD_MODE: ModeKind = {
  label: 'build mode',
  subModes: 'en_build_modes',
  defaults: {
    is_sim_mode: 0,
    pre_build_cmds: [],
    post_build_cmds: [],
    en_build_modes: [],
    build_opts: [],
    post_build_opts: [],
    build_timeout_mins: null,
    pre_run_cmds: [],
    post_run_cmds: [],
    run_opts: [],
    sw_images: [],
    sw_build_opts: [],
  },
};

const runDefaults = {
  reseed: null,
  pre_run_cmds: [],
  post_run_cmds: [],
  en_run_modes: [],
  run_opts: [],
  uvm_test: '',
  uvm_test_seq: '',
  build_mode: '',
  run_timeout_mins: null,
  run_timeout_multiplier: null,
  sw_images: [],
  sw_build_device: '',
  sw_build_opts: [],
} as const;

/** Options of runs. */
export const RUN_MODE: ModeKind = { label: 'run mode', subModes: 'en_run_modes', defaults: runDefaults };

/** A test: a run mode that can be run. */
export const TEST: ModeKind = { label: 'test', subModes: 'en_run_modes', defaults: runDefaults };

/** Attributes of a test that the config's key of the same name fills in. */
export const TEST_FALLBACKS = [
  'reseed',
  'uvm_test',
  'uvm_test_seq',
  'build_mode',
  'sw_images',
  'sw_build_device',
  'sw_build_opts',
  'run_timeout_mins',
  'run_timeout_multiplier',
] as const;

/** A set of tests with options of its own. `tests` null: all tests. */
export const REGRESSION: ModeKind = {
  label: 'regression',
  defaults: {
    tests: null,
    test_names: [],
    reseed: null,
    excl_tests: [],
    en_sim_modes: [],
    en_run_modes: [],
    pre_build_cmds: [],
    post_build_cmds: [],
    pre_run_cmds: [],
    post_run_cmds: [],
    build_opts: [],
    post_build_opts: [],
    run_opts: [],
  },
};

/** Lists of a build mode that go to the build. */
export const BUILD_LISTS = ['pre_build_cmds', 'post_build_cmds', 'build_opts', 'post_build_opts'] as const;
/** Lists of any mode that go to the runs. */
export const RUN_LISTS = ['pre_run_cmds', 'post_run_cmds', 'run_opts'] as const;
/** Lists of any mode but a regression that say what software the runs need. */
export const SOFTWARE_LISTS = ['sw_images', 'sw_build_opts'] as const;
