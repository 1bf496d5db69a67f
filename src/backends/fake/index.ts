// The fake backend; re-exports only.
export type { FakeDefaults, FakeFaults } from './behaviour.js';
export * from './fake-backend.js';
