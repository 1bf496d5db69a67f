// Pins results.json: its fields and their order, valid at any moment of a run, whatever names and messages hold.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JobSpec } from '../../src/model/job-spec.js';
import type { EndFacts } from '../../src/model/outcome.js';
import { NO_FACTS } from '../../src/model/outcome.js';
import type { Reason } from '../../src/model/reason.js';
import type { RunEvent } from '../../src/model/run-event.js';
import type { JobStatus } from '../../src/model/status.js';
import { Collector } from '../../src/results/collector.js';
import { formatResultsJson } from '../../src/results/results-json.js';
import type { Results } from '../../src/results/schema.js';
import { makeSpec } from '../support/job-spec.js';

const START = Date.UTC(2026, 10, 24, 8, 0, 0);

function startRun(jobs: readonly JobSpec[]): Collector {
  const collector = new Collector();
  const backends = jobs.map(() => 'local');
  const limits = { run: 2, backends: {}, resources: {} };
  collector.notify({ kind: 'run-started', atMs: START, runId: 'r1', jobs, backends, limits });
  return collector;
}

interface Change {
  readonly attempts?: number;
  readonly reason?: Reason;
  readonly facts?: EndFacts;
}

/** `path`: the statuses in order, each with its time in ms after the start. */
function change(job: number, path: readonly [JobStatus, number][], end: Change = {}): RunEvent[] {
  let from: JobStatus = 'scheduled';
  return path.map(([to, ms], index) => {
    const last = index === path.length - 1;
    const reason = (last ? end.reason : undefined) ?? null;
    const facts = (last ? end.facts : undefined) ?? null;
    const event = {
      kind: 'job-changed',
      atMs: START + ms,
      job,
      from,
      to,
      attempts: end.attempts ?? 1,
      reason,
      facts,
    } as const;
    from = to;
    return event;
  });
}

function parse(collector: Collector, exitCode: number | null): Results {
  return JSON.parse([...formatResultsJson(collector.build(exitCode))].join('')) as Results;
}

