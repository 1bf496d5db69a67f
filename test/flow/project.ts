// A small project for the flow tests: a sim config with every key a job needs, to be varied by each test.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect } from 'vitest';
import { loadFlow, type FlowOptions, type FlowPlan, type FlowSurroundings } from '../../src/flow/index.js';
import { UserError, type JobSpec } from '../../src/model/index.js';
import { makeTempDir } from '../support/temp-dir.js';

/** Keys every sim config needs; tests add theirs. */
const SIM_BASE = `
  flow: sim
  tool: icarus
  flow_makefile: "{proj_root}/sim.mk"
  scratch_base_path: "{scratch_root}/{branch}"
  scratch_path: "{scratch_base_path}/{dut}-{flow}-{tool}"
  build_dir: "{scratch_path}/{build_mode}"
  build_cmd: "{job_prefix} compile"
  build_pass_patterns: []
  build_fail_patterns: ["^ERROR"]
  sv_flist_gen_cmd: ""
  sv_flist_gen_dir: ""
  sv_flist_gen_opts: []
  run_dir_name: "{index}.{test}"
  run_dir: "{scratch_path}/{run_dir_name}/latest"
  run_cmd: "{build_dir}/sim"
  run_pass_patterns: ["^PASSED$"]
  run_fail_patterns: ["^FAILED"]
  sw_build_cmd: ""
  sw_build_device: ""
  uvm_test: ""
  uvm_test_seq: ""
  cov_db_dir: "{scratch_path}/cov/{build_mode}"
  cov_db_test_dir: "{cov_db_dir}/{test}.{svseed}"
  cov_merge_dir: "{scratch_path}/cov_merge"
  cov_merge_db_dir: "{cov_merge_dir}/merged"
  cov_merge_cmd: merge
  cov_merge_opts: ["{cov_db_dirs}"]
  cov_report_dir: "{scratch_path}/cov_report"
  cov_report_cmd: report
  cov_report_opts: ["{cov_merge_db_dir}"]
  cov_report_txt: "{cov_report_dir}/report.txt"
  reseed: 1
  build_modes: [
    { name: "waves_off", is_sim_mode: 1 }
    { name: "xprop", is_sim_mode: 1 }
    { name: "cov", is_sim_mode: 1, build_opts: ["-cov"] }
  ]
`;

/** A folder of config files. */
export class Project {
  readonly root = makeTempDir();

  /** Writes files; paths are relative to the root. */
  constructor(files: Readonly<Record<string, string>> = {}) {
    this.write({ 'base.hjson': `{${SIM_BASE}}`, ...files });
  }

  write(files: Readonly<Record<string, string>>): void {
    for (const [path, text] of Object.entries(files)) {
      const file = this.path(path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
    }
  }

  /** Absolute path of a file of the project. */
  path(relative: string): string {
    return join(this.root, relative);
  }

  /** Loads a config of the project; nothing of the load depends on where or when the test runs. */
  load(config: string, options: FlowOptions = {}, surroundings: FlowSurroundings = {}): Promise<FlowPlan> {
    return loadFlow(
      this.path(config),
      { projRoot: this.root, scratchRoot: this.path('scratch'), branch: 'main', ...options },
      {
        env: { PATH: process.env['PATH'] },
        now: new Date('2026-11-24T09:30:05Z'),
        entropy: 'test',
        ...surroundings,
      },
    );
  }
}

/** Keys and values of a config. */
export type Keys = Readonly<Record<string, unknown>>;

/** A config file with these keys: one line for each key and list item. JSON is Hjson too. */
export function configText(keys: Keys): string {
  return JSON.stringify(keys, null, 1);
}

/** A project whose `sim.hjson` is the base with further keys. */
export function simProject(keys: Keys, files: Readonly<Record<string, string>> = {}): Project {
  const header = { name: 'block', dut: 'block', import_cfgs: ['{proj_root}/base.hjson'] };
  return new Project({ 'sim.hjson': configText({ ...header, ...keys }), ...files });
}

/** The jobs that the base with further keys gives. */
export async function jobsOf(keys: Keys, options: FlowOptions = {}): Promise<readonly JobSpec[]> {
  return (await simProject(keys).load('sim.hjson', options)).source.jobs;
}

/** Value of `key=...` on a job's command line, without quotes. */
export function argument(job: JobSpec | undefined, key: string): string | undefined {
  const match = new RegExp(` ${key}=('((?:[^']|'"'"')*)'|\\S*)`).exec(job?.cmd ?? '');
  const text = match?.[2] ?? match?.[1];
  return text?.replaceAll(`'"'"'`, "'").replace(/^''$/, '');
}

/** Runs a load that must fail; its problems, as printed, with the root of the project as `@`. */
export async function problemsOf(project: Project, load: Promise<unknown>): Promise<string[]> {
  const error = await load.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(UserError);
  return (error as UserError).message.replaceAll(project.root, '@').split('\n');
}
