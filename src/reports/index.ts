// Reports of a run, made from its results: terminal summary, JUnit XML, trace.
export * from './csv.js';
export * from './junit.js';
export * from './markdown.js';
export * from './report-view.js';
export * from './reproduce.js';
export * from './summary.js';
export * from './survey.js';
export * from './trace.js';