describe('results.json', () => {
  test('has the fields of the contract, in order', () => {
    const collector = startRun([
      makeSpec('uart:run.1', {
        name: 'run',
        qualName: '0.run.1',
        jobType: 'RunTest',
        block: { name: 'uart', variant: 'fast' },
        tool: { name: 'vcs', version: '1' },
        seed: 1,
        odir: '/s/run',
        logPath: '/s/run/run.log',
      }),
    ]);
    const reason: Reason = { kind: 'fail-pattern', pattern: '^E', text: 'E 5', line: 7, context: ['after'] };
    const facts = {
      exitCode: 0,
      signal: null,
      usage: { cpuMs: 1500, maxRssKib: 9 },
      simulatedTimeUs: 2.5,
      leftovers: ['7 x'],
    };
    change(
      0,
      [
        ['queued', 10],
        ['running', 250],
        ['failed', 1250],
      ],
      { attempts: 2, reason, facts },
    ).forEach((event) => {
      collector.notify(event);
    });
    collector.notify({ kind: 'run-ended', atMs: START + 2000, stop: null });
    const text = [...formatResultsJson(collector.build(1))].join('');
    expect(JSON.stringify(JSON.parse(text), null, 1)).toBe(
      JSON.stringify(
        {
          schema: 'regatta.results/1',
          run_id: 'r1',
          started_at: '2026-11-24T08:00:00.000Z',
          ended_at: '2026-11-24T08:00:02.000Z',
          exit_code: 1,
          makespan_s: 2,
          counts: { total: 1, passed: 0, failed: 1, killed: 0 },
          jobs: [
            {
              full_name: 'uart:run.1',
              name: 'run',
              qual_name: '0.run.1',
              target: 'run',
              job_type: 'RunTest',
              block: 'uart/fast',
              tool: 'vcs',
              backend: 'local',
              seed: 1,
              status: 'failed',
              reason: { kind: 'fail-pattern', message: 'E 5', pattern: '^E', line: 7, context: ['after'] },
              attempts: 2,
              exit_code: 0,
              signal: null,
              queued_s: 0.24,
              job_runtime_s: 1,
              simulated_time_us: 2.5,
              started_at: '2026-11-24T08:00:00.250Z',
              ended_at: '2026-11-24T08:00:01.250Z',
              odir: '/s/run',
              log_path: '/s/run/run.log',
              cpu_s: 1.5,
              max_rss_kib: 9,
              leftovers: ['7 x'],
            },
          ],
          buckets: [{ signature: 'E <n>', count: 1, jobs: ['uart:run.1'] }],
        },
        null,
        1,
      ),
    );
  });

  test('knows of a job that never started only when and why it ended', () => {
    const collector = startRun([makeSpec('a'), makeSpec('b')]);
    const reason: Reason = {
      kind: 'dependency',
      job: 'a',
      status: 'failed',
      culprit: 'a',
      because: 'exit code 1',
    };
    change(1, [['killed', 500]], { attempts: 0, reason }).forEach((event) => {
      collector.notify(event);
    });
    const { jobs, buckets } = parse(collector, null);
    expect(jobs).toHaveLength(1);
    expect(jobs[0]).toMatchObject({
      full_name: 'b',
      status: 'killed',
      reason: {
        kind: 'dependency',
        message: 'dependency a failed: exit code 1',
        job: 'a',
        status: 'failed',
        culprit: 'a',
        because: 'exit code 1',
      },
      attempts: 0,
      queued_s: null,
      job_runtime_s: null,
      started_at: null,
      ended_at: '2026-11-24T08:00:00.500Z',
    });
    expect(buckets).toEqual([]);
  });

  test('is valid while the run goes on, and then has no end', () => {
    const collector = startRun([makeSpec('a'), makeSpec('b')]);
    change(
      0,
      [
        ['queued', 0],
        ['running', 1],
        ['passed', 2],
      ],
      { facts: NO_FACTS },
    ).forEach((event) => {
      collector.notify(event);
      expect(parse(collector, null)).toMatchObject({ ended_at: null, exit_code: null, makespan_s: null });
    });
    expect(parse(collector, null)).toMatchObject({ counts: { total: 2, passed: 1, failed: 0, killed: 0 } });
    expect(parse(collector, null).jobs.map((job) => job.full_name)).toEqual(['a']);
  });

  test('counts the wait of a job from its first queueing, over lost attempts, and its run time from its last start', () => {
    const collector = startRun([makeSpec('a')]);
    const path: [JobStatus, number][] = [
      ['queued', 0],
      ['running', 100],
      ['queued', 300],
      ['running', 1000],
      ['passed', 1500],
    ];
    change(0, path, { attempts: 2, facts: NO_FACTS }).forEach((event) => {
      collector.notify(event);
    });
    expect(parse(collector, 0).jobs[0]).toMatchObject({ attempts: 2, queued_s: 1, job_runtime_s: 0.5 });
  });

  test('its durations are those between its times, to the millisecond', () => {
    const timeMs = fc.integer({ min: 0, max: 40_000 }).map((tenths) => tenths / 10);
    fc.assert(
      fc.property(fc.tuple(timeMs, timeMs, timeMs), (unordered) => {
        const [queued, started, ended] = unordered.toSorted((a, b) => a - b) as [number, number, number];
        const collector = startRun([makeSpec('a')]);
        const path: [JobStatus, number][] = [
          ['queued', queued],
          ['running', started],
          ['passed', ended],
        ];
        change(0, path, { facts: NO_FACTS }).forEach((event) => {
          collector.notify(event);
        });
        const [job] = parse(collector, 0).jobs;
        const ranMs = Date.parse(job?.ended_at ?? '') - Date.parse(job?.started_at ?? '');
        expect(job?.job_runtime_s).toBe(ranMs / 1000);
      }),
      { numRuns: 300, seed: 20261130 },
    );
  });

  test('parses for any names and messages', () => {
    const text = fc.string({ unit: 'binary', maxLength: 12 });
    fc.assert(
      fc.property(fc.array(fc.tuple(text, text), { maxLength: 5 }), (pairs) => {
        const collector = startRun(pairs.map(([name]) => makeSpec(name)));
        pairs.forEach(([, message], job) => {
          change(job, [['failed', 1]], { reason: { kind: 'lost', message } }).forEach((event) => {
            collector.notify(event);
          });
        });
        const { jobs } = parse(collector, 1);
        expect(jobs.map((job) => [job.full_name, job.reason?.message])).toEqual(pairs);
      }),
      { numRuns: 300, seed: 20261124 },
    );
  });
});
