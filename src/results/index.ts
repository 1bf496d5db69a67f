// Outcomes and results of a run: judging by logs, and (to come) what is kept of every job.
export * from './judge.js';
export type { LogScannerOptions } from './log-scan/log-scanner.js';
