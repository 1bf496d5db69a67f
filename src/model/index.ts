// Public words of Regatta.
export * from './backend.js';
export * from './clock.js';
export * from './end-facts.js';
export * from './job-spec.js';
export * from './outcome.js';
export * from './problem.js';
export * from './reason.js';
export * from './recovery.js';
export * from './run-event.js';
export * from './run-recorder.js';
export * from './status.js';
