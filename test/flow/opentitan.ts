// The real project and the recorded job specs that the flow tests compare with; both lie beside the repository.
import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import type { FlowOptions, OptionEntry } from '../../src/flow/index.js';
import { FLOW_OPTIONS, readFlowOptions } from '../../src/flow/index.js';
import { toWire } from '../../src/joblist/index.js';
import type { JobSpec } from '../../src/model/index.js';
import { fromRepoRoot } from '../support/repo-root.js';
import { needs } from '../support/needs.js';

/** Root of the project whose configs are loaded. */
export const PROJECT = realPathOf(fromRepoRoot('../shared/opentitan'));
/** Where its jobs would write; nothing is written there by loading. */
const SCRATCH = '/nowhere/scratch';

/** Loading follows links in the config's own path. */
function realPathOf(path: string): string {
  return existsSync(path) ? realpathSync(path) : path;
}

const ORACLE = fromRepoRoot('../shared/oracle');

/** Tests that need the project and the recorded specs. */
export const withProject = needs('../shared/opentitan', '../shared/oracle');

/** A job spec as recorded. */
export type RecordedJob = Readonly<Record<string, unknown>>;

/** The job specs that one command line made. */
export interface Recording {
  readonly file: string;
  readonly config: string;
  readonly options: FlowOptions;
  readonly jobs: readonly RecordedJob[];
}

/** All recordings, by name of file; none where they are missing. */
export function readRecordings(): Recording[] {
  if (withProject.missing !== undefined) return [];
  const files = readdirSync(ORACLE).filter((name) => name.endsWith('.json'));
  return files.map((file) => {
    const dump = JSON.parse(readFileSync(`${ORACLE}/${file}`, 'utf8')) as {
      command: string[];
      jobs: RecordedJob[];
    };
    const [, config = '', ...args] = dump.command;
    return { file, config, options: optionsOf(args), jobs: dump.jobs };
  });
}

/** Options of a recorded command line, with those that all recordings were made with. */
function optionsOf(args: readonly string[]): FlowOptions {
  const raw: Record<string, string[] | true> = {};
  let entry: OptionEntry | undefined;
  for (const arg of args) {
    const next = FLOW_OPTIONS.find(({ long, short }) => arg === long || arg === short);
    if (next !== undefined) {
      entry = next;
      raw[entry.field] = entry.arity === 'flag' ? true : [];
    } else if (entry !== undefined) {
      (raw[entry.field] as string[]).push(...expandRange(arg));
    }
  }
  return { ...readFlowOptions(raw), projRoot: PROJECT, scratchRoot: SCRATCH, branch: 'oracle' };
}

/** `1..5` stands for 1 2 3 4 5. */
function expandRange(arg: string): string[] {
  const match = /^(\d+)\.\.(\d+)$/.exec(arg);
  if (match === null) return [arg];
  const [from, to] = [Number(match[1]), Number(match[2])];
  return Array.from({ length: to - from + 1 }, (_, i) => String(from + i));
}

/** A job spec in the form of a recording: its field names, and placeholders for the roots. */
export function recordedForm(spec: JobSpec): RecordedJob {
  const text = JSON.stringify(toWire(spec)).replaceAll(PROJECT, '@PROJ@').replaceAll(SCRATCH, '@SCRATCH@');
  return JSON.parse(text) as RecordedJob;
}
