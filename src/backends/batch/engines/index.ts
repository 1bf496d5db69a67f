// The batch engines that ship with Regatta.
import type { BatchEngine } from '../engine.js';
import { HTCONDOR } from './htcondor.js';
import { LSF } from './lsf.js';
import { NC } from './nc.js';
import { PBS } from './pbs.js';
import { SGE } from './sge.js';
import { SLURM } from './slurm.js';

export const BATCH_ENGINES: readonly BatchEngine[] = [SLURM, SGE, LSF, PBS, HTCONDOR, NC];
