// Public surface of the scheduler core.
export { Core } from './core.js';
export type { CoreOptions } from './core-options.js';
export { InvariantError } from './job-table.js';
export type {
  Action,
  AnsweredAdoption,
  AnsweredSubmission,
  CoreEvent,
  JudgedEnd,
  LimitScope,
} from './messages.js';
