// The backend of dry runs; re-exports only.
export * from './dry-run-backend.js';
