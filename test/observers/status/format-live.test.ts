// Tests of the live block's layout, as the user sees it.
import pc from 'picocolors';
import stringWidth from 'string-width';
import { describe, expect, test } from 'vitest';
import { formatLive } from '../../../src/observers/status/format-live.js';
import type { RowSnapshot, StatusCounts, StatusSnapshot } from '../../../src/observers/status/snapshot.js';

const plain = pc.createColors(false);

type Six = readonly [number, number, number, number, number, number];

function counts([scheduled, queued, running, passed, failed, killed]: Six): StatusCounts {
  return { scheduled, queued, running, passed, failed, killed };
}

function row(name: string, six: Six, fields: Partial<RowSnapshot> = {}): RowSnapshot {
  const total = six.reduce((a, b) => a + b, 0);
  return {
    name,
    counts: counts(six),
    total,
    elapsedMs: null,
    etaMs: null,
    etaIsLeast: false,
    running: [],
    ...fields,
  };
}

const busy: StatusSnapshot = {
  targets: [
    row('build', [0, 0, 0, 2, 0, 0], { elapsedMs: 72_000, etaMs: 0 }),
    row('run', [0, 1230, 4, 340, 3, 0], {
      elapsedMs: 100_000,
      etaMs: 750_000,
      running: ['uart_smoke.3', 'uart_溢出测试.17', 'uart_parity.9', 'uart_break.1'],
    }),
    row('cov_merge', [1, 0, 0, 0, 0, 0]),
  ],
  total: row('total', [1, 1230, 4, 342, 3, 0], { elapsedMs: 172_000, etaMs: 750_000, etaIsLeast: true }),
  usage: [
    { name: 'slots', used: 4, limit: 16 },
    { name: 'vcs', used: 3, limit: 12 },
    { name: 'questa', used: 1, limit: null },
  ],
  notices: ['slurm is busy: submit limit reached'],
};

const layout = (columns: number, rows = 24) => ({ columns, rows, colors: plain });

describe('formatLive by width', () => {
  test('20 columns: what must be known', () => {
    expect(formatLive(busy, layout(20))).toEqual([
      'target     R    P  F',
      'build      0    2  0',
      'run        4  340  3',
      'cov_merge  0    0  0',
      'total      4  342  3',
      'slots 4/16  vcs 3/1…',
      'slurm is busy: subm…',
    ]);
  });

  test('40 columns: all counts', () => {
    expect(formatLive(busy, layout(40))).toEqual([
      'target     S     Q  R    P  F  K     T',
      'build      0     0  0    2  0  0     2',
      'run        0  1230  4  340  3  0  1577',
      'cov_merge  1     0  0    0  0  0     1',
      'total      1  1230  4  342  3  0  1580',
      'slots 4/16  vcs 3/12  questa 1',
      'slurm is busy: submit limit reached',
    ]);
  });

  test('80 columns: all columns, a name cut to what is left', () => {
    expect(formatLive(busy, layout(80))).toEqual([
      'target     S     Q  R    P  F  K     T     %  elapsed      ETA  running',
      'build      0     0  0    2  0  0     2  100%    1m12s        -',
      'run        0  1230  4  340  3  0  1577   21%    1m40s   12m30s  uart_smoke.3 +3',
      'cov_merge  1     0  0    0  0  0     1    0%        -        -',
      'total      1  1230  4  342  3  0  1580   21%    2m52s  >12m30s',
      'slots 4/16  vcs 3/12  questa 1',
      'slurm is busy: submit limit reached',
    ]);
  });

  test('97 columns: wide characters count twice', () => {
    const lines = formatLive(busy, layout(97));
    expect(lines[2]).toBe(
      'run        0  1230  4  340  3  0  1577   21%    1m40s   12m30s  uart_smoke.3, uart_溢出测试.17 +2',
    );
    expect(stringWidth(lines[2] ?? '')).toBe(97);
    expect(formatLive(busy, layout(96))[2]).toBe(
      'run        0  1230  4  340  3  0  1577   21%    1m40s   12m30s  uart_smoke.3 +3',
    );
  });

  test('200 columns: every name', () => {
    expect(formatLive(busy, layout(200))[2]).toBe(
      'run        0  1230  4  340  3  0  1577   21%    1m40s   12m30s  uart_smoke.3, uart_溢出测试.17, uart_parity.9, uart_break.1',
    );
  });

  test('cuts a single name that does not fit', () => {
    const name = 'a_rather_long_name_of_a_test.123456';
    const snapshot = {
      ...busy,
      targets: [row('run', [0, 0, 2, 0, 0, 0], { elapsedMs: 0, running: [name, 'b'] })],
    };
    expect(formatLive(snapshot, layout(70))[1]).toBe(
      'run     0  0  2  0  0  0  2  0%       0s    -  a_rather_long_name_… +1',
    );
  });

  test('never draws a line wider than the terminal', () => {
    for (let columns = 1; columns <= 210; columns++) {
      for (const line of formatLive(busy, layout(columns))) {
        expect(stringWidth(line)).toBeLessThanOrEqual(columns);
      }
    }
  });

  test('cuts long names of targets', () => {
    const snapshot = { ...busy, targets: [row('x'.repeat(40), [1, 0, 0, 0, 0, 0])] };
    expect(formatLive(snapshot, layout(80))[1]).toBe(
      `${'x'.repeat(23)}…  1  0  0  0  0  0  1  0%        -    -`,
    );
  });
});

