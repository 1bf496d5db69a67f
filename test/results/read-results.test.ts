// Holds the reader of results.json to what it promises of whole, torn, strange and broken records.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { UserError } from '../../src/model/problem.js';
import { parseResults, readResults } from '../../src/results/read-results.js';
import { formatResultsJson } from '../../src/results/results-json.js';
import type { Results } from '../../src/results/schema.js';
import { failedWith, makeJobResult, makeResults } from '../support/job-result.js';
import { makeTempDir } from '../support/temp-dir.js';

const format = (results: Results): string => [...formatResultsJson(results)].join('');
const read = (text: string) => parseResults(text, 'results.json');

const MIXED = makeResults([
  makeJobResult('a', { seed: 7, cpu_s: 0.5, max_rss_kib: 1000, leftovers: ['12 sleep'] }),
  makeJobResult('b', failedWith('mismatch 3', { line: 4, context: ['x'] })),
  makeJobResult('c', failedWith('mismatch 4')),
  makeJobResult('d', {
    status: 'killed',
    started_at: null,
    job_runtime_s: null,
    reason: { kind: 'stopped', message: 'stopped by SIGINT' },
  }),
]);

/** The record with its jobs changed, as JSON. */
function withJobs(...jobs: readonly unknown[]): string {
  return JSON.stringify({ ...MIXED, jobs });
}

