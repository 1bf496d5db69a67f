// Writes jobs as a job list of lines, without what reading fills in. Knows no file.
import type { JobSpec } from '../model/job-spec.js';
import { toWire, type WireJob } from './to-wire.js';

/** Values that a field has when it is left out, wherever the list is read. */
const DEFAULTS: Partial<Record<keyof WireJob, unknown>> = {
  job_type: null,
  target: 'run',
  backend: null,
  seed: null,
  block: null,
  tool: null,
  needs_all_dependencies_passing: true,
  weight: 1,
  timeout_mins: null,
  dry_run: false,
  interactive: false,
  renew_odir: false,
  fake: null,
};

/** One line a job, each with its newline. Reading them gives equal specs. */
export function* formatJobLines(jobs: Iterable<JobSpec>): Generator<string> {
  for (const spec of jobs) {
    const wire = toWire(spec);
    const kept: Partial<Record<keyof WireJob, unknown>> = {};
    for (const field of Object.keys(wire) as (keyof WireJob)[]) {
      const value = wire[field];
      if (value === DEFAULTS[field] || (field !== 'fake' && isEmpty(value))) continue;
      if ((field === 'name' || field === 'qual_name') && value === spec.fullName) continue;
      kept[field] = value;
    }
    yield `${JSON.stringify(kept)}\n`;
  }
}

/** Of a list or a table of names, none; an object with fields of a fixed number is never empty. */
function isEmpty(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  for (const _ in value) return false;
  return true;
}
