// Holds what a page carries to results.json: of any run, every job comes out of it as it went in.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodePage } from '../../../src/reports/page-encoder.js';
import {
  logPathOf,
  membersOf,
  readRunData,
  textOf,
  type RunData,
} from '../../../src/reports/page/run-data.js';
import { formatTime } from '../../../src/reports/page/words.js';
import { packTexts, unpackTexts } from '../../../src/reports/shared-texts.js';
import type { Results } from '../../../src/results/schema.js';
import { failedWith, makeJobResult } from '../../support/job-result.js';
import { anyResults, makeView, viewOf } from '../../support/report-view.js';

const carry = (...view: Parameters<typeof encodePage>): RunData =>
  readRunData(JSON.stringify(encodePage(...view)));

/** A job as results.json has it, made of what the page knows of it. */
function rebuildJob(run: RunData, job: number): object {
  const { numbers } = run;
  const time = (afterMs: number | null): string | null =>
    afterMs === null ? null : formatTime(run.startedAt, afterMs);
  return {
    full_name: run.fullName[job],
    name: textOf(run, 'name', job),
    target: textOf(run, 'target', job),
    block: textOf(run, 'block', job),
    tool: textOf(run, 'tool', job),
    backend: textOf(run, 'backend', job),
    seed: numbers.seed(job),
    status: textOf(run, 'status', job),
    attempts: numbers.attempts(job),
    exit_code: numbers.exitCode(job),
    signal: textOf(run, 'signal', job),
    queued_s: numbers.queuedS(job),
    job_runtime_s: numbers.runtimeS(job),
    simulated_time_us: numbers.simulatedUs(job),
    started_at: time(numbers.startedMs(job)),
    ended_at: time(numbers.endedMs(job)),
    odir: run.odir[job],
    log_path: logPathOf(run, job),
    ...(numbers.cpuS(job) !== null && { cpu_s: numbers.cpuS(job) }),
    ...(numbers.maxRssKib(job) !== null && { max_rss_kib: numbers.maxRssKib(job) }),
  };
}

describe('the data of a page', () => {
  test('hold every job and count of any run', () => {
    fc.assert(
      fc.property(anyResults, (results: Results) => {
        const run = carry(viewOf(results), '/r');
        expect(run.counts).toEqual(results.counts);
        expect([run.makespanS, run.exitCode, run.startedAt, run.endedAt]).toEqual([
          results.makespan_s,
          results.exit_code,
          results.started_at,
          results.ended_at,
        ]);
        expect(run.count).toBe(results.jobs.length);
        for (const [index, given] of results.jobs.entries()) {
          const { reason } = given;
          const job = { ...given, qual_name: undefined, job_type: undefined, reason: undefined };
          expect(rebuildJob(run, index)).toEqual(job);
          expect(textOf(run, 'reasonMessage', index)).toBe(reason?.message ?? null);
          expect(textOf(run, 'reasonKind', index)).toBe(reason?.kind ?? null);
          expect(run.numbers.reasonLine(index)).toBe(reason?.line ?? null);
        }
        expect(run.buckets.map(({ signature, count }) => ({ signature, count }))).toEqual(
          results.buckets.map(({ signature, count }) => ({ signature, count })),
        );
        const members = results.buckets.map((_, bucket) =>
          membersOf(run, bucket).map((job) => run.fullName[job]),
        );
        expect(members).toEqual(results.buckets.map(({ jobs }) => jobs));
      }),
      { numRuns: 300, seed: 20261124 },
    );
  });

  test('hold the lines and the command of every failure', () => {
    const run = carry(
      makeView([
        makeJobResult('a'),
        makeJobResult('b', failedWith('x', { line: 3, context: ['y', 'z'] })),
        makeJobResult('c', failedWith('exit code 2', { kind: 'exit-code', context: ['last'] })),
      ]),
      '/r',
    );
    expect([...run.excerpts].sort()).toEqual([
      [1, ['x', 'y', 'z']],
      [2, ['last']],
    ]);
    expect([...run.commands]).toEqual([
      [1, 'again b'],
      [2, 'again c'],
    ]);
  });

  test('of a run too large for a browser hold every failure, and say what is left out', () => {
    const jobs = Array.from({ length: 100_500 }, (_, i) =>
      makeJobResult(`j${i}`, i > 100_400 ? failedWith('x') : {}),
    );
    const run = carry(makeView(jobs), '/r');
    expect(run.count).toBe(100_000);
    expect(run.counts.total).toBe(100_500);
    expect(membersOf(run, 0)).toHaveLength(99);
    expect(run.notices).toEqual(['500 jobs, most of them passed, are counted here but not listed']);
  });
});

test('texts that begin alike are unpacked as they were', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary', maxLength: 9 })), (texts) => {
      expect(unpackTexts(packTexts(texts))).toEqual(texts);
    }),
    { seed: 20261124 },
  );
});
