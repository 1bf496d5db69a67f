// What every report of a run is made from. Types only; knows neither where it comes from nor any format.
import type { JobResult, ResultsView, RunFacts } from '../results/index.js';

/** A run, as its record has it. */
export interface ReportView {
  readonly results: ResultsView;
  /** How it was started; null when its record does not say. */
  readonly facts: RunFacts | null;
  /** What is wrong with the record, one line each, for the reader of the report. */
  readonly notices: readonly string[];
  /** Words the command that runs a failed job again by hand; null when there is none. */
  readonly reproduce: (job: JobResult) => string | null;
}
