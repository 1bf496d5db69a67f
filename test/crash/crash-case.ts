// Runs the real command, kills it at chosen records of its journal, resumes the run, and checks what came of it against a run that nobody
// disturbed. Knows what is promised, not how it is kept.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  readdirSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { findByTokenPrefix, makeTokenPrefix } from '../../src/backends/local/process-table.js';
import { readRunRecord, type RunRecord } from '../../src/cli/run-record.js';
import { readJournal } from '../../src/journal/index.js';
import { findProcessState, type ProcessIdentity } from '../../src/util/process-identity.js';
import type { JobResult, Results } from '../../src/results/schema.js';
import { eventually } from '../support/eventually.js';
import { fromRepoRoot } from '../support/repo-root.js';
import type { CrashJob } from './crash-jobs.js';

/** Where a process is killed: at a record that it writes to the journal, whole, or with that share of it written. */
export interface CrashPoint {
  /** From 1; the first of a new run is the header of its journal. */
  readonly record: number;
  readonly share?: number;
}

/** One run and its interruptions: the first process is killed at the first point, the one that resumes the run at the next. */
export interface CrashCase {
  readonly jobs: readonly CrashJob[];
  readonly policy: 'kill' | 'keep';
  readonly points: readonly CrashPoint[];
}

/** What a run comes to, whenever and however often it ran. */
export interface Outcome {
  readonly exitCode: number | null;
  /** Without what differs between two runs of the same jobs. */
  readonly results: unknown;
  /** How often each job was started, by name. */
  readonly starts: ReadonlyMap<string, number>;
}

/** What was seen of a case. */
export interface CrashReport {
  /** Processes that were killed. */
  readonly crashes: number;
  /** Jobs that were with the backend then, and how many of them were started again. */
  readonly inFlight: number;
  readonly startedAgain: number;
}

/** Runs jobs that nobody disturbs. */
export async function runUndisturbed(dir: string, jobs: readonly CrashJob[]): Promise<Outcome> {
  const site = new Site(dir, { jobs, policy: 'kill', points: [] });
  const exitCode = await site.run(null);
  return site.outcome(exitCode);
}

/** Number of records in the journal of the run under `dir`. */
export function countRecords(dir: string): number {
  return readFileSync(join(dir, LATEST, 'journal.jsonl'), 'utf8').split('\n').length - 1;
}

/** @throws Error with every promise that was not kept. */
export async function runCrashCase(
  dir: string,
  crashCase: CrashCase,
  expected: Outcome,
): Promise<CrashReport> {
  const site = new Site(dir, crashCase);
  const snapshots: Snapshot[] = [];
  let exitCode: number | null = null;
  for (const point of [...crashCase.points, null]) {
    exitCode = await site.run(point);
    if (exitCode !== null) break;
    snapshots.push(await site.takeSnapshot());
  }
  const problems = [
    ...compare(expected, site.outcome(exitCode)),
    ...checkStarts({ expected, actual: site.outcome(exitCode), snapshots, policy: crashCase.policy }),
    ...(await site.findDoubleEnds()),
    ...(await site.findRemains()),
  ];
  if (problems.length > 0) {
    throw new Error([describeCase(crashCase), ...problems, ...site.readWords()].join('\n  '));
  }
  const flights = snapshots.flatMap(({ inFlight }) => [...inFlight]);
  const again = flights.filter((name) => (site.startsOf(name) ?? 0) > 1);
  return { crashes: snapshots.length, inFlight: flights.length, startedAgain: new Set(again).size };
}

/** A case in one line. */
function describeCase({ jobs, policy, points }: CrashCase): string {
  const places = points.map(({ record, share }) =>
    share === undefined ? `after record ${record}` : `with ${share.toFixed(3)} of record ${record} written`,
  );
  return `${jobs.length} jobs, --on-head-death ${policy}, killed ${places.join(', then ')}`;
}

const LATEST = join('scratch', '.regatta', 'latest');

