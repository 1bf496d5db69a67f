// Public surface of the job list reader.
export { parseJobList, type JobListFormat, type ParseOptions } from './parse-job-list.js';
export { readBytes } from './read-input.js';
export { readJobList, type ReadOptions } from './read-job-list.js';
export { formatJobLines } from './format-job-lines.js';
export { toWire, type WireJob } from './to-wire.js';
