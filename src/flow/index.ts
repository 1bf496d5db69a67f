// The DVSim Hjson front end: a config and options in, jobs out.
export type { CoverageInfo } from './coverage-jobs.js';
export type { FlowName } from './flow-config.js';
export * from './flow-plan.js';
export * from './load-flow.js';
export * from './option-table.js';
export * from './options.js';
export * from './prepare.js';
export * from './read-options.js';
export * from './run-option-table.js';
export type { Covergroup, Stage, Testplan, Testpoint } from './testplan.js';
export type { ConfigDict, ConfigValue } from './value.js';
export type { Workspace } from './workspace.js';
