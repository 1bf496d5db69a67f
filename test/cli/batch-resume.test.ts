// `regatta resume` of a run on a batch engine (fake commands of LSF): what ended while nobody looked has the times of its own record.
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { openSealedLine, sealLine } from '../../src/util/sealed-line.js';
import { eventually } from '../support/eventually.js';
import { fromRepoRoot } from '../support/repo-root.js';
import { InterruptedRun, killHard } from './interrupted-run.js';

const realPath = process.env.PATH ?? '';

afterEach(() => {
  process.env.PATH = realPath;
  delete process.env.FAKE_CLUSTER;
});

interface TimedJob {
  readonly full_name: string;
  readonly status: string;
  readonly started_at: string;
  readonly ended_at: string;
  readonly job_runtime_s: number;
  readonly cpu_s: number;
}

/** Clocks of files tick coarsely. */
const TICK_MS = 50;

interface RunLine {
  readonly do: 'run';
  /** Job, times accepted, job, times accepted, ... */
  readonly jobs: readonly number[];
}

/** The line of a journal, if it says that jobs run. */
function readRunLine(line: string): RunLine | null {
  return line.includes('"do":"run"') ? (openSealedLine(line) as RunLine) : null;
}

function startsOn(line: string): number[] {
  return readRunLine(line)?.jobs.filter((_, at) => at % 2 === 0) ?? [];
}

/** The line without the start of job 1; none when nothing is left of it. */
function withoutSecond(line: string): string[] {
  const record = readRunLine(line);
  if (record === null) return [line];
  const jobs = record.jobs.filter((_, at) => record.jobs[at - (at % 2)] !== 1);
  return jobs.length === 0 ? [] : [sealLine({ ...record, jobs }).trimEnd()];
}

it('ends that were recorded meanwhile keep their times, starts that were not on record too', async () => {
  const run = new InterruptedRun();
  process.env.FAKE_CLUSTER = join(run.dir, 'cluster');
  process.env.PATH = fromRepoRoot('test/backends/batch/fakes/lsf') + delimiter + realPath;
  mkdirSync(process.env.FAKE_CLUSTER);
  const jobs = [
    { full_name: 'known', cmd: run.waiting('known') },
    { full_name: 'unknown', cmd: run.waiting('unknown') },
  ];
  const started = run.start(jobs, '--backend', 'lsf');
  const starts = (): number[] => run.readJournal().split('\n').flatMap(startsOn);
  await eventually('both to run', () => [0, 1].every((job) => starts().includes(job)));
  await killHard(started);
  // As if the process had died before it wrote down that the second job runs.
  const cut = run.readJournal().split('\n').flatMap(withoutSecond);
  writeFileSync(join(run.runDir, 'journal.jsonl'), cut.join('\n'));
  expect(starts()).toEqual([0]);

  run.open();
  const spool = join(run.runDir, 'batch/lsf/spool');
  const list = (): string[] => readdirSync(spool).filter((name) => name.endsWith('.end'));
  await eventually('both to end', () => list().length === 2);
  const recordedMs = list().map((name) => statSync(join(spool, name)).mtimeMs);
  expect((await run.regatta('resume', '--status', 'none')).code).toBe(0);

  const path = join(run.runDir, 'results.json');
  expect(existsSync(path)).toBe(true);
  const { jobs: ended } = JSON.parse(readFileSync(path, 'utf8')) as { readonly jobs: readonly TimedJob[] };
  expect(ended.map(({ full_name: name, status }) => `${name} ${status}`)).toEqual([
    'known passed',
    'unknown passed',
  ]);
  for (const { full_name: name, ...job } of ended) {
    const endMs = Date.parse(job.ended_at);
    expect(Math.min(...recordedMs.map((ms) => Math.abs(ms - endMs))), `end of ${name}`).toBeLessThan(TICK_MS);
    expect(job.job_runtime_s, `run time of ${name}`).toBeGreaterThan(0);
    expect(endMs - Date.parse(job.started_at)).toBe(Math.round(job.job_runtime_s * 1000));
    expect(run.startsOf(name)).toBe(1);
  }
});
