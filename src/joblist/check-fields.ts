// Says fast whether a job is plainly well-formed. It agrees with the schema (a test holds them together), ten times as fast
// and without loading zod; what it refuses is looked at by the schema, which words what is wrong.
import type { AcceptedJob } from './schema.js';
import { isRecord } from '../util/is-record.js';

type Check = (value: unknown) => boolean;

const isText: Check = (value) => typeof value === 'string';
/** An empty path would be the working directory: the variable it was made of was not set. */
const isPath: Check = (value) => isText(value) && value !== '';
const isTextOrNull: Check = (value) => value === null || typeof value === 'string';
const isOptionalText: Check = (value) => value === undefined || isTextOrNull(value);
const isFlag: Check = (value) => typeof value === 'boolean';
const isNumber: Check = (value) => Number.isFinite(value);
const isNumberOrNull: Check = (value) => value === null || Number.isFinite(value);
const isWholeOrNull: Check = (value) => value === null || Number.isInteger(value);
const isTexts: Check = (value) => Array.isArray(value) && value.every(isText);
const isAnything: Check = () => true;

/** An object whose values all pass; no name of its own may be one that JavaScript gives a meaning to. */
function isRecordOf(value: unknown, check: Check): boolean {
  if (!isRecord(value)) return false;
  for (const name in value) {
    if (name === RESERVED_NAME || !check(value[name])) return false;
  }
  return true;
}

/** Assigning to this name on a plain object changes what the object is, so nothing may be called so. */
export const RESERVED_NAME = '__proto__';

const FAKE_CHECKS = new Map<string, Check>([
  ['duration_s', isNumber],
  ['status', (value) => value === 'passed' || value === 'failed' || value === 'killed'],
  ['message', isText],
]);

function isFake(value: unknown): boolean {
  if (!isRecord(value)) return value === null;
  return Object.entries(value).every(([name, field]) => FAKE_CHECKS.get(name)?.(field) === true);
}

const CHECKS = new Map<string, Check>(
  Object.entries({
    name: isText,
    full_name: isText,
    id: isText,
    qual_name: isText,
    job_type: isTextOrNull,
    target: isText,
    backend: isTextOrNull,
    resources: (value) => value === null || isRecordOf(value, isNumberOrNull),
    seed: isWholeOrNull,
    block: (value) =>
      value === null || (isRecord(value) && isText(value.name) && isOptionalText(value.variant)),
    tool: (value) =>
      value === null || (isRecord(value) && isText(value.name) && isOptionalText(value.version)),
    workspace_cfg: (value) =>
      value === null || (isRecord(value) && (value.scratch_path === undefined || isText(value.scratch_path))),
    dependencies: isTexts,
    deps: isTexts,
    needs_all_dependencies_passing: isFlag,
    weight: isNumber,
    timeout_mins: isNumberOrNull,
    cmd: isText,
    exports: (value) => isRecordOf(value, isText),
    dry_run: isFlag,
    interactive: isFlag,
    odir: isPath,
    renew_odir: isFlag,
    log_path: isPath,
    pass_patterns: isTexts,
    fail_patterns: isTexts,
    fake: isFake,
    links: isAnything,
    pre_launch: isAnything,
    post_finish: isAnything,
  } satisfies Record<keyof AcceptedJob, Check>),
);

/** The names of all fields of a job. */
export const JOB_FIELDS: readonly string[] = [...CHECKS.keys()];

/** The names of all fields of `fake`. */
export const FAKE_FIELDS: readonly string[] = [...FAKE_CHECKS.keys()];

/** Whether the producer keeps something of its own under this name; we ignore it. */
export function isForeignField(name: string): boolean {
  return name.startsWith('x_');
}

/** Whether `value`, as JSON was read, is a job with all it needs and nothing unknown. */
export function isWellFormedJob(value: unknown): value is AcceptedJob {
  if (!isRecord(value)) return false;
  for (const name in value) {
    const check = CHECKS.get(name);
    if (check === undefined ? !isForeignField(name) : !check(value[name])) return false;
  }
  const named = 'full_name' in value || 'name' in value || 'id' in value;
  return named && 'cmd' in value && !('deps' in value && 'dependencies' in value);
}
