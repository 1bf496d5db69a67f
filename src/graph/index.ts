// Public surface of the graph layer.
export { buildGraph, type BuildOptions } from './build.js';
export { findCycles, formatCycle } from './cycle.js';
export { formatGraph, type GraphFormat } from './export.js';
export { reverseEdges, rowOf, type EdgeTable, type JobGraph } from './graph.js';
