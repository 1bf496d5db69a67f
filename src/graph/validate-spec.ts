// Checks one job spec on its own: numbers, command, environment, patterns. Knows nothing of other jobs.
import type { JobSpec } from '../model/job-spec.js';
import { compilePattern } from '../model/pattern.js';
import type { Problem } from '../model/problem.js';
import { countArgumentBytes, MAX_ARGUMENT_BYTES } from '../util/argument-limit.js';

/** Reports one problem of the job being checked. */
export type Complain = (problem: Omit<Problem, 'origin'>) => void;

/** Compiled-pattern and exports caches, so that thousands of jobs sharing them are checked once. */
export class SpecValidator {
  readonly #patterns = new Map<string, string | null>();
  readonly #exports = new WeakMap<object, string | null>();

  /** Reports everything wrong with `spec`, in field order. */
  validate(spec: JobSpec, complain: Complain): void {
    if (spec.fullName === '') complain({ code: 'empty-name', message: 'a job has an empty full_name' });
    if (spec.fullName.includes('\0'))
      complain({ code: 'nul-in-name', message: `${nameJob(spec)} has a NUL byte in its full_name` });
    this.#checkCommand(spec, complain);
    this.#checkNumbers(spec, complain);
    const environment = this.#checkExports(spec.exports);
    if (environment !== null)
      complain({ code: 'invalid-exports', message: `${nameJob(spec)}: ${environment}` });
    this.#checkPatterns(spec, spec.passPatterns, complain);
    this.#checkPatterns(spec, spec.failPatterns, complain);
  }

  #checkCommand(spec: JobSpec, complain: Complain): void {
    if (!/\S/.test(spec.cmd)) {
      complain({
        code: 'empty-cmd',
        message: `${nameJob(spec)} has an empty cmd`,
        hint: 'use "true" for a job that does nothing',
      });
    }
    const checkNul = (field: string, value: string): void => {
      if (!value.includes('\0')) return;
      complain({ code: 'nul-byte', message: `${nameJob(spec)} has a NUL byte in its ${field}` });
    };
    checkNul('cmd', spec.cmd);
    checkNul('odir', spec.odir);
    checkNul('log_path', spec.logPath);
  }

  #checkNumbers(spec: JobSpec, complain: Complain): void {
    if (!Number.isFinite(spec.weight)) {
      complain({
        code: 'invalid-weight',
        message: `${nameJob(spec)} has weight ${String(spec.weight)}`,
        hint: 'use a finite number',
      });
    }
    if (spec.timeoutMins !== null && !(spec.timeoutMins > 0 && Number.isFinite(spec.timeoutMins))) {
      complain({
        code: 'invalid-timeout',
        message: `${nameJob(spec)} has timeout_mins ${String(spec.timeoutMins)}`,
        hint: 'use a number above 0, or null for no limit',
      });
    }
    for (const [name, amount] of Object.entries(spec.resources)) {
      if (amount !== null && !(Number.isSafeInteger(amount) && amount >= 0)) {
        complain({
          code: 'invalid-resource',
          message: `${nameJob(spec)} asks for ${String(amount)} of resource "${name}"`,
          hint: 'use a whole number from 0, or null for an unlimited amount',
        });
      }
    }
    const duration = spec.fake?.durationS;
    if (duration !== undefined && !(duration >= 0 && Number.isFinite(duration))) {
      complain({
        code: 'invalid-duration',
        message: `${nameJob(spec)} has fake.duration_s ${String(duration)}`,
        hint: 'use a number from 0',
      });
    }
  }

  #checkExports(exports: Readonly<Record<string, string>>): string | null {
    const known = this.#exports.get(exports);
    if (known !== undefined) return known;
    const error = findExportsError(exports);
    this.#exports.set(exports, error);
    return error;
  }

  #checkPatterns(spec: JobSpec, patterns: readonly string[], complain: Complain): void {
    for (const pattern of patterns) {
      const error = this.#checkPattern(pattern);
      if (error === null) continue;
      const message = `${nameJob(spec)}: pattern /${pattern}/ is not a regular expression: ${error}`;
      complain({ code: 'invalid-pattern', message });
    }
  }

  #checkPattern(pattern: string): string | null {
    const known = this.#patterns.get(pattern);
    if (known !== undefined) return known;
    const compiled = compilePattern(pattern);
    const error = compiled.kind === 'invalid' ? compiled.message : null;
    this.#patterns.set(pattern, error);
    return error;
  }
}

/** Worded only for a complaint: most jobs give no cause for one. */
function nameJob({ fullName }: JobSpec): string {
  return `job "${fullName}"`;
}

function findExportsError(exports: Readonly<Record<string, string>>): string | null {
  for (const [name, value] of Object.entries(exports)) {
    if (name === '' || name.includes('=') || name.includes('\0'))
      return `exports has the invalid variable name ${JSON.stringify(name)}`;
    if (value.includes('\0')) return `the value of exports.${name} has a NUL byte`;
    const bytes = countArgumentBytes(`${name}=${value}`);
    if (bytes > MAX_ARGUMENT_BYTES) {
      return `exports.${name} takes ${String(bytes)} bytes; the system allows ${String(MAX_ARGUMENT_BYTES)} for one variable`;
    }
  }
  return null;
}
