// Reads the data embedded in the page back into a run that can be asked about each job. Knows no document.
import type { CodedTexts, Numbers, PageData, WiredJobs } from '../page-wire.js';
import { unpackTexts } from '../shared-texts.js';

/** Texts that repeat, by job. */
interface TextColumn {
  readonly values: readonly string[];
  /** Places in `values`; -1 for none. */
  readonly codes: Int32Array;
}

/** A number by job; null where there is none. */
type NumberColumn = (job: number) => number | null;

/** Everything the page shows, the jobs by their index. */
export interface RunData extends Omit<PageData, 'jobs' | 'missingLogs' | 'excerpts' | 'commands'> {
  readonly count: number;
  readonly fullName: readonly string[];
  readonly odir: readonly string[];
  readonly texts: Readonly<Record<TextField, TextColumn>>;
  readonly bucket: Int32Array;
  readonly numbers: Readonly<Record<NumberField, NumberColumn>>;
  /** Jobs whose log was not there when the page was made. */
  readonly missingLogs: ReadonlySet<number>;
  readonly excerpts: ReadonlyMap<number, readonly string[]>;
  readonly commands: ReadonlyMap<number, string>;
}

type FieldsOf<Column> = { [F in keyof WiredJobs]: WiredJobs[F] extends Column ? F : never }[keyof WiredJobs];

/** Fields of a job with texts that repeat. */
export type TextField = FieldsOf<CodedTexts>;

/** Fields of a job that are numbers. */
export type NumberField = FieldsOf<Numbers>;

/** @param json - What the maker of the report has embedded. */
export function readRunData(json: string): RunData {
  const { jobs, missingLogs, excerpts, commands, ...run } = JSON.parse(json) as PageData;
  const text = ({ values, codes }: CodedTexts): TextColumn => ({ values, codes: Int32Array.from(codes) });
  return {
    ...run,
    count: jobs.count,
    fullName: unpackTexts(jobs.fullName),
    odir: unpackTexts(jobs.odir),
    texts: {
      logPath: text(jobs.logPath),
      name: text(jobs.name),
      target: text(jobs.target),
      block: text(jobs.block),
      tool: text(jobs.tool),
      backend: text(jobs.backend),
      status: text(jobs.status),
      signal: text(jobs.signal),
      reasonKind: text(jobs.reasonKind),
      reasonMessage: text(jobs.reasonMessage),
    },
    bucket: Int32Array.from(jobs.bucket),
    numbers: {
      reasonLine: readNumbers(jobs.reasonLine),
      seed: readNumbers(jobs.seed),
      attempts: readNumbers(jobs.attempts),
      exitCode: readNumbers(jobs.exitCode),
      queuedS: readNumbers(jobs.queuedS),
      runtimeS: readNumbers(jobs.runtimeS),
      simulatedUs: readNumbers(jobs.simulatedUs),
      startedMs: readNumbers(jobs.startedMs),
      endedMs: readNumbers(jobs.endedMs),
      cpuS: readNumbers(jobs.cpuS),
      maxRssKib: readNumbers(jobs.maxRssKib),
    },
    missingLogs: new Set(missingLogs),
    excerpts: new Map(excerpts),
    commands: new Map(commands),
  };
}

function readNumbers(numbers: Numbers): NumberColumn {
  if ('all' in numbers) return () => numbers.all;
  const { each } = numbers;
  return (job) => each[job] ?? null;
}

/** The text of a field of a job; null where there is none. */
export function textOf(run: RunData, field: TextField, job: number): string | null {
  const { values, codes } = run.texts[field];
  return values[codes[job] ?? -1] ?? null;
}

/** The absolute path of a job's log. */
export function logPathOf(run: RunData, job: number): string {
  const path = textOf(run, 'logPath', job) ?? '';
  return path.startsWith('/') || path === '' ? path : `${run.odir[job] ?? ''}/${path}`;
}

/** Indices of the members of a bucket, in declaration order. */
export function membersOf(run: RunData, bucket: number): number[] {
  const members: number[] = [];
  run.bucket.forEach((code, job) => {
    if (code === bucket) members.push(job);
  });
  return members;
}
