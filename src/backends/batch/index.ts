// Batch engines: the interface of a description, and those that ship with Regatta. Re-exports only.
export * from './engine.js';
export { SLURM } from './engines/slurm.js';
