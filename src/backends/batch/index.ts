// Batch engines: the interface of a description, and those that ship with Regatta. Re-exports only.
export * from './engine.js';
export { HTCONDOR } from './engines/htcondor.js';
export { LSF } from './engines/lsf.js';
export { NC } from './engines/nc.js';
export { PBS } from './engines/pbs.js';
export { SGE } from './engines/sge.js';
export { SLURM } from './engines/slurm.js';
