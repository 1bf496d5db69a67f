// Public surface of the driver: starts a run and lets it be changed.
export * from './real-clock.js';
export * from './run.js';
export * from './signals.js';
export * from './virtual-clock.js';
