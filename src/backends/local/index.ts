// The local backend: runs jobs on this machine. Re-exports only.
export type { HeadDeathPolicy, LauncherFacts } from './launcher-messages.js';
export { SpareLauncher } from './launcher-process.js';
export * from './local-backend.js';
export { makeToken, TOKEN_VARIABLE } from './process-table.js';
export * from './sweep.js';
