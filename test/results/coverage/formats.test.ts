// The forms of coverage that tools write: what is read of each, of torn ones, and of files of another form.
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { parseGroupList, parseDashboard } from '../../../src/results/coverage/dashboard.js';
import { parseImcSummary } from '../../../src/results/coverage/imc-summary.js';
import { parseLcov } from '../../../src/results/coverage/lcov.js';
import { parseVerilatorDat } from '../../../src/results/coverage/verilator-dat.js';
import type { ParsedCoverage } from '../../../src/results/coverage/coverage.js';

/** `name covered/total percent` of each metric. */
function show(parsed: ParsedCoverage | null): string[] | undefined {
  return parsed?.metrics.map(
    ({ name, covered, total, percent }) => `${name} ${covered ?? '-'}/${total ?? '-'} ${percent ?? '-'}`,
  );
}

function point(page: string, hits: number, more = ''): string {
  return `C '\x01f\x02a.sv\x01l\x023\x01page\x02v_${page}/m${more}\x01h\x02.top' ${hits}\n`;
}

describe('the database of verilator_coverage', () => {
  const dat = `# SystemC::Coverage-3\n${point('line', 4)}${point('line', 0)}${point('branch', 1)}${point('toggle', 0)}`;

  it('is counted by kind of point', () => {
    expect(show(parseVerilatorDat(dat))).toEqual(['line 1/2 50', 'branch 1/1 100', 'toggle 0/1 0']);
    expect(parseVerilatorDat(dat)?.damage).toBeNull();
  });

  it('a point may want more than one hit', () => {
    const wants = (hits: number): string => `# SystemC::Coverage-3\n${point('user', hits, '\x01s\x0210')}`;
    expect(show(parseVerilatorDat(wants(9)))).toEqual(['property 0/1 0']);
    expect(show(parseVerilatorDat(wants(10)))).toEqual(['property 1/1 100']);
  });

  it('that is torn says so', () => {
    expect(parseVerilatorDat(dat.slice(0, -3))?.damage).toBe('1 damaged lines, the first is line 5');
    expect(parseVerilatorDat(dat.slice(0, -1))?.damage).toBe('the end is torn off');
  });
});

describe('a tracefile of LCOV', () => {
  it('is counted by line, branch and function, records of one file together', () => {
    const info = [
      ...['TN:one', 'SF:/a.sv', 'FN:1,f', 'FNDA:0,f', 'DA:1,5', 'DA:2,0', 'BRDA:2,0,0,-', 'BRDA:2,0,1,3'],
      ...['LF:2', 'LH:1', 'end_of_record', 'SF:/a.sv', 'DA:2,1', 'end_of_record'],
      ...['SF:/b.sv', 'DA:1,0', 'end_of_record', ''],
    ].join('\n');
    expect(show(parseLcov(info))).toEqual(['line 2/3 66.66', 'branch 1/2 50', 'function 0/1 0']);
  });

  it('may hold nothing but sums', () => {
    expect(show(parseLcov('SF:/a\nLF:10\nLH:9\nBRF:4\nBRH:1\nend_of_record\n'))).toEqual([
      'line 9/10 90',
      'branch 1/4 25',
    ]);
  });

  it('that is torn says so', () => {
    expect(parseLcov('SF:/a\nDA:1,1\n')?.damage).toBe('the last record has no end');
  });
});

describe("VCS's dashboard", () => {
  const dashboard = `Dashboard

Date: Tue Nov 24 08:00:00 2026
Number of tests: 12

-------------------------------------------------------------------------------
Total Coverage Summary
SCORE  LINE   COND   TOGGLE FSM    BRANCH ASSERT GROUP
 91.25  98.10  90.00  87.55 --      93.33  95.50  83.02

-------------------------------------------------------------------------------
Hierarchical coverage data for top-level instances
SCORE  LINE   COND   TOGGLE FSM    BRANCH ASSERT NAME
 94.16  98.10  90.00  87.55 --      93.33  95.50 tb
`;

  it('gives percentages; -- is nothing to cover', () => {
    const parsed = parseDashboard(dashboard);
    expect(parsed?.score_percent).toBe(91.25);
    // What the dashboard lists below are instances.
    expect(parsed?.groups).toEqual([]);
    expect(show(parsed)).toEqual([
      'line -/- 98.1',
      'condition -/- 90',
      'toggle -/- 87.55',
      'branch -/- 93.33',
      'assertion -/- 95.5',
      'group -/- 83.02',
    ]);
  });

  test.each([
    ['cut before the figures', /^[^]*?GROUP/, 'the summary is torn'],
    ['cut within them', /^[^]*? 98\.10/, 'the summary has other figures than heads'],
  ])('that is %s says so', (_, kept, damage) => {
    expect(parseDashboard(kept.exec(dashboard)?.[0] ?? '')).toMatchObject({ metrics: [], damage });
  });

  it('has counts too where urg was asked for them', () => {
    const parsed = parseDashboard(`Total Coverage Summary
SCORE          LINE           TOGGLE FSM
 91.25  73/80  98.10 103/105  87.55  --   0/0
`);
    expect(parsed).toMatchObject({ score_percent: 91.25, damage: null });
    expect(show(parsed)).toEqual(['line 103/105 98.1', 'toggle -/- 87.55']);
  });

  it('lists covergroups in groups.txt', () => {
    const groups = `Testbench Group List

Total Groups in report: 2
-------------------------------------------------------------------------------
SCORE  WEIGHT GOAL   AT LEAST AUTO BIN MAX PRINT MISSING COMMENT NAME
 33.33 1      100    1        64           64                    a_env_pkg::a_env_cov::level_cg
100.00 1      100    1        64           64                    a_env_pkg::a_env_cov::op_cg
`;
    expect(parseGroupList(groups)).toEqual([
      { name: 'level_cg', covered: null, total: null, percent: 33.33 },
      { name: 'op_cg', covered: null, total: null, percent: 100 },
    ]);
  });

  it('lists them with their counts where urg gives those', () => {
    const groups = `Testbench Group List

Total Groups Coverage Summary
COVERED EXPECTED SCORE  COVERED EXPECTED INST SCORE WEIGHT
     13       26  50.00       9       12      75.00      1

Total groups in report: 3
-------------------------------------------------------------------------------
COVERED EXPECTED SCORE  INSTANCES WEIGHT GOAL   AT LEAST PER INSTANCE AUTO BIN MAX PRINT MISSING COMMENT NAME
      4       12  33.33  33.33     1      100    1        1            64           64           of levels a_env_pkg::a_env_cov::level_cg
      9        9 100.00            1      100    1        0            64           64                     a_env_pkg::a_env_cov::op_cg
      ?        5   0.00            1      100    1        0            64           64                     a_env_pkg::a_env_cov::odd_cg
`;
    expect(parseGroupList(groups)).toEqual([
      { name: 'level_cg', covered: 4, total: 12, percent: 33.33 },
      { name: 'op_cg', covered: 9, total: 9, percent: 100 },
    ]);
  });
});

