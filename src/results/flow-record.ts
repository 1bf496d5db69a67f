// What reports and `resume` need of a flow config beside its jobs, as it is kept in flow.json. Types and names only.

/** Name and version of the format. */
export const FLOW_RECORD_SCHEMA = 'regatta.flow/1';

/** Name of the file in the directory of a run. */
export const FLOW_RECORD_FILE = 'flow.json';

/** Name of the file beside it that keeps what the tools left. */
export const FLOW_RESULTS_FILE = 'flow-results.json';

/** A feature to be verified, and the tests that do. */
export interface TestpointRecord {
  readonly name: string;
  readonly desc: string;
  /** `V1`, `V2`, `V2S`, `V3`; `N.A.` for none. */
  readonly stage: string;
  /** Names of tests; empty: none is written yet. */
  readonly tests: readonly string[];
  /** False: not to be checked against results, and without tests here. */
  readonly is_mapped: boolean;
}

/** An item of the coverage model. */
export interface CovergroupRecord {
  readonly name: string;
  readonly desc: string;
}

/** The testplan of a block, with all it imports. */
export interface TestplanRecord {
  readonly file: string;
  /** By stage, then in declaration order. */
  readonly testpoints: readonly TestpointRecord[];
  /** By name. */
  readonly covergroups: readonly CovergroupRecord[];
}

/** Where the merged coverage of a block lies. Paths are absolute. */
export interface CoverageRecord {
  readonly merged_dir: string;
  readonly report_dir: string;
  /** The report in text form. */
  readonly report_file: string;
  /** Page of the report to show, below `report_dir`; empty when the config names none. */
  readonly report_page: string;
}

/** One block: a config that holds no further configs, or a variant of one. */
export interface BlockRecord {
  /** `name`, or `name/variant`; the `block` of its jobs in results.json. */
  readonly title: string;
  /** `sim`, `lint`, `cdc`, `rdc`, `syn` or `formal`. */
  readonly flow: string;
  readonly tool: string;
  /** The config file. */
  readonly file: string;
  /** Index of its first job in the run; its jobs are next to each other. */
  readonly first_job: number;
  readonly job_count: number;
  /** Null where the config names none. */
  readonly testplan: TestplanRecord | null;
  /** Null where no coverage is collected. */
  readonly coverage: CoverageRecord | null;
  /** Keys of the config that reports use, expanded: `message_buckets`, `fail_severities`, `sub_flow`, ... */
  readonly report_keys: Readonly<Record<string, unknown>>;
}

/** flow.json: written when a flow run starts, so that every report can be made again from the run's directory alone. */
export interface FlowRecord {
  readonly schema: typeof FLOW_RECORD_SCHEMA;
  /** Name of the config that was asked for. */
  readonly name: string;
  readonly flow: string;
  /** In the order of their jobs. */
  readonly blocks: readonly BlockRecord[];
  /** Where each run writes its coverage, by full name; what to remove when it does not pass. */
  readonly coverage_of_run: Readonly<Record<string, string>>;
}