describe('formatLive by height', () => {
  test('leaves out finished targets first, then waiting ones', () => {
    expect(formatLive(busy, layout(40, 7))).toEqual([
      'target  S     Q  R    P  F  K     T    %',
      'run     0  1230  4  340  3  0  1577  21%',
      '2 more targets',
      'total   1  1230  4  342  3  0  1580  21%',
      'slots 4/16  vcs 3/12  questa 1',
      'slurm is busy: submit limit reached',
    ]);
  });

  test('keeps the last lines of all when there is room for nothing else', () => {
    expect(formatLive(busy, layout(80, 2))).toEqual(['slurm is busy: submit limit reached']);
    expect(formatLive(busy, layout(80, 1))).toEqual(['slurm is busy: submit limit reached']);
  });

  test('never draws more lines than there is room for', () => {
    for (let rows = 2; rows <= 12; rows++) {
      expect(formatLive(busy, layout(80, rows)).length).toBeLessThanOrEqual(rows - 1);
    }
  });
});

describe('formatLive at the ends of a run', () => {
  test('without any job', () => {
    const snapshot = {
      targets: [],
      total: row('total', [0, 0, 0, 0, 0, 0], { elapsedMs: 0 }),
      usage: [],
      notices: [],
    };
    expect(formatLive(snapshot, layout(80))).toEqual([
      'target  S  Q  R  P  F  K  T     %  elapsed  ETA',
      'total   0  0  0  0  0  0  0  100%       0s    -',
    ]);
  });

  test('with every job over, one target: no total, no names', () => {
    const only = row('run', [0, 0, 0, 2, 0, 1], { elapsedMs: 61_000, etaMs: 0 });
    expect(formatLive({ targets: [only], total: only, usage: [], notices: [] }, layout(80))).toEqual([
      'target  S  Q  R  P  F  K  T     %  elapsed  ETA',
      'run     0  0  0  2  0  1  3  100%    1m01s    -',
    ]);
  });

  test('99.99 percent is not 100', () => {
    const nearly = row('run', [0, 0, 1, 99_999, 0, 0]);
    expect(formatLive({ ...busy, targets: [nearly] }, layout(60))[1]).toMatch(/ 99%/);
  });
});

test('colours counts that matter, and only when they are not zero', () => {
  const only = row('run', [0, 0, 0, 2, 1, 0]);
  const snapshot = { targets: [only], total: only, usage: [], notices: [] };
  expect(formatLive(snapshot, { columns: 80, rows: 24, colors: pc.createColors(true) })).toEqual([
    '\u001b[2mtarget  S  Q  R  P  F  K  T     %  elapsed  ETA\u001b[22m',
    'run     0  0  0  \u001b[32m2\u001b[39m  \u001b[31m1\u001b[39m  0  3  100%        -    -',
  ]);
});
