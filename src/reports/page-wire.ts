// The data inside an HTML report, as its maker writes it and its page reads it. Types only.
import type { FlowTables, ReportTable } from './report-table.js';

/** Texts that begin alike: of each, how many characters it shares with the one before, and the rest. */
export interface SharedTexts {
  readonly shared: readonly number[];
  readonly rest: readonly string[];
}

/** Texts that repeat: each once, and for every job its place among them; -1 for none. */
export interface CodedTexts {
  readonly values: readonly string[];
  readonly codes: readonly number[];
}

/** A number a job, null where there is none; `all` where it is the same for every job. */
export type Numbers = { readonly each: readonly (number | null)[] } | { readonly all: number | null };

/** The jobs, a column a field, in declaration order. */
export interface WiredJobs {
  readonly count: number;
  readonly fullName: SharedTexts;
  readonly odir: SharedTexts;
  /** Below `odir`, or an absolute path where it lies elsewhere. */
  readonly logPath: CodedTexts;
  readonly name: CodedTexts;
  readonly target: CodedTexts;
  readonly block: CodedTexts;
  readonly tool: CodedTexts;
  readonly backend: CodedTexts;
  readonly status: CodedTexts;
  readonly signal: CodedTexts;
  readonly reasonKind: CodedTexts;
  readonly reasonMessage: CodedTexts;
  /** Codes are places in the list of buckets; -1 for a job in none. */
  readonly bucket: readonly number[];
  readonly reasonLine: Numbers;
  readonly seed: Numbers;
  readonly attempts: Numbers;
  readonly exitCode: Numbers;
  readonly queuedS: Numbers;
  readonly runtimeS: Numbers;
  readonly simulatedUs: Numbers;
  /** Milliseconds after the start of the run. */
  readonly startedMs: Numbers;
  readonly endedMs: Numbers;
  readonly cpuS: Numbers;
  readonly maxRssKib: Numbers;
}

/** Counts of the jobs of one block or target. */
export interface WiredGroup {
  readonly name: string;
  readonly total: number;
  readonly passed: number;
  readonly failed: number;
  readonly killed: number;
  /** Longest run time of a job, in seconds. */
  readonly longestS: number;
}

/** What came of running a failure again. */
export interface WiredRepro {
  readonly outcome: string;
  readonly words: string;
  readonly logPath: string;
  readonly waves: string | null;
}

/** Failures of one signature. */
export interface WiredBucket {
  readonly signature: string;
  readonly count: number;
  /** What history knows of it; null where there is none. */
  readonly news: { readonly isNew: boolean; readonly words: string } | null;
  /** Null where none was run again. */
  readonly repro: WiredRepro | null;
  /** Index of the job that stands for it. */
  readonly representative: number;
}

/** Numbers over the time of the run, at equal intervals from its start. */
export interface WiredCurve {
  readonly name: string;
  readonly values: readonly number[];
}

/** Where the time and the resources of the run went. */
export interface WiredMetrics {
  readonly tables: readonly ReportTable[];
  readonly intervalS: number;
  readonly running: readonly WiredCurve[];
  /** Jobs that are ready and have not started. */
  readonly waiting: readonly WiredCurve[];
  readonly backends: readonly WiredCurve[];
  readonly resources: readonly WiredCurve[];
}

/** Lines of a job's log, by the job's index. */
export type WiredExcerpt = readonly [job: number, lines: readonly string[]];

/** A command that runs a job again, by the job's index. */
export type WiredCommand = readonly [job: number, command: string];

/** Everything the page shows. */
export interface PageData {
  readonly runId: string;
  /** Absolute path of the folder the page was made for. */
  readonly folder: string;
  readonly startedAt: string;
  readonly endedAt: string | null;
  readonly exitCode: number | null;
  readonly makespanS: number | null;
  readonly counts: Readonly<Record<'total' | 'passed' | 'failed' | 'killed', number>>;
  readonly notices: readonly string[];
  readonly facts: readonly (readonly [label: string, text: string])[];
  readonly blocks: readonly WiredGroup[];
  readonly targets: readonly WiredGroup[];
  readonly buckets: readonly WiredBucket[];
  /** How many were tried again, and what came of it; null when none was. */
  readonly repros: string | null;
  /** What a flow config adds. */
  readonly tables: FlowTables;
  /** Failures of earlier runs that this one no longer has: signature and words. */
  readonly gone: readonly (readonly [signature: string, words: string])[];
  /** Null where it was not kept. */
  readonly metrics: WiredMetrics | null;
  readonly jobs: WiredJobs;
  /** Indices of jobs that did not pass and whose log was not there when the page was made. */
  readonly missingLogs: readonly number[];
  readonly excerpts: readonly WiredExcerpt[];
  readonly commands: readonly WiredCommand[];
}
