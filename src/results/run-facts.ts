// What run.json says of a run, read back for reports. Knows no run directory and no layout of a report.
import { readFile } from 'node:fs/promises';
import { isRecord } from '../util/is-record.js';
import { TEXT_AT_ONCE } from '../util/read-at-once.js';

/** Revision of the source tree that held the input. */
export interface Revision {
  /** Full hash of the commit. */
  readonly commit: string;
  /** Null when no branch is checked out. */
  readonly branch: string | null;
  /** Whether tracked files differed from the commit when the run started. */
  readonly dirty: boolean;
}

/** What is known of how a run was started, by the names of run.json; null where it does not say. */
export interface RunFacts {
  readonly regatta_version: string | null;
  readonly node_version: string | null;
  readonly host: string | null;
  readonly cwd: string | null;
  /** Arguments of `regatta`. */
  readonly command: readonly string[] | null;
  readonly input: string | null;
  readonly scratch_root: string | null;
  readonly max_parallel: number | null;
  /** Units of each resource. */
  readonly resources: Readonly<Record<string, number>> | null;
  readonly default_backend: string | null;
  readonly git: Revision | null;
  /** Tools that jobs name. */
  readonly tools: readonly { readonly name: string; readonly version: string }[] | null;
}

/** Reads a run.json. Undefined when it cannot be read or is none: a report is worth having without it. */
export async function readRunFacts(path: string): Promise<RunFacts | undefined> {
  try {
    return parseRunFacts(await readFile(path, TEXT_AT_ONCE));
  } catch {
    // Missing, or torn: a run that was ended while it wrote its first file.
    return undefined;
  }
}

/** By hand: every run reads this when it ends, and a library for it takes longer to load than this to run. */
function parseRunFacts(json: string): RunFacts | undefined {
  const value: unknown = JSON.parse(json);
  if (!isRecord(value)) return undefined;
  return {
    regatta_version: textOf(value['regatta_version']),
    node_version: textOf(value['node_version']),
    host: textOf(value['host']),
    cwd: textOf(value['cwd']),
    command: isListOf(value['command'], isText) ? value['command'] : null,
    input: textOf(value['input']),
    scratch_root: textOf(value['scratch_root']),
    max_parallel: isNumber(value['max_parallel']) ? value['max_parallel'] : null,
    resources: isResources(value['resources']) ? value['resources'] : null,
    default_backend: textOf(value['default_backend']),
    git: isRevision(value['git']) ? value['git'] : null,
    tools: isListOf(value['tools'], isTool) ? value['tools'] : null,
  };
}

type Tool = NonNullable<RunFacts['tools']>[number];

const isText = (value: unknown): value is string => typeof value === 'string';
const isNumber = (value: unknown): value is number => typeof value === 'number';
const isTool = (value: unknown): value is Tool =>
  isRecord(value) && isText(value['name']) && isText(value['version']);
const isResources = (value: unknown): value is Record<string, number> =>
  isRecord(value) && Object.values(value).every(isNumber);
const isRevision = (value: unknown): value is Revision =>
  isRecord(value) &&
  isText(value['commit']) &&
  (value['branch'] === null || isText(value['branch'])) &&
  typeof value['dirty'] === 'boolean';

function isListOf<T>(value: unknown, isItem: (item: unknown) => item is T): value is readonly T[] {
  return Array.isArray(value) && value.every(isItem);
}

function textOf(value: unknown): string | null {
  return isText(value) ? value : null;
}