describe("imc's summary", () => {
  const rule = '-'.repeat(90);

  it('of instances is added up; what is below a row with figures is part of it', () => {
    const summary = [
      'name                  Overall * Covered   Block * Covered     Toggle * Covered    CoverGroup * Covered',
      rule,
      'env_pkg               50.00% (1/2)        n/a                 n/a                 50.00% (1/2)',
      'tb                    n/a                 n/a                 n/a                 n/a',
      '|--dut                80.00% (8/10)       100.00% (4/4)       66.67% (4/6)        n/a',
      '|  |--u_fifo          75.00% (3/4)        100.00% (2/2)       50.00% (1/2)        n/a',
      '|--u_other            100.00% (1/1)       n/a                 100.00% (1/1)       n/a',
      '',
    ].join('\n');
    const parsed = parseImcSummary(summary);
    expect(show(parsed)).toEqual(['block 4/4 100', 'toggle 5/7 71.42', 'group 1/2 50']);
    expect(parsed).toMatchObject({ score_percent: 76.92, groups: [], damage: null });
  });

  it('may have averages, which cannot be added up, and no total', () => {
    const summary = `name      Code Average   Code Covered     Fsm Average  Fsm Covered\n${rule}\ndut       90.00%         50.00% (5/10)    n/a          n/a\n`;
    const parsed = parseImcSummary(summary);
    expect(show(parsed)).toEqual(['code 5/10 50']);
    expect(parsed?.score_percent).toBe(50);
  });

  it('of types lists covergroups', () => {
    const summary = `name                     CoverGroup * Covered\n${rule}\nenv_pkg::cov::level_cg   97.00% (97/100)\nenv_pkg::cov::helper     1.00% (1/100)\n`;
    expect(parseImcSummary(summary)?.groups).toEqual([
      { name: 'level_cg', covered: 97, total: 100, percent: 97 },
    ]);
  });

  it('with rows that do not fit says so', () => {
    const summary = `name   Block * Covered   Fsm * Covered\n${rule}\ndut    50.00% (1/2)   n/a\nx  1.00% (1/\n`;
    expect(parseImcSummary(summary)).toMatchObject({ damage: '1 rows do not fit their heads' });
  });
});

describe('any text', () => {
  const parsers = [parseVerilatorDat, parseLcov, parseDashboard, parseImcSummary];

  it('is read or refused, never an error, and no percentage is out of range', () => {
    const words = fc.constantFrom(
      ...['# SystemC::Coverage-3', "C '", '\x01page\x02v_line', "' 3", 'SF:a\n', 'DA:1,', 'BRDA:', 'LF:1\n', 'LH:3\n', '-1'],
      ...['total coverage summary', 'SCORE', 'LINE', 'NAME', '--', '101.5', '12.5', '\n', ' ', '   '],
      ...['name Block * Covered\n', 'x 50% (1/2)\n', 'x 50% (3/2)\n', 'n/a', '|--', '\0', 'covergroup bins hit percent'],
    );
    fc.assert(
      fc.property(fc.array(words, { maxLength: 40 }), (parts) => {
        for (const parse of parsers) {
          const parsed = parse(parts.join(''));
          for (const { percent } of [...(parsed?.metrics ?? []), ...(parsed?.groups ?? [])]) {
            expect(percent === null || (percent >= 0 && percent <= 100)).toBe(true);
          }
        }
      }),
      { seed: 20261124, numRuns: 2000 },
    );
  });

  it('of another form is not taken for coverage', () => {
    for (const parse of parsers) {
      expect(parse('')).toBeNull();
      expect(parse('TEST PASSED CHECKS\nnames of nothing\n')).toBeNull();
    }
  });
});
