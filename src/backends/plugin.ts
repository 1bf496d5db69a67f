// What a plugin gives to Regatta: batch engines, or backends of its own. Types, and a check of what a module really exports.
import type { Backend } from '../model/backend.js';
import type { Clock } from '../model/clock.js';
import type { BatchEngine } from './batch/engine.js';
import { isRecord } from '../util/is-record.js';

/** What a backend of a plugin is made with. */
export interface BackendFrame {
  /** Unique among runs; letters, digits and `-`. */
  readonly runId: string;
  /** Directory for the backend's own files, absolute; not made yet. It outlives the process, so that jobs can be adopted. */
  readonly directory: string;
  readonly clock: Clock;
  /** Time between asking a job to end and ending it by force, in milliseconds, >= 0. */
  readonly killGraceMs: number;
  /** Output directories to keep of a job that renews its own, the new one included. */
  readonly maxOdirs: number;
  /** What the config file and `--backend-opt` say of the backend, but for `max_jobs`, which is kept already. */
  readonly options: Readonly<Record<string, string | readonly string[]>>;
  /** Told, in one line, of what went wrong without harming a job. */
  readonly warn: (message: string) => void;
}

/** A backend of a plugin. */
export interface BackendFactory {
  /** Name for `--backend` and for jobs: lower-case letters, digits and `-`. */
  readonly name: string;
  /** Called once a run that has jobs for it. @throws UserError when the options are no good. */
  readonly create: (frame: BackendFrame) => Backend;
}

/** The default export of a plugin module: an engine, a backend, or a list of them. */
export type PluginExport = BatchEngine | BackendFactory | readonly (BatchEngine | BackendFactory)[];

/** What a plugin holds. */
export interface PluginParts {
  readonly engines: readonly BatchEngine[];
  readonly factories: readonly BackendFactory[];
}

const NAME = /^[a-z][a-z0-9-]{0,31}$/;

/** Members of an engine's description, and what each must be; `nullable` ones may be null. */
const ENGINE_MEMBERS: Readonly<Record<keyof BatchEngine, (value: unknown) => boolean>> = {
  name: (value) => typeof value === 'string',
  title: (value) => typeof value === 'string',
  programs: (value) => Array.isArray(value) && value.every((one) => typeof one === 'string'),
  options: (value) => isRecord(value) && Object.values(value).every(isOption),
  taskVariable: (value) => typeof value === 'string' && /^[A-Za-z_]\w*$/.test(value),
  ownVariables: (value) => value instanceof RegExp,
  withheldVariables: (value) => value === undefined || value instanceof RegExp,
  ownArguments: (value) => value === undefined || value instanceof RegExp,
  forgetsCancelled: (value) => value === undefined || typeof value === 'boolean',
  probe: (value) => isRecord(value) && typeof value.program === 'string' && Array.isArray(value.args),
  readProbe: isFunction,
  submit: isFunction,
  readSubmit: isFunction,
  query: isFunction,
  readQuery: isFunction,
  history: (value) =>
    value === null || (isRecord(value) && isFunction(value.command) && isFunction(value.read)),
  askToEnd: (value) => value === null || isFunction(value),
  cancel: isFunction,
};

/**
 * The parts of what a plugin module exports by default.
 * @returns A text where it is none: what is wrong with it, as the end of a sentence.
 */
export function readPluginExport(exported: unknown): PluginParts | string {
  const parts = Array.isArray(exported) ? (exported as readonly unknown[]) : [exported];
  const engines: BatchEngine[] = [];
  const factories: BackendFactory[] = [];
  for (const part of parts) {
    const wrong = checkPart(part);
    if (wrong !== null) return wrong;
    if (isFactory(part)) factories.push(part);
    else engines.push(part as BatchEngine);
  }
  if (parts.length === 0) return 'exports an empty list';
  return { engines, factories };
}

function isFactory(part: unknown): part is BackendFactory {
  return isRecord(part) && 'create' in part;
}

function checkPart(part: unknown): string | null {
  if (part === undefined) return 'has no default export';
  if (!isRecord(part)) return `exports ${describe(part)}, neither a batch engine nor a backend`;
  const { name } = part;
  if (typeof name !== 'string' || !NAME.test(name)) {
    return `exports something whose name is ${describe(name)}, not lower-case letters, digits and -`;
  }
  if (isFactory(part)) return isFunction(part.create) ? null : `exports ${name}, whose create is no function`;
  const bad = Object.entries(ENGINE_MEMBERS).filter(([member, isGood]) => !isGood(part[member]));
  if (bad.length === 0) return null;
  const words = bad.map(([member]) =>
    member in part ? `${member} is ${describe(part[member])}` : `${member} is missing`,
  );
  return `exports ${name}, which is neither a backend (no create) nor a batch engine: ${words.join(', ')}`;
}

function describe(value: unknown): string {
  if (value === undefined || value === null) return String(value);
  return Array.isArray(value)
    ? 'a list'
    : typeof value === 'string'
      ? JSON.stringify(value)
      : `a ${typeof value}`;
}

function isOption(value: unknown): boolean {
  return (
    isRecord(value) &&
    typeof value.help === 'string' &&
    (value.check === undefined || isFunction(value.check))
  );
}

function isFunction(value: unknown): boolean {
  return typeof value === 'function';
}
