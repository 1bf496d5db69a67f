// The package's main entry: what it takes to run jobs from another program. Re-exports only; each folder is a subpath too.
export * from './backends/index.js';
export * from './driver/index.js';
export * from './graph/index.js';
export * from './model/index.js';
export * from './policy/index.js';
export * from './results/index.js';