/** What was known when a process had been killed. */
interface Snapshot {
  /** Starts of the jobs whose pass or failure was on record. */
  readonly recorded: ReadonlyMap<string, number>;
  /** Jobs that were with the backend. */
  readonly inFlight: ReadonlySet<string>;
}

/** The folder of one run. */
class Site {
  readonly #dir: string;
  readonly #policy: string;
  readonly #starts: string;
  readonly #names: readonly string[];
  #processes = 0;

  constructor(dir: string, { jobs, policy }: CrashCase) {
    this.#dir = dir;
    this.#policy = policy;
    this.#starts = join(dir, 'starts');
    this.#names = jobs.map(({ full_name }) => full_name);
    mkdirSync(this.#starts, { recursive: true });
    writeFileSync(join(dir, 'jobs.jsonl'), jobs.map((job) => `${JSON.stringify(job)}\n`).join(''));
  }

  /** Begins the run, or resumes it. @returns the exit code; null when the process was killed. */
  async run(point: CrashPoint | null): Promise<number | null> {
    const isFirst = this.#processes++ === 0;
    const argv = isFirst
      ? ['run', 'jobs.jsonl', '-mp', '4', '--on-head-death', this.#policy, '--status', 'none', '--self-check']
      : ['resume', '--status', 'none'];
    const words = openSync(join(this.#dir, `words-${this.#processes}`), 'w');
    try {
      const child = spawn(process.execPath, [...preload(point), fromRepoRoot('bin/regatta'), ...argv], {
        cwd: this.#dir,
        env: { ...process.env, STARTS: this.#starts },
        stdio: ['ignore', 'ignore', words],
      });
      const [code] = (await once(child, 'exit')) as [number | null];
      return code;
    } finally {
      closeSync(words);
    }
  }

  async takeSnapshot(): Promise<Snapshot> {
    const { source, state } = await this.#readRecord();
    const nameOf = (job: number): string => source.jobs[job]?.fullName ?? '';
    const { ended, inFlight } = state.recover();
    return {
      recorded: new Map(ended.map(({ job }) => [nameOf(job), this.startsOf(nameOf(job)) ?? 0])),
      inFlight: new Set(inFlight.map(({ job }) => nameOf(job))),
    };
  }

  outcome(exitCode: number | null): Outcome {
    const path = join(this.#dir, LATEST, 'results.json');
    const results = existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Results) : null;
    return {
      exitCode,
      results: results === null ? null : withoutChance(results, this.#dir),
      starts: new Map(this.#names.map((name) => [name, this.startsOf(name) ?? 0])),
    };
  }

  startsOf(name: string): number | undefined {
    const path = join(this.#starts, name);
    return existsSync(path) ? readFileSync(path, 'utf8').length / 'x\n'.length : undefined;
  }

  /** Jobs whose own end is on record more than once. */
  async findDoubleEnds(): Promise<string[]> {
    const { directory, origin, source } = await this.#readRecord();
    const ends = new Map<number, number>();
    for (const entry of readJournal(directory.journal, { runId: origin.run_id, jobs: source.jobs.length })) {
      const isEnd =
        entry.kind === 'event' &&
        entry.event.kind === 'job-changed' &&
        (entry.event.to === 'passed' || entry.event.to === 'failed');
      if (isEnd) ends.set(entry.event.job, (ends.get(entry.event.job) ?? 0) + 1);
    }
    return [...ends]
      .filter(([, count]) => count > 1)
      .map(([job, count]) => `${source.jobs[job]?.fullName ?? ''} has ${count} ends on record`);
  }

  /** What is left of the run when it is over; waits a moment for what is just ending. */
  async findRemains(): Promise<string[]> {
    const { origin, directory } = await this.#readRecord();
    const prefix = makeTokenPrefix(origin.run_id);
    const look = (): string[] => [
      ...findByTokenPrefix(prefix).map(({ pid }) => `process ${pid} of the run is left`),
      ...readLaunchers(directory.ends)
        .filter((launcher) => findProcessState(launcher) === 'alive')
        .map(({ pid }) => `launcher ${pid} is left`),
    ];
    try {
      await eventually('all of it to be gone', () => look().length === 0, {
        timeoutMs: 30_000,
        intervalMs: 50,
      });
      return [];
    } catch {
      return look();
    }
  }

  /** What the processes said, for a failure's message. */
  readWords(): string[] {
    return readdirSync(this.#dir)
      .filter((name) => name.startsWith('words-'))
      .map((name) => `${name}: ${readFileSync(join(this.#dir, name), 'utf8').trim()}`);
  }

  async #readRecord(): Promise<RunRecord> {
    return readRunRecord(join(this.#dir, LATEST));
  }
}

function preload(point: CrashPoint | null): string[] {
  if (point === null) return [];
  const url = pathToFileURL(fromRepoRoot('test/crash/kill-at-record.mjs'));
  url.searchParams.set('record', String(point.record));
  if (point.share !== undefined) url.searchParams.set('share', String(point.share));
  return ['--import', url.href];
}

function readLaunchers(path: string): ProcessIdentity[] {
  const lines = readFileSync(path, 'utf8').split('\n').slice(0, -1);
  return lines.flatMap((line) => {
    const { launcher } = JSON.parse(line) as { readonly launcher?: ProcessIdentity };
    return launcher === undefined ? [] : [launcher];
  });
}

/** Fields of a job that differ between two runs of it. */
const BY_CHANCE: readonly (keyof JobResult)[] = [
  'attempts',
  'queued_s',
  'job_runtime_s',
  'started_at',
  'ended_at',
  'cpu_s',
  'max_rss_kib',
];

function withoutChance({ schema, exit_code, counts, jobs, buckets }: Results, dir: string): unknown {
  const kept = jobs.map((job) =>
    Object.fromEntries(
      Object.entries(job).filter(([field]) => !(BY_CHANCE as readonly string[]).includes(field)),
    ),
  );
  return JSON.parse(
    JSON.stringify({ schema, exit_code, counts, jobs: kept, buckets }).replaceAll(dir, ''),
  ) as unknown;
}

function compare(expected: Outcome, actual: Outcome): string[] {
  const problems: string[] = [];
  if (actual.exitCode !== expected.exitCode) {
    problems.push(`the exit code is ${String(actual.exitCode)}, not ${String(expected.exitCode)}`);
  }
  const [wanted, found] = [expected, actual].map(({ results }) =>
    JSON.stringify(results, null, 1).split('\n'),
  );
  const line = wanted?.findIndex((text, at) => text !== found?.[at]) ?? -1;
  if (line !== -1 || wanted?.length !== found?.length) {
    problems.push(
      `the results differ: ${found?.[line] ?? 'nothing'} instead of ${wanted?.[line] ?? 'nothing'}`,
    );
  }
  return problems;
}

interface StartFacts {
  readonly expected: Outcome;
  readonly actual: Outcome;
  readonly snapshots: readonly Snapshot[];
  readonly policy: 'kill' | 'keep';
}

function checkStarts({ expected, actual, snapshots, policy }: StartFacts): string[] {
  const problems: string[] = [];
  for (const [name, once] of expected.starts) {
    const starts = actual.starts.get(name) ?? 0;
    const flights = snapshots.filter(({ inFlight }) => inFlight.has(name)).length;
    // A job that was left to finish is adopted, whenever that is; another is started again, once for each crash.
    const most = policy === 'keep' || once === 0 ? once : once + flights;
    if (starts < once || starts > most) {
      problems.push(
        `${name} was started ${starts} times: it was in flight at ${flights} of ${snapshots.length} crashes`,
      );
    }
    for (const { recorded } of snapshots) {
      const before = recorded.get(name);
      if (before !== undefined && before !== starts)
        problems.push(`${name} was started again after its end was on record`);
    }
  }
  return problems;
}