describe('parseResults', () => {
  test('gives back what was written, and finds nothing wrong', () => {
    expect(read(format(MIXED))).toEqual({ results: MIXED, notices: [] });
  });

  test('takes a record that another tool has laid out', () => {
    expect(read(JSON.stringify(MIXED, null, 2))).toEqual({ results: MIXED, notices: [] });
  });

  test('takes a record of a run that has not ended', () => {
    const going = { ...MIXED, ended_at: null, exit_code: null, makespan_s: null };
    expect(read(format(going))).toEqual({ results: going, notices: [] });
  });

  test('of a record torn anywhere behind its first line gives the jobs before the tear', () => {
    const text = format(MIXED);
    const firstJob = text.indexOf('{"full_name"');
    fc.assert(
      fc.property(fc.integer({ min: firstJob, max: text.length - 4 }), (end) => {
        const { results, notices } = read(text.slice(0, end));
        const whole = text.slice(0, end + 1).split(/,?\n/).length - 3;
        const jobs = MIXED.jobs.slice(0, Math.min(whole, 4));
        expect(results.jobs).toEqual(jobs);
        expect(results.counts).toEqual(MIXED.counts);
        expect(results.run_id).toBe('run-1');
        expect(notices[0]).toBe('results.json ends before its end: what could be read is shown');
        // Whatever the tear left of the list of buckets, each failure that was read is in one.
        expect(results.buckets.flatMap((bucket) => bucket.jobs).sort()).toEqual(
          jobs.filter(({ status }) => status === 'failed').map((job) => job.full_name),
        );
      }),
      { numRuns: 200, seed: 20261124 },
    );
  });

  test('says how many of the counted jobs a torn record holds', () => {
    const text = format(MIXED);
    const { notices } = read(text.slice(0, text.indexOf('{"full_name":"c"')));
    expect(notices).toEqual([
      'results.json ends before its end: what could be read is shown',
      'of 2 failed jobs the record holds 1',
      'of 1 killed jobs the record holds 0',
      'the record has no list of buckets that can be read: failures were grouped again',
    ]);
  });

  test('groups failures again, as the run would have done', () => {
    const jobs = [
      makeJobResult('a', failedWith('mismatch 3')),
      makeJobResult('b', failedWith('mismatch 4')),
      makeJobResult('c', {
        status: 'failed',
        reason: { kind: 'exit-code', message: 'exit code 2', context: ['all is well', 'Error: disk'] },
      }),
      makeJobResult('d', { status: 'killed', reason: { kind: 'timeout', message: 'ran too long' } }),
    ];
    const record = JSON.stringify({ ...makeResults(jobs), buckets: undefined });
    expect(read(record).results.buckets).toEqual([
      { signature: 'mismatch <n>', count: 2, jobs: ['a', 'b'] },
      { signature: 'exit code 2: Error: disk', count: 1, jobs: ['c'] },
      { signature: 'ran longer than its limit', count: 1, jobs: ['d'] },
    ]);
  });

  test('replaces what is missing or wrong in jobs, and names it once', () => {
    const { results, notices } = read(
      withJobs(
        { ...makeJobResult('a'), seed: 'seven', odir: 3 },
        { ...makeJobResult('b'), seed: undefined },
        { full_name: 'bare', status: 'failed' },
        { ...makeJobResult('t'), started_at: 'yesterday' },
      ),
    );
    expect(results.jobs.map((job) => [job.full_name, job.seed, job.odir, job.started_at])).toEqual([
      ['a', null, '', makeJobResult('a').started_at],
      ['b', null, '/scratch/b', makeJobResult('b').started_at],
      ['bare', null, '', null],
      ['t', null, '/scratch/t', null],
    ]);
    expect(results.jobs[2]).toMatchObject({ name: 'bare', qual_name: 'bare', target: 'unknown' });
    expect(notices).toContain('3 jobs with a missing or wrong "seed", shown as unknown; the first is a');
    expect(notices).toContain(
      '2 jobs with a missing or wrong "started_at", shown as unknown; the first is bare',
    );
  });

  test('leaves out what is no job, and says so', () => {
    const { results, notices } = read(
      withJobs(null, 7, ['b'], { status: 'passed' }, makeJobResult('a'), { full_name: 'b' }),
    );
    expect(results.jobs.map((job) => job.full_name)).toEqual(['a']);
    expect(notices).toContain('5 jobs without a name or status, left out; the first is entry 1');
  });

  test('reads another version as far as it is known, and keeps what it does not know', () => {
    const later = {
      ...MIXED,
      schema: 'regatta.results/9',
      jobs: [{ ...makeJobResult('a', failedWith('boom', { kind: 'cosmic-ray' as 'lost' })), colour: 'red' }],
      buckets: undefined,
      counts: { total: 1, passed: 0, failed: 1, killed: 0 },
    };
    const { results, notices } = read(JSON.stringify(later));
    expect(results.jobs[0]).toMatchObject({ colour: 'red', reason: { kind: 'cosmic-ray' } });
    expect(results.buckets).toEqual([{ signature: 'boom', count: 1, jobs: ['a'] }]);
    expect(notices[0]).toBe(
      'the record says it is "regatta.results/9", not "regatta.results/1": what this version knows of it is shown',
    );
  });

  test('counts again where the run does not say its counts', () => {
    const { results, notices } = read(JSON.stringify({ jobs: MIXED.jobs, buckets: [] }));
    expect(results.counts).toEqual(MIXED.counts);
    expect(results).toMatchObject({ run_id: 'unknown', ended_at: null, makespan_s: null, exit_code: null });
    expect(notices).toContain('"counts" of the run is missing or wrong');
    expect(notices).toContain('"run_id" of the run is missing or wrong');
  });

  test.each([
    ['', 'Unexpected end of JSON input'],
    ['[1]', 'it must be an object with a list of jobs'],
    ['{"jobs": 3}', 'it must be an object with a list of jobs'],
    ['\u0000\u0001binary', 'results.json is no results.json'],
    ['<html>', 'results.json is no results.json'],
  ])('refuses %j in words', (text, words) => {
    expect(() => read(text)).toThrow(UserError);
    expect(() => read(text)).toThrow(words);
  });

  test('never fails but in words, whatever the record holds', () => {
    fc.assert(
      fc.property(fc.json(), fc.json(), (value, other) => {
        const { results } = read(
          `{"jobs": [${value}, ${JSON.stringify({ full_name: 'a', status: 'failed', reason: JSON.parse(other) as unknown })}], "buckets": ${other}}`,
        );
        expect(results.jobs.at(-1)?.full_name).toBe('a');
      }),
      { numRuns: 300, seed: 20261124 },
    );
  });
});

describe('readResults', () => {
  test('reads a file', async () => {
    const path = join(makeTempDir(), 'results.json');
    writeFileSync(path, format(MIXED));
    expect(await readResults(path)).toEqual({ results: MIXED, notices: [] });
  });

  test('names the file that cannot be read', async () => {
    const path = join(makeTempDir(), 'results.json');
    await expect(readResults(path)).rejects.toThrow(`cannot read ${path}: ENOENT`);
  });
});
