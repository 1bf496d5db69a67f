// Backends: what executes jobs.
export * from './dry-run/index.js';
export * from './fake/index.js';
export * from './local/index.js';
export * from './scratch/index.js';
