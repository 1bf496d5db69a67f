// The status display.
export * from './create-display.js';
export * from './status-stream.js';
