// Outcomes and results of a run: judging jobs by their logs, and what is kept of each for results.json and the reports.
export * from './buckets/buckets.js';
export * from './buckets/normalise.js';
export * from './buckets/signature.js';
export * from './collector.js';
export * from './coverage/drop-coverage.js';
export * from './flow-record.js';
export * from './judge.js';
export type { LogScannerOptions } from './log-scan/log-scanner.js';
export * from './lower-bound.js';
export * from './read-flow-record.js';
export * from './read-results.js';
export * from './results-json.js';
export * from './run-facts.js';
export * from './schema.js';
export * from './testplan/map-testplan.js';
export * from './testplan/progress.js';
export * from './write-file.js';
