// Puts a run into the form an HTML report carries: columns, each text once. Pure; knows no HTML.
import type {
  BucketRepro,
  BucketTriage,
  JobResult,
  ResultsView,
  RunMetrics,
  Triage,
} from '../results/index.js';
import { wordFacts } from './fact-words.js';
import { groupFlowTables } from './flow-tables.js';
import { findExcerpt } from './excerpt.js';
import { wordTriage } from './history-words.js';
import { makeMetricsTables } from './metrics-tables.js';
import type {
  CodedTexts,
  Numbers,
  PageData,
  WiredBucket,
  WiredCommand,
  WiredCurve,
  WiredExcerpt,
  WiredJobs,
  WiredMetrics,
  WiredRepro,
} from './page-wire.js';
import { countRepros, wordRepro } from './repro-words.js';
import type { ReportView } from './report-view.js';
import { packTexts } from './shared-texts.js';
import { surveyJobs } from './survey.js';
import { orderByNews } from './triage-order.js';

/** A browser is at ease with this many; of a larger run the failures come first, then what passed, as far as it goes. */
const MAX_JOBS = 100_000;

/** Characters of logs in a report: those of representatives, then of other failures while there is room. */
const MAX_EXCERPT_CHARS = 2_000_000;

/**
 * The data of the page.
 * @param folder - Absolute path of the folder it is made for.
 */
export function encodePage(view: ReportView, folder: string): PageData {
  const { results, facts, notices, metrics, triage, reproduce, hasLog } = view;
  const survey = surveyJobs(results);
  const { jobs, left } = chooseJobs(results);
  // Only those that can be in a bucket.
  const indexOf = new Map<string, number>();
  for (const [index, { full_name, status }] of jobs.entries()) {
    if (status !== 'passed') indexOf.set(full_name, index);
  }
  const known = orderByNews(survey.buckets, triage?.buckets ?? []);
  const buckets = known.flatMap(
    ({ bucket: { signature, count, representative, jobs: members, repro }, triage: news }) => {
      const index = indexOf.get(representative.full_name);
      return index === undefined
        ? []
        : [{ signature, count, news: toNews(news), repro: toRepro(repro), representative: index, members }];
    },
  );
  const more = left === 0 ? [] : [`${left} jobs, most of them passed, are counted here but not listed`];
  return {
    runId: results.run_id,
    folder,
    startedAt: results.started_at,
    endedAt: results.ended_at,
    exitCode: results.exit_code,
    makespanS: results.makespan_s,
    counts: results.counts,
    notices: [...notices, ...more],
    facts: facts === null ? [] : wordFacts(facts),
    blocks: survey.blocks,
    targets: survey.targets,
    buckets: buckets.map(({ signature, count, news, repro, representative }) => ({
      signature,
      count,
      news,
      repro,
      representative,
    })),
    repros: countRepros(results.buckets),
    gone: listGone(triage),
    metrics: metrics === null ? null : encodeMetrics(metrics),
    tables: groupFlowTables(view.flow),
    jobs: encodeJobs(jobs, Date.parse(results.started_at), listBuckets(jobs.length, indexOf, buckets)),
    missingLogs: listMissingLogs(jobs, hasLog),
    excerpts: chooseExcerpts(jobs, new Set(buckets.map(({ representative }) => representative))),
    commands: [...listCommands(jobs, reproduce)],
  };
}

function toNews(triage: BucketTriage | undefined): WiredBucket['news'] {
  return triage === undefined ? null : { isNew: triage.state === 'new', words: wordTriage(triage) };
}

function toRepro(repro: BucketRepro | undefined): WiredRepro | null {
  if (repro === undefined) return null;
  const { outcome, log_path: logPath, waves } = repro;
  return { outcome, words: wordRepro(repro), logPath, waves };
}

function listGone(triage: Triage | null): PageData['gone'] {
  const gone = triage?.buckets.filter(({ state }) => state === 'gone') ?? [];
  return gone.map((bucket) => [bucket.signature, wordTriage(bucket)]);
}

function encodeMetrics(metrics: RunMetrics): WiredMetrics {
  const { curves } = metrics;
  const list = (series: Readonly<Record<string, readonly number[]>>): WiredCurve[] =>
    Object.entries(series).map(([name, values]) => ({ name, values }));
  return {
    tables: makeMetricsTables(metrics),
    intervalS: curves.interval_s,
    running: list({ running: curves.slots }),
    waiting: list({ waiting: curves.queue }),
    backends: list(curves.backends),
    resources: list(curves.resources),
  };
}

/** Every job, or as many as a page can take, in declaration order; and how many are left out. */
function chooseJobs({ jobs, counts }: ResultsView): { jobs: JobResult[]; left: number } {
  const room = { failed: MAX_JOBS, passed: Math.max(0, MAX_JOBS - counts.failed - counts.killed) };
  const chosen: JobResult[] = [];
  let left = 0;
  for (const job of jobs) {
    if (room[job.status === 'passed' ? 'passed' : 'failed']-- > 0) chosen.push(job);
    else left++;
  }
  return { jobs: chosen, left };
}

