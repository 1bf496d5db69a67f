// What backends share to prepare a job's place on disk; re-exports only.
export { ENVIRONMENT_FILE, SCRIPT_FILE } from './job-files.js';
export * from './place-maker.js';
export * from './system-error.js';
