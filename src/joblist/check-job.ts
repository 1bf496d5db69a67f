// Words everything wrong with one job's shape: unknown, missing, doubled and mistyped fields. Knows no file and no place.
import { nearestName } from '../util/nearest.js';
import { FAKE_FIELDS, isForeignField, JOB_FIELDS, RESERVED_NAME } from './check-fields.js';
import type { JsonPath } from './locate-paths.js';
import { jobSchema } from './schema.js';

/** Something wrong inside one job. */
export interface Finding {
  /** Stable kebab-case kind, as in `Problem`. */
  readonly code: string;
  readonly message: string;
  readonly hint?: string | undefined;
  /** Where, from the job; empty: the job as a whole. */
  readonly path: JsonPath;
}

type Fields = Readonly<Record<string, unknown>>;

/**
 * Everything wrong with the shape of a job; empty when it is well-formed.
 *
 * @param value - As JSON was read.
 * @param position - Its place among the jobs, from 1; it names a job that has no name.
 */
export function findShapeProblems(value: unknown, position: number): Finding[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    const message = `job ${position} must be an object, not ${describeValue(value)}`;
    return [{ code: 'invalid-field', message, path: [] }];
  }
  const fields = value as Fields;
  const job = labelOf(fields, position);
  return [
    ...findNameProblems(fields, job),
    ...findReservedNames(fields, job),
    ...findSchemaProblems(fields, job),
  ];
}

/** `job "uart:smoke"`, or `job 3` when it has no name that can be shown. */
function labelOf(fields: Fields, position: number): string {
  const name = [fields.full_name, fields.id, fields.name].find((field) => typeof field === 'string');
  return name === undefined ? `job ${position}` : `job "${name}"`;
}

function findNameProblems(fields: Fields, job: string): Finding[] {
  const findings: Finding[] = [];
  if (!['full_name', 'name', 'id'].some((name) => Object.hasOwn(fields, name))) {
    findings.push({
      code: 'missing-field',
      message: `${job} has no full_name`,
      hint: 'give it a unique "full_name", or "name" or "id" to serve as one',
      path: [],
    });
  }
  if (Object.hasOwn(fields, 'deps') && Object.hasOwn(fields, 'dependencies')) {
    findings.push({
      code: 'conflicting-fields',
      message: `${job} has both deps and dependencies`,
      hint: 'they are one field: give only one of them',
      path: ['deps'],
    });
  }
  return findings;
}

/** The schema does not see this name: zod leaves it out of records. */
function findReservedNames(fields: Fields, job: string): Finding[] {
  return ['resources', 'exports']
    .filter((field) => isObject(fields[field]) && Object.hasOwn(fields[field], RESERVED_NAME))
    .map((field) => ({
      code: 'reserved-name',
      message: `${job}: ${field} may not have the name "${RESERVED_NAME}"`,
      path: [field, RESERVED_NAME],
    }));
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function findSchemaProblems(fields: Fields, job: string): Finding[] {
  const own = Object.fromEntries(Object.entries(fields).filter(([name]) => !isForeignField(name)));
  const issues = jobSchema.safeParse(own).error?.issues ?? [];
  return issues.flatMap((issue): Finding[] => {
    const path = issue.path as JsonPath;
    if (issue.code === 'unrecognized_keys') {
      const known = path.length === 0 ? JOB_FIELDS : FAKE_FIELDS;
      return issue.keys.map((name) => unknownField([...path, name], known, job));
    }
    return [mistypedField({ path, value: valueAt(fields, path), expected: issue.message }, job)];
  });
}

function unknownField(path: JsonPath, known: readonly string[], job: string): Finding {
  const message = `${job} has the unknown field ${formatPath(path)}`;
  return { code: 'unknown-field', message, hint: adviseOnField(String(path.at(-1)), known), path };
}

/** What the same things are called elsewhere. */
const OTHER_NAMES = new Map([
  ['command', 'cmd'],
  ['env', 'exports'],
  ['environment', 'exports'],
  ['timeout', 'timeout_mins'],
  ['depends_on', 'dependencies'],
  ['needs', 'dependencies'],
  ['priority', 'weight'],
  ['log', 'log_path'],
  ['cwd', 'odir'],
]);

function adviseOnField(name: string, known: readonly string[]): string {
  if (name === 'jobs') return 'a whole document is read from *.json';
  const others = known === JOB_FIELDS ? OTHER_NAMES.keys() : [];
  const nearest = nearestName(name.toLowerCase(), [...known, ...others]);
  if (nearest === undefined) return 'a field of your own is called x_...';
  return `did you mean "${OTHER_NAMES.get(nearest) ?? nearest}"?`;
}

interface Mistyped {
  readonly path: JsonPath;
  readonly value: unknown;
  /** What stands after "must be". */
  readonly expected: string;
}

function mistypedField({ path, value, expected }: Mistyped, job: string): Finding {
  if (value === undefined) {
    const parent = path.slice(0, -1);
    const owner = parent.length === 0 ? job : `${job}: ${formatPath(parent)}`;
    return { code: 'missing-field', message: `${owner} has no ${String(path.at(-1))}`, path: parent };
  }
  const message = `${job}: ${formatPath(path)} must be ${expected}, not ${describeValue(value)}`;
  return { code: 'invalid-field', message, path };
}

function valueAt(root: unknown, path: JsonPath): unknown {
  let value = root;
  for (const segment of path) value = (value as Record<string | number, unknown>)[segment];
  return value;
}

/** `resources.VCS`, `pass_patterns[1]`, `exports["odd name"]`. */
function formatPath(path: JsonPath): string {
  return path
    .map((segment, at) => {
      if (typeof segment === 'number') return `[${segment}]`;
      if (at === 0) return /^[\w$-]+$/.test(segment) ? segment : JSON.stringify(segment);
      return /^\w+$/.test(segment) ? `.${segment}` : `[${JSON.stringify(segment)}]`;
    })
    .join('');
}

const MAX_SHOWN_TEXT = 40;

function describeValue(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  switch (typeof value) {
    case 'object':
      return value === null ? 'null' : 'an object';
    case 'number':
      // JSON has no way to write infinity but a number like 1e999.
      return Number.isFinite(value) ? String(value) : 'a number too large to hold';
    case 'string': {
      const shown = value.length > MAX_SHOWN_TEXT ? `${value.slice(0, MAX_SHOWN_TEXT)}...` : value;
      return JSON.stringify(shown);
    }
    default:
      return String(value);
  }
}
