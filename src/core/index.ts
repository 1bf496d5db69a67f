// Public surface of the scheduler core.
export { Core, type CoreOptions } from './core.js';
export { InvariantError } from './job-table.js';
export type { Action, AnsweredSubmission, CoreEvent, JudgedEnd, LimitScope } from './messages.js';
