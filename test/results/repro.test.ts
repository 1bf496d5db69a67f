// Pins what a second try makes of a bucket, for each way in which both tries can end.
import { describe, expect, it } from 'vitest';
import type { Reason } from '../../src/model/reason.js';
import { judgeRepro, labelBuckets, type BucketRepro } from '../../src/results/buckets/repro.js';
import { parseResults } from '../../src/results/read-results.js';
import { formatResultsJson } from '../../src/results/results-json.js';
import { failedWith, makeJobResult, makeResults } from '../support/job-result.js';

const exit = (exitCode: number, ...context: string[]): Reason => ({ kind: 'exit-code', exitCode, context });
const told = (kind: 'lost' | 'launch-error' | 'log-error' | 'resource', message = 'x'): Reason => ({
  kind,
  message,
});
const DEPENDENCY: Reason = {
  kind: 'dependency',
  job: 'build',
  status: 'failed',
  culprit: 'build',
  because: 'x',
};
const STOPPED: Reason = { kind: 'stopped', by: { kind: 'signal', signal: 'SIGINT' } };
const TIMEOUT: Reason = { kind: 'timeout', limitMins: 1 };

describe('a second try that', () => {
  it.each<[string, readonly [Reason, Reason | null], string | null]>([
    ['fails so again', [exit(3, 'ERROR: 17 bad'), exit(3, 'ERROR: 18 bad')], 'deterministic'],
    ['is too slow again', [TIMEOUT, { ...TIMEOUT, limitMins: 2 }], 'deterministic'],
    ['passes', [exit(3), null], 'flaky'],
    ['fails in another way', [exit(3, 'ERROR: bad'), exit(3, 'ERROR: worse')], 'flaky'],
    ['is too slow', [exit(3), TIMEOUT], 'flaky'],
    ['is lost', [exit(3), told('lost')], 'infrastructure'],
    ['never starts', [exit(3), told('launch-error')], 'infrastructure'],
    ['has no log', [exit(3), told('log-error')], 'infrastructure'],
    ['gets no licence', [exit(3), told('resource')], 'infrastructure'],
    ['finds its build broken', [exit(3), DEPENDENCY], 'infrastructure'],
    ['finds no program', [exit(3), exit(127)], 'infrastructure'],
    ['is lost again', [told('lost'), told('lost')], 'infrastructure'],
    ['passes, when the first was lost', [told('lost'), null], 'infrastructure'],
    ['passes, when the first found no program', [exit(126), null], 'infrastructure'],
    ['is stopped', [exit(3), STOPPED], null],
  ])('%s', (_, [first, second], outcome) => {
    expect(judgeRepro(first, second)).toBe(outcome);
  });
});

describe('what came of it', () => {
  const repro: BucketRepro = {
    ...{ outcome: 'flaky', job: 'a', seed: 4, status: 'passed', signature: null, message: null },
    ...{ log_path: '/a.repro/log', waves: '/a.repro/waves.fst' },
  };
  const results = makeResults([
    makeJobResult('a', failedWith('bad')),
    makeJobResult('b', failedWith('worse')),
  ]);
  const labelled = { ...results, buckets: labelBuckets(results.buckets, new Map([['bad', repro]])) };

  it('stands with its bucket, in results.json, and is read back', () => {
    expect(labelled.buckets.map((bucket) => bucket.repro)).toEqual([repro, undefined]);
    const read = parseResults([...formatResultsJson(labelled)].join(''), 'results.json');
    expect(read.notices).toEqual([]);
    expect(read.results.buckets).toEqual(labelled.buckets);
  });

  it('damaged, costs a notice, not the report', () => {
    const text = [...formatResultsJson(labelled)].join('').replace('"flaky"', '"fine"');
    const read = parseResults(text, 'results.json');
    expect(read.notices).toEqual([
      'the record has no list of buckets that can be read: failures were grouped again',
    ]);
    expect(read.results.buckets).toEqual(results.buckets);
  });
});
