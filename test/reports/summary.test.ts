// Pins the summary as the user sees it: what it says, that it fits the screen, and that no text of a job can forge it.
import pc from 'picocolors';
import { describe, expect, test } from 'vitest';
import type { SummaryOptions } from '../../src/reports/summary.js';
import { formatSummary } from '../../src/reports/summary.js';
import { failedWith, makeJobResult, makeResults } from '../support/job-result.js';

const plain: SummaryOptions = {
  colors: pc.createColors(false),
  width: 80,
  rows: 24,
  reproduce: (job) => `again ${job.full_name}`,
  hasLog: () => true,
};

describe('formatSummary', () => {
  test('of a run that went well is short', () => {
    const results = makeResults([makeJobResult('a'), makeJobResult('b')]);
    expect(formatSummary(results, { ...plain, reportPath: '/s/report.html' })).toBe(
      '2 jobs in 10s: 2 passed, 0 failed, 0 killed\n/s/report.html\n',
    );
  });

  test('shows targets, buckets with the quickest member, kills, and the makespan beside its bound', () => {
    const jobs = [
      makeJobResult('build', { target: 'build', job_runtime_s: 70 }),
      makeJobResult('t1', { ...failedWith('data mismatch', { line: 7 }), job_runtime_s: 3 }),
      makeJobResult('t2', { ...failedWith('data mismatch', { line: 9 }), job_runtime_s: 2 }),
      makeJobResult('t3', failedWith('bad CRC')),
      makeJobResult('t4', {
        status: 'killed',
        reason: { kind: 'dependency', message: 'dependency x failed' },
      }),
      makeJobResult('t5', { status: 'killed', reason: { kind: 'stopped', message: 'stopped by SIGINT' } }),
    ];
    const bound = {
      ms: 8000,
      terms: [{ kind: 'resource', name: 'VCS', ms: 8000 } as const],
      criticalPath: [],
    };
    const counts = { total: 7, passed: 1, failed: 3, killed: 2 };
    const text = formatSummary(makeResults(jobs, { counts }), {
      ...plain,
      bound,
      reportPath: '/s/report.html',
    });
    expect(text).toBe(
      [
        '7 jobs in 10s: 1 passed, 3 failed, 2 killed, 1 not ended (1 because of a dependency, 1 stopped)',
        '',
        ' target  jobs  passed  failed  killed  longest',
        ' build      1       1       0       0    1m10s',
        ' run        5       0       3       2    3.00s',
        '',
        'Failures of 2 kinds, most frequent first:',
        '    2 x data mismatch',
        '        t2: data mismatch',
        '        log    /scratch/t2/run.log:9',
        '        again  again t2',
        '    1 x bad CRC',
        '        t3: bad CRC',
        '        log    /scratch/t3/run.log',
        '        again  again t3',
        '',
        'makespan 10.0s, 1.25 times the lower bound 8.00s (the work over the units of VC…',
        '/s/report.html',
        '',
      ].join('\n'),
    );
  });

  test.each([12, 24, 50])('fits %i lines, and says what it left out', (rows) => {
    const jobs = Array.from({ length: 200 }, (_, i) =>
      makeJobResult(`job${i}`, failedWith(`cause ${i % 60}`)),
    );
    const text = formatSummary(makeResults(jobs), { ...plain, rows, reportPath: '/s/report.html' });
    const lines = text.trimEnd().split('\n');
    expect(lines.length).toBeLessThanOrEqual(rows);
    expect(lines.at(-1)).toBe('/s/report.html');
    const shown = lines.filter((line) => / x cause/.test(line)).length;
    expect(shown).toBeGreaterThanOrEqual(1);
    expect(text).toContain(`and ${60 - shown} more kinds of failure`);
  });

  test.each([24, 40])('names as many targets as fit %i lines, the bad ones first', (rows) => {
    const jobs = Array.from({ length: 60 }, (_, i) =>
      makeJobResult(`job${i}`, { target: `target${i}`, ...(i >= 58 && failedWith('boom')) }),
    );
    const text = formatSummary(makeResults(jobs), { ...plain, rows, reportPath: '/s/report.html' });
    const lines = text.trimEnd().split('\n');
    expect(lines.length).toBeLessThanOrEqual(rows);
    const named = lines.filter((line) => /^ target\d/.test(line)).length;
    expect(text).toContain(`and ${60 - named} more targets`);
    expect(text).toMatch(/ target58 .*\n target59 /);
    expect(text).toContain('2 x boom');
  });

  test('never cuts a command, and counts the lines it takes', () => {
    const command = `run ${'x'.repeat(700)}`;
    const jobs = ['a', 'b', 'c'].map((name) => makeJobResult(name, failedWith(name)));
    const text = formatSummary(makeResults(jobs), { ...plain, reproduce: () => command });
    expect(text).toContain(command);
    expect(text).toContain('and 2 more kinds of failure, in 2 jobs');
  });

  test('leaves out the command where there is none', () => {
    const text = formatSummary(makeResults([makeJobResult('a', failedWith('x'))]), {
      ...plain,
      reproduce: () => null,
    });
    expect(text).not.toContain('again');
  });

  test('shows control characters of names, messages and paths as escapes', () => {
    const evil = '\u001b[2J\r\n/forged';
    const jobs = [
      makeJobResult(evil, { ...failedWith(evil), target: evil, log_path: evil }),
      makeJobResult('b'),
    ];
    const text = formatSummary(makeResults(jobs), { ...plain, reproduce: () => evil, reportPath: evil });
    expect(text.replaceAll('\n', '')).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
    expect(text.split('\n').some((line) => line.startsWith('/forged'))).toBe(false);
  });

  test('colours only when asked to', () => {
    const results = makeResults([
      makeJobResult('a', failedWith('x')),
      makeJobResult('b', { target: 'build' }),
    ]);
    expect(formatSummary(results, plain)).not.toContain('\u001b');
    expect(formatSummary(results, { ...plain, colors: pc.createColors(true) })).toContain(
      '\u001b[31m1 failed',
    );
  });
});
