// Limits and what is in use of them.
export * from './constraints.js';
export * from './ledger.js';
