// Helpers for who tests Regatta, or builds on it.
export { VirtualClock } from '../driver/virtual-clock.js';
export { simulate, type SimulationReport } from './simulator/simulate.js';
export type { Faults, Scenario } from './simulator/scenario.js';
export * from './conformance/index.js';
