// Batch engines: one backend for all of them, the interface of a description, and those that ship with Regatta. Re-exports only.
export * from './batch-backend.js';
export * from './batch-settings.js';
export * from './engine.js';
export { HTCONDOR } from './engines/htcondor.js';
export { LSF } from './engines/lsf.js';
export { NC } from './engines/nc.js';
export { PBS } from './engines/pbs.js';
export { SGE } from './engines/sge.js';
export { BATCH_ENGINES } from './engines/index.js';
export { SLURM } from './engines/slurm.js';
export { DEFAULT_PACE, type Pace } from './pace.js';
