// What a job of a one-shot flow (lint, cdc, rdc, syn, formal) found. Types only; knows no file.
import type { TerminalStatus } from '../../model/status.js';

/** Severities, worst first. `review`: a person is to look at it. `waived`: somebody has. */
export const SEVERITIES = ['error', 'warning', 'review', 'info', 'waived'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** Messages of one severity in one part of the flow. */
export interface MessageBucket {
  /** `flow`, `lint`, `sdc`, `setup`, `cdc`, `elab`, ... */
  readonly category: string;
  readonly severity: Severity;
  readonly label: string;
  readonly count: number;
  /** The first of them; long ones are cut. */
  readonly examples: readonly string[];
  /** Whether the config counts it among those that make the job fail. */
  readonly is_fatal: boolean;
}

/** Properties by what became of them. A count is null where the tool does not tell. */
export interface FormalFigures {
  readonly proven: number | null;
  /** With a counterexample. */
  readonly failed: number | null;
  readonly undetermined: number | null;
  readonly covered: number | null;
  readonly unreachable: number | null;
  /** Names of those that failed, are undetermined or unreachable; the first of each. */
  readonly properties: {
    readonly failed: readonly string[];
    readonly undetermined: readonly string[];
    readonly unreachable: readonly string[];
  };
  /** As the tool words them: `90 %`. */
  readonly pass_rate: string | null;
  readonly cov_rate: string | null;
  readonly coverage: { readonly formal: string; readonly stimuli: string; readonly checker: string } | null;
}

/** Figures of a synthesis. Null where the tool does not tell. */
export interface SynthesisFigures {
  /** Thousands of gate equivalents. */
  readonly area_kge: number | null;
  /** Of each group of paths, by name; nanoseconds. Negative slack is a violation. */
  readonly timing: readonly {
    readonly group: string;
    readonly period_ns: number | null;
    readonly worst_slack_ns: number | null;
    readonly total_slack_ns: number | null;
  }[];
  readonly power_mw: number | null;
}

/** The results of one job. */
export interface OneShotResult {
  /** `name`, or `name/variant`. */
  readonly block: string;
  /** `lint`, `cdc`, `rdc`, `syn` or `formal`. */
  readonly flow: string;
  readonly tool: string;
  /** The build mode. */
  readonly mode: string;
  readonly full_name: string;
  readonly status: TerminalStatus;
  /** How many messages there are of each severity. */
  readonly counts: Readonly<Record<Severity, number>>;
  /** Those with messages, worst first. */
  readonly messages: readonly MessageBucket[];
  /** Only of the formal flow. */
  readonly formal: FormalFigures | null;
  /** Only of the syn flow. */
  readonly synthesis: SynthesisFigures | null;
  /** Where the tool's results are. */
  readonly results_file: string | null;
  /** What is missing or wrong, one line each. */
  readonly notices: readonly string[];
}
