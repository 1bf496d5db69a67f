// Rules of a run that can be chosen or reasoned about on their own.
export * from './priority.js';
export * from './retry.js';
