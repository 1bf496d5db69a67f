// What every report of a run is made from. Types only; knows neither where it comes from nor any format.
import type {
  BlockCoverage,
  JobResult,
  OneShotResult,
  ResultsView,
  RunFacts,
  RunMetrics,
  TestplanProgress,
  Triage,
} from '../results/index.js';

/** A run, as its record has it. */
export interface ReportView {
  readonly results: ResultsView;
  /** How it was started; null when its record does not say. */
  readonly facts: RunFacts | null;
  /** What history made of its failures when it ended; null when there was no history. */
  readonly triage: Triage | null;
  /** Where its time and its resources went; null while it goes on, or when that was not kept. */
  readonly metrics: RunMetrics | null;
  /** What is wrong with the record, one line each, for the reader of the report. */
  readonly notices: readonly string[];
  /** Words the command that runs a failed job again by hand; null when there is none. */
  readonly reproduce: (job: JobResult) => string | null;
  /** Whether the log of a job is there; asked of jobs that did not pass. */
  readonly hasLog: (job: JobResult) => boolean;
  /** What a flow config adds; not there for a job list. */
  readonly flow?: FlowSections;
}

/** What the record of a flow, and the files of its tools, say of its blocks. In the order of the blocks. */
export interface FlowSections {
  readonly testplans: readonly TestplanProgress[];
  readonly coverage: readonly BlockCoverage[];
  readonly oneShot: readonly OneShotResult[];
}
