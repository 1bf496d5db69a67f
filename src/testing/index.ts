// Helpers for who tests Regatta, or builds on it.
export { simulate, type SimulationReport } from './simulator/simulate.js';
export type { Faults, Scenario } from './simulator/scenario.js';
