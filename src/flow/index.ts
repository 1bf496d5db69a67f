// The DVSim Hjson front end: a config and options in, jobs out.
export type { CoverageInfo } from './sim/coverage-jobs.js';
export type { FlowName } from './config/flow-config.js';
export * from './flow-plan.js';
export * from './load-flow.js';
export * from './options/option-table.js';
export * from './options/options.js';
export * from './prepare.js';
export * from './options/read-options.js';
export * from './options/run-option-table.js';
export type { Covergroup, Stage, Testplan, Testpoint } from './testplan/testplan.js';
export type { ConfigDict, ConfigValue } from './config/value.js';
export type { Workspace } from './workspace.js';
