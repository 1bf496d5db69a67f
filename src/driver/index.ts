// Public surface of the driver: starts a run and lets it be changed.
export * from './run.js';
export * from './signals.js';
