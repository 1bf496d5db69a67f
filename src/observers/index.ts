// Observers that ship with Regatta: status display, links to the output, event log.
export * from './event-log.js';
export * from './log-links/index.js';
export * from './status/index.js';
