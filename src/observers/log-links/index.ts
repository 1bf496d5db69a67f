// Links to the jobs' output directories, by status.
export * from './log-links.js';
