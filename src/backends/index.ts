// Backends that ship with Regatta.
export { DryRunBackend } from './dry-run/dry-run-backend.js';
export type { FakeDefaults, FakeFaults } from './fake/behaviour.js';
export { FakeBackend, type FakeOptions } from './fake/fake-backend.js';
export * from './batch/index.js';
export * from './local/index.js';
export type { BackendFactory, BackendFrame, PluginExport } from './plugin.js';
export * from './scratch/index.js';