/** For every one of `count` jobs the place of its bucket; -1 for none. */
function listBuckets(
  count: number,
  indexOf: ReadonlyMap<string, number>,
  buckets: readonly { readonly members: readonly string[] }[],
): number[] {
  const codes = new Array<number>(count).fill(-1);
  for (const [code, { members }] of buckets.entries()) {
    for (const name of members) {
      const index = indexOf.get(name);
      if (index !== undefined) codes[index] = code;
    }
  }
  return codes;
}

/** Each column is made when it is read, so that no more than one of a large run is held at a time. */
function encodeJobs(jobs: readonly JobResult[], startMs: number, bucket: readonly number[]): WiredJobs {
  const texts = (read: (job: JobResult) => string | null | undefined): CodedTexts =>
    codeTexts(jobs.map(read));
  const numbers = (read: (job: JobResult) => number | null | undefined): Numbers =>
    joinNumbers(jobs.map(read));
  return {
    count: jobs.length,
    get fullName() {
      return packTexts(jobs.map((job) => job.full_name));
    },
    get odir() {
      return packTexts(jobs.map((job) => job.odir));
    },
    get logPath() {
      return texts(shortenLogPath);
    },
    get name() {
      return texts((job) => job.name);
    },
    get target() {
      return texts((job) => job.target);
    },
    get block() {
      return texts((job) => job.block);
    },
    get tool() {
      return texts((job) => job.tool);
    },
    get backend() {
      return texts((job) => job.backend);
    },
    get status() {
      return texts((job) => job.status);
    },
    get signal() {
      return texts((job) => job.signal);
    },
    get reasonKind() {
      return texts((job) => job.reason?.kind);
    },
    get reasonMessage() {
      return texts((job) => job.reason?.message);
    },
    bucket,
    get reasonLine() {
      return numbers((job) => job.reason?.line);
    },
    get seed() {
      return numbers((job) => job.seed);
    },
    get attempts() {
      return numbers((job) => job.attempts);
    },
    get exitCode() {
      return numbers((job) => job.exit_code);
    },
    get queuedS() {
      return numbers((job) => job.queued_s);
    },
    get runtimeS() {
      return numbers((job) => job.job_runtime_s);
    },
    get simulatedUs() {
      return numbers((job) => job.simulated_time_us);
    },
    get startedMs() {
      return numbers((job) => (job.started_at === null ? null : Date.parse(job.started_at) - startMs));
    },
    get endedMs() {
      return numbers((job) => Date.parse(job.ended_at) - startMs);
    },
    get cpuS() {
      return numbers((job) => job.cpu_s);
    },
    get maxRssKib() {
      return numbers((job) => job.max_rss_kib);
    },
  };
}

function shortenLogPath({ odir, log_path: path }: JobResult): string {
  return odir !== '' && path.startsWith(`${odir}/`) ? path.slice(odir.length + 1) : path;
}

function codeTexts(texts: readonly (string | null | undefined)[]): CodedTexts {
  const codeOf = new Map<string, number>();
  const codes = texts.map((text) => {
    if (text === null || text === undefined) return -1;
    let code = codeOf.get(text);
    if (code === undefined) {
      code = codeOf.size;
      codeOf.set(text, code);
    }
    return code;
  });
  return { values: [...codeOf.keys()], codes };
}

function joinNumbers(given: readonly (number | null | undefined)[]): Numbers {
  const each = given.map((value) => value ?? null);
  const [first = null] = each;
  return each.every((value) => value === first) ? { all: first } : { each };
}

function chooseExcerpts(jobs: readonly JobResult[], representatives: ReadonlySet<number>): WiredExcerpt[] {
  const others = jobs.keys();
  const excerpts: WiredExcerpt[] = [];
  let room = MAX_EXCERPT_CHARS;
  const add = (index: number): void => {
    const lines = jobs[index] === undefined ? [] : findExcerpt(jobs[index]).map(({ text }) => text);
    if (lines.length === 0) return;
    room -= lines.reduce((sum, line) => sum + line.length, 0);
    excerpts.push([index, lines]);
  };
  representatives.forEach(add);
  for (const index of others) {
    if (room <= 0) break;
    if (!representatives.has(index)) add(index);
  }
  return excerpts;
}

function listMissingLogs(jobs: readonly JobResult[], hasLog: ReportView['hasLog']): number[] {
  return jobs.flatMap((job, index) => (job.status === 'passed' || hasLog(job) ? [] : [index]));
}

function* listCommands(
  jobs: readonly JobResult[],
  reproduce: ReportView['reproduce'],
): Generator<WiredCommand> {
  for (const [index, job] of jobs.entries()) {
    const command = job.status === 'passed' ? null : reproduce(job);
    if (command !== null) yield [index, command];
  }
}
