// What a flow run came to, in a line each: short whatever its size.
import { describe, expect, it } from 'vitest';
import { wordFlow } from '../../src/reports/flow-lines.js';
import { mapTestplans, type BlockCoverage, type OneShotResult } from '../../src/results/index.js';
import { makeBlockRecord, makeFlowRecord } from '../support/flow-record.js';
import { makeJobResult } from '../support/job-result.js';

const NOTHING = { testplans: [], coverage: [], oneShot: [] };

function makeCoverage(block: string, percent: number): BlockCoverage {
  return {
    block,
    tool: 'vcs',
    runs: { total: 1, counted: 1 },
    score_percent: null,
    metrics: [{ name: 'line', covered: null, total: null, percent }],
    groups: [],
    sources: [],
    report_page: null,
    notices: [],
  };
}

it('of nothing is nothing', () => {
  expect(wordFlow(NOTHING)).toEqual([]);
});

it('testplans of all blocks are added up by stage', () => {
  const point = (stage: string, test: string): object => ({
    name: test,
    desc: '',
    stage,
    tests: [test],
    is_mapped: true,
  });
  const blocks = ['a', 'b'].map((title) =>
    makeBlockRecord(title, {
      testplan: {
        file: '/plan',
        testpoints: [
          point('V1', 'good'),
          point('V2', 'bad'),
          point('V2', 'good'),
          point('N.A.', 'bad'),
        ] as never,
        covergroups: [],
      },
    }),
  );
  const jobs = ['a', 'b'].flatMap((block) => [
    makeJobResult(`${block}:good`, { block, name: 'good' }),
    makeJobResult(`${block}:bad`, { block, name: 'bad', status: 'failed' }),
  ]);
  expect(wordFlow({ ...NOTHING, testplans: mapTestplans(makeFlowRecord(blocks), { jobs }) })).toEqual([
    'testplan 4 of 8 testpoints pass: V1 2/2, V2 2/4, N.A. 0/2',
  ]);
});

describe('coverage', () => {
  it('of few blocks is told of each', () => {
    const coverage = [
      makeCoverage('a', 90.5),
      { ...makeCoverage('b', 0), metrics: [], notices: ['it is gone'] },
    ];
    expect(wordFlow({ ...NOTHING, coverage })).toEqual([
      'coverage a: line 90.50 %',
      'coverage b: it is gone',
    ]);
  });

  it('fits in a narrow terminal, whatever the counts', () => {
    const block = makeCoverage('fifo', 92.85);
    const metrics = ['line', 'branch', 'toggle', 'group'].flatMap((name) =>
      block.metrics.map((metric) => ({ ...metric, name, covered: 12_345, total: 13_295 })),
    );
    expect(wordFlow({ ...NOTHING, coverage: [{ ...block, metrics }] })).toEqual([
      'coverage fifo: line 92.85 %, branch 92.85 %, toggle 92.85 %, group 92.85 %',
    ]);
  });

  it('of many blocks is the lowest of each metric', () => {
    const coverage = [makeCoverage('a', 90.5), makeCoverage('b', 12), makeCoverage('c', 100)];
    expect(wordFlow({ ...NOTHING, coverage })).toEqual(['coverage lowest of 3 blocks: line 12.00 % (b)']);
  });
});

it('messages are added up over the jobs', () => {
  const counts = { error: 1, warning: 2, review: 0, info: 3, waived: 4 };
  const oneShot = [{ counts }, { counts }] as unknown as OneShotResult[];
  expect(wordFlow({ ...NOTHING, oneShot })).toEqual([
    'messages 2 errors, 4 warnings, 0 reviews, 6 infos, 8 waived',
  ]);
});

it('says of how many jobs the messages are not known', () => {
  const counts = { error: 0, warning: 0, review: 0, info: 0, waived: 0 };
  const oneShot = [
    { counts, results_file: '/a/results.hjson' },
    { counts, results_file: null },
  ] as unknown as OneShotResult[];
  expect(wordFlow({ ...NOTHING, oneShot })).toEqual([
    'messages 0 errors, 0 warnings, 0 reviews, 0 infos, 0 waived; 1 of 2 jobs left none that could be read',
  ]);
});
